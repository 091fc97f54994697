from __future__ import annotations

import io
import threading
import warnings
import zipfile

import numpy as np
import pytest

from tensorboard_plugin_cnnviz import CNNVizError, Probe, Response, SummaryWriter
from tensorboard_plugin_cnnviz.bundle import FILE_NAME
from tensorboard_plugin_cnnviz.codes import dequantise
from tensorboard_plugin_cnnviz.encode import encode
from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tensorboard_plugin_cnnviz.events import read_recorded
from tensorboard_plugin_cnnviz.layers import LayerSpec, QuantisedResponse

from .runs import RANDOM, WINDOWS, bundles, load, manifest, probe, read_records, response


def test_arrays_come_back_in_stored_order_within_half_a_code(tmp_path):
    given = response(predictions=RANDOM.random((WINDOWS, 2)))
    with SummaryWriter(tmp_path, [probe()], class_names=["x", "y"]) as writer:
        writer.write(step=5, responses=[given], logs={"loss": 0.5})
    ((step, record),) = read_records(tmp_path)
    assert (step, record.epoch, record.batch, record.logs) == (5, 5, None, {"loss": 0.5})
    path = tmp_path / "plugins" / "cnnviz" / record.bundle.file
    assert path.stat().st_size == record.bundle.bytes
    content = manifest(path)
    ranges = load(path, "ranges.npy")
    for index, (name, axes) in enumerate([("conv", (3, 0, 2, 1)), ("line", (2, 0, 1))]):
        layer = content["layout"]["layers"][index]
        assert layer["name"] == name
        members = content["responses"][0]["layers"][index]["windows"]
        codes = np.concatenate([load(path, member["name"]) for member in members])
        own = ranges[0, layer["first_filter"] : layer["first_filter"] + layer["filters"]]
        expected = given.activations[name].transpose(axes).reshape(codes.shape)
        half = (own[:, 1] - own[:, 0]).max() / 504
        np.testing.assert_allclose(dequantise(codes, own, filter_axis=0), expected, atol=half * 1.001)
    dense = load(path, content["responses"][0]["layers"][2]["windows"][0]["name"])
    np.testing.assert_array_equal(dense[:, :, 0, 0], given.activations["dense"].T)
    np.testing.assert_array_equal(load(path, "predictions.npy"), given.predictions.astype(np.float32))


def test_the_record_names_offsets_at_which_the_plain_arrays_stand(tmp_path):
    with SummaryWriter(tmp_path, [probe()]) as writer:
        writer.write(step=0, responses=[response(predictions=np.eye(WINDOWS, 3))])
    ((_, record),) = read_records(tmp_path)
    path = tmp_path / "plugins" / "cnnviz" / record.bundle.file
    data = path.read_bytes()
    for name in ("statistics", "predictions", "ranges"):
        offset, size = getattr(record.bundle.arrays, name)
        np.testing.assert_array_equal(np.load(io.BytesIO(data[offset : offset + size])), load(path, f"{name}.npy"))
    assert manifest(path)["layout"]["classes"] == ["0", "1", "2"]
    statistics = load(path, "statistics.npy")
    assert statistics.shape == (1, 40 + 3 + 5, 6)


def test_given_arrays_may_be_changed_after_write(tmp_path):
    given = response(predictions=np.zeros((WINDOWS, 2)))
    with SummaryWriter(tmp_path, [probe()]) as writer:
        expected = given.activations["dense"].copy()
        writer.write(step=0, responses=[given])
        for array in (*given.activations.values(), given.predictions):
            array[...] = 99
    (path,) = bundles(tmp_path)[:1]
    np.testing.assert_array_equal(load(path, "p0/l2/windows.0.npy.gz")[:, :, 0, 0], expected.T)
    assert not load(path, "predictions.npy").any()


