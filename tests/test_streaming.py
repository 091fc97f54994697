"""Steps written response by response: what lies in the bundle is what would, had all of it been there at once."""

from __future__ import annotations

import itertools
import warnings
import weakref
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tensorboard_plugin_cnnviz import CNNVizError, Probe, Response, SummaryWriter
from tensorboard_plugin_cnnviz.axis import Axis
from tensorboard_plugin_cnnviz.encode import encode
from tensorboard_plugin_cnnviz.errors import CNNVizWarning
from tensorboard_plugin_cnnviz.layers import LayerSpec, QuantisedResponse
from tensorboard_plugin_cnnviz.memory import under_way

from .blocks import join_blocks
from .runs import RANDOM, WINDOWS, bundles, load, manifest, probe, read_records

SPECS = [
    LayerSpec("maps", "Conv2D", ("time", "frequency", "filter"), Axis.even(5).padded(1, 1), Axis.even(3)),
    LayerSpec("line", "Conv1D", ("time", "filter"), time=Axis.even(4)),
    LayerSpec("out", "Dense", ("filter",)),
]
SHAPES = [(7, 3, 40), (4, 5), (2,)]


def parts_of(name, edges, *, specs=SPECS, seed=0):
    """A response in parts, each of one block, whose edges are given."""
    random = np.random.default_rng(seed)
    arrays = [random.normal(size=(WINDOWS, *shape)).astype(np.float32) for shape in SHAPES]
    predictions = random.random((WINDOWS, 2)).astype(np.float32)
    for a, b in itertools.pairwise(edges):
        layers = [encode(arrays[SPECS.index(spec)][a:b], spec) for spec in specs]
        yield QuantisedResponse(name, specs, layers, predictions[a:b], (a, b))


def joined(parts):
    parts = list(parts)
    layers = [join_blocks(same) for same in zip(*(part.layers for part in parts), strict=True)]
    edges = (*(part.blocks[0] for part in parts), WINDOWS)
    return QuantisedResponse(
        parts[0].probe, parts[0].specs, layers, np.concatenate([part.predictions for part in parts]), edges
    )