def test_given_kernels_come_back_by_their_axes(tmp_path):
    kernels = {"conv": RANDOM.normal(size=(40, 2, 5, 3)), "line": RANDOM.normal(size=(3, 1, 4))}
    with SummaryWriter(tmp_path, [probe()], layer_axes={"conv": ("time", "frequency", "filter")}) as writer:
        writer.write(step=0, responses=[response()], kernels=kernels)
        writer.write(step=1, responses=[response()], kernels={"conv": np.zeros((40, 4, 3, 3))})
        writer.write(step=2, responses=[response()])
    first, second, third, _ = bundles(tmp_path)
    named = manifest(first)["kernels"]
    assert [(index, member["name"]) for index, member in named.items()] == [
        ("0", "l0/kernel.npy.gz"),
        ("1", "l1/kernel.npy.gz"),
    ]
    np.testing.assert_array_equal(load(first, "l0/kernel.npy.gz"), np.float32(kernels["conv"].transpose(0, 1, 3, 2)))
    np.testing.assert_array_equal(load(first, "l1/kernel.npy.gz"), np.float32(kernels["line"][:, :, np.newaxis]))
    assert manifest(second)["kernels"] == manifest(third)["kernels"] == {}


@pytest.mark.parametrize(
    ("kernels", "message"),
    [
        ({"cnv": np.zeros((40, 1, 3, 3))}, "kernels names layer 'cnv', which no response holds; did you mean 'conv'"),
        ({"conv": np.zeros((3, 3, 1, 40))}, r"'conv' has shape \(3, 3, 1, 40\); expected \[40 filters, channels, freq"),
        ({"line": np.zeros((3, 1, 3, 3))}, r"expected \[3 filters, channels, time\]"),
        ({"dense": np.zeros((5, 1))}, "expected none: it has no map"),
    ],
)
def test_kernels_that_do_not_fit_are_refused(tmp_path, kernels, message):
    with SummaryWriter(tmp_path, [probe()]) as writer, pytest.raises(CNNVizError, match=message):
        writer.write(step=0, responses=[response()], kernels=kernels)


@pytest.mark.parametrize(
    ("detail", "members"),
    [
        ("windows", {"windows", "strip", "envelope"}),
        ("strip", {"strip", "envelope"}),
        ("summary", {"envelope"}),
    ],
)
def test_detail_decides_what_is_kept(tmp_path, detail, members):
    with SummaryWriter(tmp_path, [probe(detail=detail)]) as writer:
        writer.write(step=0, responses=[response()])
    arrays = manifest(bundles(tmp_path)[0])["responses"][0]
    assert arrays["kept"] == detail
    assert {name for name, member in arrays["layers"][0].items() if member} == members
    # One number per window is kept always: it is its own envelope.
    assert {name for name, member in arrays["layers"][2].items() if member} == {"windows"}


def test_only_some_probes_may_respond(tmp_path):
    with SummaryWriter(tmp_path, [probe("a"), probe("b")]) as writer:
        writer.write(step=0, responses=[response("b", predictions=np.ones((WINDOWS, 2)))])
    path = bundles(tmp_path)[0]
    assert [entry is None for entry in manifest(path)["responses"]] == [True, False]
    predictions, statistics = load(path, "predictions.npy"), load(path, "statistics.npy")
    assert np.isnan(predictions[:WINDOWS]).all()
    assert (predictions[WINDOWS:] == 1).all()
    assert np.isnan(statistics[0]).all()
    assert np.isfinite(statistics[1]).all()


def test_clips_of_different_windows_have_maps_of_their_own(tmp_path):
    long = Probe("long", np.zeros((1, 20, 6, 1), np.float32), np.array([[0.0, 2.0]]))
    short = Probe("short", np.zeros((1, 10, 6, 1), np.float32), np.array([[0.0, 1.0]]))
    maps = {name: {"conv": RANDOM.normal(size=(1, 6, n, 2))} for name, n in (("long", 20), ("short", 10))}
    with SummaryWriter(tmp_path, [long, short]) as writer:
        writer.write(step=0, responses=[Response(name, maps[name]) for name in maps])
    path = bundles(tmp_path)[0]
    layout = manifest(path)["layout"]
    assert layout["layers"][0]["shape"] == [6, 20]
    assert layout["probes"][0]["maps"] == {}
    assert layout["probes"][1]["maps"]["0"]["shape"] == [6, 10]
    assert load(path, "p0/l0/strip.npy.gz").shape == (2, 6, 20)
    assert load(path, "p1/l0/strip.npy.gz").shape == (2, 6, 10)


def test_large_maps_are_pooled_but_strips_are_not(tmp_path):
    with SummaryWriter(tmp_path, [probe()], max_map_size=4) as writer:
        writer.write(step=0, responses=[response()])
    path = bundles(tmp_path)[0]
    layer = manifest(path)["layout"]["layers"][0]
    assert (layer["shape"], layer["map_shape"]) == ([6, 10], [3, 4])
    assert load(path, "p0/l0/windows.0.npy.gz").shape == (32, WINDOWS, 4, 3)
    assert load(path, "p0/l0/strip.npy.gz").shape[1] == 6


def test_columns_of_unknown_place_make_no_strip(tmp_path):
    values = RANDOM.normal(size=(WINDOWS, 10, 3)).astype(np.float32)
    specs = [LayerSpec("unknown", "Reshape", ("time", "filter")), LayerSpec("row", "Reshape", ("frequency", "filter"))]
    layers = [encode(values, spec) for spec in specs]
    with SummaryWriter(tmp_path, [probe()]) as writer:
        writer.write_quantised(0, [QuantisedResponse("a", specs, layers, None, (0, WINDOWS))])
    path = bundles(tmp_path)[0]
    unknown, row = manifest(path)["responses"][0]["layers"]
    assert unknown["strip"] is None
    assert load(path, unknown["windows"][0]["name"]).shape == (3, WINDOWS, 10, 1)
    assert load(path, row["strip"]["name"]).shape[:2] == (3, 10)


def test_given_centres_place_the_columns(tmp_path):
    centres = {"line": np.linspace(0.05, 0.95, 10)}
    with SummaryWriter(tmp_path, [probe()], centres=centres, layer_axes={"conv": ("frequency", "time", "filter")}) as w:
        w.write(step=0, responses=[response()])
    layers = manifest(bundles(tmp_path)[0])["layout"]["layers"]
    np.testing.assert_allclose(layers[1]["time"]["centres"], np.arange(10), atol=1e-9)


def test_layer_axes_reorder(tmp_path):
    array = RANDOM.normal(size=(WINDOWS, 3, 10)).astype(np.float32)
    with SummaryWriter(tmp_path, [probe()], layer_axes={"conv": ("filter", "time")}) as writer:
        writer.write(step=0, responses=[Response("a", {"conv": array})])
    path = bundles(tmp_path)[0]
    codes = load(path, "p0/l0/windows.0.npy.gz")
    ranges = load(path, "ranges.npy")[0]
    expected = array.transpose(1, 0, 2)[..., None]
    np.testing.assert_allclose(dequantise(codes, ranges, filter_axis=0), expected, atol=np.ptp(array) / 500)


NAMES = ["a/b", "c d", "ñ 音", "\"quoted'", "<script>alert(1)</script>", "..", "../../etc", "a\nb"]


def test_any_name_is_kept_and_none_becomes_a_path(tmp_path):
    directory = tmp_path / "run"
    with SummaryWriter(directory, [probe(name) for name in NAMES], class_names=["<b>", "é"]) as writer:
        activations = {name: np.zeros((WINDOWS, 2, 3, 1)) for name in NAMES}
        writer.write(step=0, responses=[Response(n, activations, np.zeros((WINDOWS, 2))) for n in NAMES])
    layout = manifest(bundles(directory)[0])["layout"]
    assert [entry["name"] for entry in layout["probes"]] == NAMES
    assert [entry["name"] for entry in layout["layers"]] == NAMES
    assert all(FILE_NAME.match(path.name) for path in bundles(directory))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