def content(path):
    """Every member; of the manifest all but the time and the random name of the probes' file."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    del members["manifest.json"]
    told = manifest(path)
    del told["wall_time"], told["probes"]
    return members, told


def log(directory, responses, *, probes=("a",), step=0, **options):
    watched = [each if isinstance(each, Probe) else probe(each) for each in probes]
    with SummaryWriter(directory, watched, **options) as writer:
        writer.write_quantised(step, responses)
    return next(path for path in bundles(directory) if path.name.startswith(f"{step}-"))


EDGES = st.sets(st.integers(1, WINDOWS - 1)).map(lambda inner: (0, *sorted(inner), WINDOWS))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EDGES, min_size=1, max_size=3), st.sampled_from(["windows", "strip"]), st.integers(1, 40000))
def test_parts_give_the_same_bundle_as_the_whole(tmp_path_factory, edges, detail, budget):
    names = [f"clip {number}" for number in range(len(edges))]
    watched = [probe(name, detail=detail) for name in names]
    given = [list(parts_of(name, own, seed=seed)) for seed, (name, own) in enumerate(zip(names, edges, strict=True))]
    folder = tmp_path_factory.mktemp("run")
    options = {"probes": watched, "max_map_size": 4}
    whole = content(log(folder / "whole", [joined(parts) for parts in given], **options))
    assert content(log(folder / "parts", itertools.chain(*given), **options)) == whole
    # With hardly any memory the parts wait in a file, and the filters of a layer come into smaller members.
    cut = log(folder / "cut", itertools.chain(*given), memory_budget=budget, **options)
    assert not list(cut.parent.glob(".*"))
    found, expected = (windows_of(path) for path in (cut, bundles(folder / "whole")[0]))
    assert found.keys() == expected.keys()
    for of, values in expected.items():
        np.testing.assert_array_equal(found[of], values)
    same = {name for name in whole[0] if "windows" not in name}
    assert {name: content(cut)[0][name] for name in same} == {name: whole[0][name] for name in same}


def windows_of(path):
    """Probe and layer to all that its windows members hold."""
    found = {}
    for probe_number, response in enumerate(manifest(path)["responses"]):
        for number, layer in enumerate(response["layers"]):
            if layer["windows"] is None:
                continue
            edges = [member["filters"] for member in layer["windows"]]
            assert [first for first, _ in edges] == [0, *(end for _, end in edges[:-1])]
            found[probe_number, number] = np.concatenate([load(path, member["name"]) for member in layer["windows"]])
    return found


def test_a_layer_that_a_part_lacks_is_left_out_and_numbers_go_by_the_first_response(tmp_path):
    lacking = [*parts_of("a", (0, 1), specs=SPECS), *parts_of("a", (1, WINDOWS), specs=[SPECS[2], SPECS[0]])]
    path = log(tmp_path, [*lacking, *parts_of("b", (0, WINDOWS))], probes=["a", "b"])
    told = manifest(path)
    assert [layer["name"] for layer in told["layout"]["layers"]] == ["maps", "out", "line"]
    assert [layer is None for layer in told["responses"][0]["layers"]] == [False, False, True]
    assert [layer is None for layer in told["responses"][1]["layers"]] == [False, False, False]
    statistics = load(path, "statistics.npy")
    assert np.isnan(statistics[0, 42:]).all()
    assert np.isfinite(statistics[1]).all()


def test_of_many_probes_no_more_is_under_way_than_the_budget_allows(tmp_path):
    names = [f"clip {number}" for number in range(60)]
    one = next(parts_of("a", (0, WINDOWS))).bytes
    budget = 40 * one
    allowed = under_way(budget, layers=len(SPECS))
    with SummaryWriter(tmp_path, [probe(name) for name in names], memory_budget=budget) as writer:
        for step in range(2):
            writer.write_quantised(step, itertools.chain.from_iterable(parts_of(n, (0, 2, WINDOWS)) for n in names))
        writer.flush()
        assert allowed - one <= writer._under_way.most <= allowed
    assert [step for step, _ in read_records(tmp_path)] == [0, 1]
    for path in bundles(tmp_path)[:2]:
        assert all(each["kept"] == "windows" for each in manifest(path)["responses"])


def test_arrays_are_quantised_a_response_at_a_time_and_large_ones_in_blocks(tmp_path):
    arrays = {"conv": RANDOM.normal(size=(WINDOWS, 6, 10, 40)).astype(np.float32)}
    with SummaryWriter(tmp_path, [probe("a"), probe("b")], memory_budget=100_000) as writer:
        writer.write(0, [Response("a", arrays, np.eye(WINDOWS)), Response("b", arrays)])
        writer.flush()
        assert writer._under_way.most <= 100_000
    path = bundles(tmp_path)[0]
    told = manifest(path)["responses"]
    assert [each["blocks"] for each in told] == [[0, 1, 2, 3, 4]] * 2
    codes = np.concatenate([load(path, member["name"]) for member in told[0]["layers"][0]["windows"]])
    ranges = load(path, "ranges.npy")
    for window in range(WINDOWS):
        lo, hi = ranges[window].astype(np.float64).T[:, :, np.newaxis, np.newaxis]
        values = lo + codes[:, window] / 252 * (hi - lo)
        expected = arrays["conv"][window].transpose(2, 1, 0)
        np.testing.assert_array_less(np.abs(values - expected), np.broadcast_to((hi - lo) / 503, expected.shape))
    np.testing.assert_array_equal(load(path, "predictions.npy")[:WINDOWS], np.eye(WINDOWS))


@pytest.mark.parametrize("edges", [(0, WINDOWS), (0, 1, 3, WINDOWS)])
@pytest.mark.parametrize("whole", range(5))
def test_an_observation_that_fails_half_way_leaves_nothing_behind(tmp_path, edges, whole):
    names = ["a", "b"]

    def observe(parts):
        yield from itertools.islice(itertools.chain.from_iterable(parts_of(name, edges) for name in names), parts)
        raise RuntimeError("out of memory on the device")

    with warnings.catch_warnings(), SummaryWriter(tmp_path, [probe(name) for name in names]) as writer:
        warnings.simplefilter("error")
        writer.write_quantised(0, itertools.chain.from_iterable(parts_of(name, edges) for name in names))
        writer.flush()
        files, used = sorted(tmp_path.rglob("*")), writer.used_bytes
        with pytest.raises(RuntimeError, match="on the device"):
            writer.write_quantised(1, observe(whole))
        writer.flush()
        assert (sorted(tmp_path.rglob("*")), writer.used_bytes) == (files, used)
        writer.write_quantised(2, itertools.chain.from_iterable(parts_of(name, edges) for name in names))
    assert [step for step, _ in read_records(tmp_path)] == [0, 2]


def test_kernels_that_cannot_be_read_leave_nothing_behind(tmp_path):
    def kernels():
        raise RuntimeError("gone")

    with SummaryWriter(tmp_path, [probe()]) as writer, pytest.raises(RuntimeError, match="gone"):
        writer.write_quantised(0, parts_of("a", (0, WINDOWS)), kernels=kernels)
    assert read_records(tmp_path) == []
    assert [path.name.partition("-")[0] for path in bundles(tmp_path)] == ["probes"]


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        ([(0, 2)], "response of probe 'a' ends after 2 of its 4 windows"),
        ([(1, 4)], "windows 1 to 4 of probe 'a' do not go on from 0 of its 4"),
        ([(0, 2), (3, 4)], "windows 3 to 4 of probe 'a' do not go on from 2 of its 4"),
        ([(0, 3), (2, 4)], "windows 2 to 4 of probe 'a' do not go on from 3 of its 4"),
        ([(0, 2), (2, 4), (0, 4)], "two responses"),
        ([], "at least one response"),
    ],
)
def test_parts_that_do_not_make_a_whole_are_told_and_nothing_is_written(tmp_path, edges, message):
    given = itertools.chain.from_iterable(parts_of("a", each) for each in edges)
    with SummaryWriter(tmp_path, [probe("a")]) as writer, pytest.raises(CNNVizError, match=message):
        writer.write_quantised(0, given)
    assert read_records(tmp_path) == []
    assert [path.name.partition("-")[0] for path in bundles(tmp_path)] == ["probes"]


def test_a_response_may_not_begin_before_the_one_before_it_is_whole(tmp_path):
    given = [*parts_of("a", (0, 2)), *parts_of("b", (0, WINDOWS)), *parts_of("a", (2, WINDOWS))]
    with (
        SummaryWriter(tmp_path, [probe("a"), probe("b")]) as writer,
        pytest.raises(CNNVizError, match="response of probe 'a' ends after 2"),
    ):
        writer.write_quantised(0, given)
    assert read_records(tmp_path) == []


def limits(tmp_path):
    """Bytes that the same step takes with each detail, and what it holds then."""
    found = {}
    for detail in ("windows", "strip", "summary"):
        watched = [probe("a", detail=detail), probe("b", detail=detail)]
        found[detail] = content(log(tmp_path / detail, list(step_of_two()), probes=watched))
    return found


def step_of_two(edges=(0, WINDOWS)):
    return itertools.chain(parts_of("a", edges), parts_of("b", edges, seed=1))


def test_whatever_there_is_room_for_a_step_is_as_if_that_had_been_known_before(tmp_path):
    """Room runs out at every member once; what was written before makes room for what a lesser detail has too."""
    expected = limits(tmp_path / "free")
    probes_bytes = next(path for path in bundles(tmp_path / "free" / "windows") if "probes" in path.name).stat().st_size
    most = int((probes_bytes + next(iter(bundles(tmp_path / "free" / "windows"))).stat().st_size) / 0.6)
    seen = set()
    for number, limit in enumerate(np.linspace(probes_bytes + 500, most, 24, dtype=int).tolist()):
        run = tmp_path / "short" / str(number)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CNNVizWarning)
            with SummaryWriter(run, [probe("a"), probe("b")], max_disk=limit) as writer:
                writer.write_quantised(0, step_of_two())
                writer.flush()
                assert sum(path.stat().st_size for path in bundles(run)) == writer.used_bytes <= limit
        ((_, record),) = read_records(run)
        if record.bundle is None:
            seen.add((None, record.why))
            assert len(bundles(run)) == 1
            continue
        members, told = content(bundles(run)[0])
        assert bundles(run)[0].stat().st_size == record.bundle.bytes
        (kept,) = {each["kept"] for each in told["responses"]}
        (why,) = {each["why"] for each in told["responses"]}
        seen.add((kept, why))
        assert members == expected[kept][0]
        assert [each["layers"] for each in told["responses"]] == [
            each["layers"] for each in expected[kept][1]["responses"]
        ]
        with zipfile.ZipFile(bundles(run)[0]) as archive:
            assert archive.testzip() is None
    assert seen == {(None, "max_disk"), ("summary", "max_disk"), ("strip", "max_disk"), ("windows", None)}


def test_a_full_disk_that_cannot_hold_parts_for_a_while_costs_the_arrays_but_not_the_record(disk):
    run = disk.path / "run"
    with SummaryWriter(run, [probe("a"), probe("b")], memory_budget=1000) as writer:
        writer.write_quantised(0, step_of_two((0, 2, WINDOWS)), logs={"loss": 1.0})
        writer.flush()
        disk.fill(leave=50_000)
        writer.write_quantised(1, step_of_two((0, 2, WINDOWS)), logs={"loss": 2.0})
        with pytest.warns(CNNVizWarning, match=r"from step 1 on records without arrays are kept\. Make room"):
            writer.flush()
        disk.empty()
        writer.write_quantised(2, step_of_two((0, 2, WINDOWS)), logs={"loss": 3.0})
        with pytest.warns(CNNVizWarning, match="from step 2 on everything is kept again"):
            writer.flush()
    assert [(step, record.why, record.logs) for step, record in read_records(run)] == [
        (0, None, {"loss": 1.0}),
        (1, "free_disk", {"loss": 2.0}),
        (2, None, {"loss": 3.0}),
    ]
    assert len({record.layout for _, record in read_records(run)}) == 1
    assert not list((run / "plugins" / "cnnviz").glob(".*.part"))


@pytest.mark.parametrize("edges", [(0, WINDOWS), (0, 2, WINDOWS)])
def test_nobody_holds_on_to_what_is_written(tmp_path, edges):
    names = [f"clip {number}" for number in range(20)]
    one = next(parts_of("a", (0, WINDOWS))).bytes
    alive, most = 0, 0

    def forget(size):
        nonlocal alive
        alive -= size

    def observe():
        nonlocal alive, most
        for name in names:
            for part in parts_of(name, edges):
                for layer in part.layers:
                    weakref.finalize(layer.values, forget, layer.values.nbytes)
                    alive += layer.values.nbytes
                most = max(most, alive)
                yield part
                del part, layer

    with SummaryWriter(tmp_path, [probe(name) for name in names], memory_budget=16 * one) as writer:
        writer.write_quantised(0, observe())
        writer.flush()
        assert alive == 0
    # Beside what is under way there is the newest; of twenty.
    assert most <= under_way(16 * one, layers=len(SPECS)) + one < 8 * one