@pytest.mark.parametrize(
    ("options", "responses", "message"),
    [
        ({}, [], "at least one response"),
        ({}, [response("violine")], r"no probe 'violine'; did you mean 'violin'\?"),
        ({}, [response("violin"), response("violin")], "two responses"),
        ({}, [Response("violin", {"conv": np.zeros((3, 6, 10, 2))})], r"shape \(3, 6, 10, 2\).*with 4 windows"),
        (
            {},
            [Response("violin", {"conv": np.zeros((4, 1, 2, 3, 4))})],
            r"expected \[windows, frequency, time, filters\]",
        ),
        (
            {"layer_axes": {"konv": ("filter",)}},
            [response("violin")],
            r"layer_axes names layer 'konv'.*did you mean 'conv'",
        ),
        ({"layer_axes": {"conv": ("filter", "time")}}, [response("violin")], r"expected \[windows, filter, time\]"),
        ({"layer_axes": {"dense": ("time",)}}, [response("violin")], "name 'filter'"),
        ({"centres": {"line": [1, 2]}}, [response("violin")], "2 seconds for 10 columns"),
        ({"class_names": ["x"]}, [response("violin", predictions=np.zeros((4, 2)))], r"shape \(4, 2\).*1 class names"),
        ({}, [response("violin"), Response("b", {"conv": np.zeros((4, 6, 10, 40))})], "lacks layer 'line'"),
        ({}, [Response("violin", {3: np.zeros((4, 2))})], "layer is named 3"),
        ({}, [response("violin", predictions=0.5)], r"shape \(\)"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_written(tmp_path, options, responses, message):
    with (
        SummaryWriter(tmp_path, [probe("violin"), probe("b")], **options) as writer,
        pytest.raises(CNNVizError, match=message),
    ):
        writer.write(step=0, responses=responses)
    assert read_records(tmp_path) == []


def test_different_numbers_of_filters_are_told(tmp_path):
    with SummaryWriter(tmp_path, [probe("a"), probe("b")]) as writer:
        one, two = (Response(n, {"conv": np.zeros((WINDOWS, 6, 10, k))}) for n, k in (("a", 3), ("b", 4)))
        with pytest.raises(CNNVizError, match="4 filters for probe 'b' and 3 for 'a'"):
            writer.write(step=0, responses=[one, two])


@pytest.mark.parametrize(
    ("probes", "options", "message"),
    [
        ([], {}, "at least one Probe"),
        ([probe("a"), probe("a")], {}, "two probes are named 'a'"),
        ([probe()], {"class_names": "abc"}, "class_names='abc'"),
        ([probe()], {"class_names": [1, 2]}, "list of texts"),
        ([probe()], {"class_names": ["x", "y", "x"]}, "class_names has 'x' more than once"),
        ([probe()], {"max_disk": "much"}, "max_disk='much'"),
        ([probe()], {"max_map_size": 0}, "max_map_size=0"),
        ([probe()], {"keep": 0}, "keep=0"),
    ],
)
def test_constructor_tells_mistakes(tmp_path, probes, options, message):
    with pytest.raises(CNNVizError, match=message):
        SummaryWriter(tmp_path / "run", probes, **options)
    assert not (tmp_path / "run").exists()


def warnings_of(probes, directory, **options):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        SummaryWriter(directory, probes, **options).close()
    assert all(each.category is CNNVizWarning and each.filename == __file__ for each in told)
    return [str(each.message) for each in told]


def test_labels_that_are_no_class_are_told_in_one_warning(tmp_path):
    probes = [probe("a", label="tone"), probe("b", label=["tnoe", "burst"]), probe("c"), probe("d", label="x")]
    (told,) = warnings_of(probes, tmp_path, class_names=["tone", "burst"])
    assert told.splitlines() == [
        "label 'tnoe' of probe 'b' is not in class_names, so no prediction can match it; did you mean 'tone'?",
        "label 'x' of probe 'd' is not in class_names, so no prediction can match it; known: 'tone', 'burst'",
    ]
    many = [probe(str(i), label=f"other {i}") for i in range(30)]
    (told,) = warnings_of(many, tmp_path, class_names=["tone", "burst"])
    assert (len(told.splitlines()), told.splitlines()[-1]) == (6, "and 25 more")


def test_labels_that_are_classes_or_compared_with_none_are_not_warned_of(tmp_path):
    assert warnings_of([probe(label="tone"), probe("b")], tmp_path, class_names=["tone", "burst"]) == []
    assert warnings_of([probe(label="tnoe")], tmp_path) == []


@pytest.mark.parametrize("step", [1.5, "1", True, 10**12, None])
def test_a_bad_step_is_told(tmp_path, step):
    with SummaryWriter(tmp_path, [probe()]) as writer, pytest.raises(CNNVizError, match="step="):
        writer.write(step=step, responses=[response()])


@pytest.mark.parametrize("which", ["epoch", "batch"])
def test_a_bad_epoch_or_batch_is_told(tmp_path, which):
    with SummaryWriter(tmp_path, [probe()]) as writer, pytest.raises(CNNVizError, match=f"{which}='1'"):
        writer.write(step=1, responses=[response()], **{which: "1"})


def test_steps_may_be_numpys_numbers(tmp_path):
    with SummaryWriter(tmp_path, [probe()]) as writer:
        writer.write(step=np.int64(3), responses=[response()])
        writer.write(step=4, responses=[response()], epoch=np.int32(1), batch=np.int64(4))
    told = [(step, record.epoch, record.batch) for step, record in read_records(tmp_path)]
    assert told == [(3, 3, None), (4, 1, 4)]


def test_a_closed_writer_says_so(tmp_path):
    writer = SummaryWriter(tmp_path, [probe()])
    writer.close()
    writer.close()
    with pytest.raises(CNNVizError, match="closed"):
        writer.write(step=0, responses=[response()])


def test_nothing_is_dropped_when_steps_come_faster_than_the_disk(tmp_path):
    with SummaryWriter(tmp_path, [probe()]) as writer:
        for step in range(30):
            writer.write(step=step, responses=[response()])
    assert [step for step, _ in read_records(tmp_path)] == list(range(30))


def test_flush_waits_for_the_disk(tmp_path):
    with SummaryWriter(tmp_path, [probe()]) as writer:
        for step in range(3):
            writer.write(step=step, responses=[response()])
        writer.flush()
        assert len(read_records(tmp_path)) == 3
        assert writer.last_bundle_bytes == read_records(tmp_path)[-1][1].bundle.bytes
        assert writer.used_bytes == sum(path.stat().st_size for path in bundles(tmp_path))


def test_no_thread_outlives_close(tmp_path):
    before = set(threading.enumerate())
    with SummaryWriter(tmp_path, [probe()]) as writer:
        writer.write(step=0, responses=[response()])
    assert set(threading.enumerate()) <= before


def test_a_relative_directory_outlives_a_change_of_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with SummaryWriter("run", [probe()]) as writer:
        monkeypatch.chdir(tmp_path / "elsewhere")
        writer.write(step=0, responses=[response()])
    assert [step for step, _ in read_records(tmp_path / "run")] == [0]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_last_step_and_the_order_of_event_files(tmp_path):
    assert read_recorded(tmp_path).last_step is None
    for start in (0, 5, 10):
        with SummaryWriter(tmp_path, [probe()]) as writer:
            writer.write(step=start, responses=[response()])
    assert read_recorded(tmp_path).last_step == 10
    assert [step for step, _ in read_records(tmp_path)] == [0, 5, 10]


def test_bundles_are_complete_before_their_records(tmp_path):
    """Whoever reads a record finds its bundle whole, at any moment."""
    seen = []
    done = threading.Event()

    def watch():
        while not done.is_set():
            for _, record in read_records(tmp_path):
                path = tmp_path / "plugins" / "cnnviz" / record.bundle.file
                seen.append(path.stat().st_size == record.bundle.bytes and zipfile.is_zipfile(path))

    with SummaryWriter(tmp_path, [probe()]) as writer:
        watcher = threading.Thread(target=watch)
        watcher.start()
        for step in range(20):
            writer.write(step=step, responses=[response()])
        writer.flush()
        done.set()
        watcher.join()
    assert seen
    assert all(seen)
    assert not [path for path in (tmp_path / "plugins" / "cnnviz").iterdir() if path.name.startswith(".")]
    assert [path.name for path in (tmp_path / "plugins").iterdir()] == ["cnnviz"]
