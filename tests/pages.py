"""What the readers of each page have before they paste its Python, and what must be there when it has run.

Both are pieces of the same program, before and after the page's own.
"""

from __future__ import annotations

# Files alone: the names of what is imported here must not reach the page.
_FILES = """
def write_sounds():
    import numpy as np, soundfile
    for seed, name in enumerate(("violin.wav", "flute.wav", "duet.flac")):
        soundfile.write(name, np.random.default_rng(seed).normal(size=44100).clip(-1, 1) * 0.1, 22050)
write_sounds()
"""

_SOUNDS = (
    _FILES
    + """
import librosa, numpy as np, soundfile
sound, sample_rate = soundfile.read("violin.wav")
"""
)

_MODEL = """
import keras
model = keras.Sequential([
    keras.Input((43, 128, 1)), keras.layers.Conv2D(2, 3, activation="relu", name="conv1"),
    keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(2, activation="softmax"),
])
model.compile("sgd", "categorical_crossentropy")
x, y = np.zeros((4, 43, 128, 1), "float32"), np.eye(2, dtype="float32")[[0, 1, 0, 1]]
"""

_BUNDLES = """
from pathlib import Path
def logged(run):
    return sorted(int(path.name[:-21]) for path in Path(run, "plugins/cnnviz").glob("*[0-9]-*.zip"))
"""

READERS_OWN = {
    "README.md": _SOUNDS
    + _MODEL
    + """
from tensorboard_plugin_cnnviz import LogMel
windows = LogMel(22050).windows(sound, sample_rate)[0]
activations = keras.Model(model.inputs, model.layers[0].output)(windows).numpy().transpose(0, 2, 1, 3)
predictions = model(windows).numpy()
""",
    "getting_started.md": """
import numpy as np, soundfile
from pathlib import Path
for seed, name in enumerate(("flute", "violin")):
    Path("sounds", name).mkdir(parents=True)
    for take in range(3):
        noise = np.random.default_rng([seed, take]).normal(size=(44100, 2))
        soundfile.write(f"sounds/{name}/{take}.wav", noise.clip(-1, 1) * 0.1, 22050)
""",
    "probes.md": _FILES,
    "features.md": _FILES,
    "disk.md": _SOUNDS,
    "resuming.md": _SOUNDS + _MODEL,
    "bundles.md": _SOUNDS
    + """
from tensorboard_plugin_cnnviz import LogMel, Probe, Response, SummaryWriter
probe = Probe.from_file("violin.wav", LogMel(22050), label="violin")
random = np.random.default_rng(0)
maps = [random.normal(size=(len(probe.times), 4, 5, 40)).astype("float32") for _ in range(3)]
predicted = random.random((len(probe.times), 2)).astype("float32")
kernels = {"conv1": random.normal(size=(40, 1, 3, 3)).astype("float32")}
with SummaryWriter("logs/run1/cnnviz", [probe], class_names=["flute", "violin"]) as writer:
    for step in (-1, 0, 1):
        writer.write(step, [Response("violin", {"conv1": maps[step]}, predicted)], kernels=kernels)
""",
}

AFTERWARDS = {
    "README.md": _BUNDLES
    + """
assert {run.parent.name: logged(run) for run in Path().glob("logs/*/cnnviz")} == {
    "run1": list(range(-1, 10)), "run2": [0], "pretrained": [0]
}
""",
    "getting_started.md": _BUNDLES
    + """
assert logged("logs/first/cnnviz") == [-1, 0, 1, 2, 3, 4]
assert list(Path("logs/first/train").glob("events*"))
assert x.shape == (8, 43, 128, 1), x.shape
""",
    "probes.md": """
import numpy as np
assert [(p.name, p.labels, p.detail) for p in [tone, duet, *probes]] == [
    ("sweep", (), "windows"), ("duet, bar 12", ("flute", "violin"), "windows"), ("violin", ("violin",), "windows"),
    ("flute", ("flute",), "strip"), ("validation 0", ("violin",), "summary"), ("validation 1", ("flute",), "summary"),
]
assert np.allclose(np.diff(violin.times[:, 0]), 0.093, atol=5e-4)
""",
    "features.md": _BUNDLES
    + """
assert logged("logs/torch/cnnviz") == [0, 1, 2]
assert inputs.shape == (len(times), 64, 96, 1) and inputs.dtype == np.float32
assert np.allclose(times[:2, 0], [-0.005, 0.075]) and np.allclose(times[0, 1] - times[0, 0], 0.96)
assert probe.image.title == "constant-Q" and abs(probe.image.seconds[1] - probe.seconds) < 512 / sample_rate
chromas = Probe.from_file("violin.wav", Windows(chroma, 1.0, 0.1, input_axes=("frequency", "time")))
assert chromas.inputs.shape[1:] == (12, 44), chromas.inputs.shape
both = Probe.from_file("violin.wav", Windows(wave_and_chroma, 1.0, 0.1, sample_rate=22050))
assert both.inputs["chroma"].shape[1:] == (12, 44) and both.input_axes == {"wave": ("time", "channel"), "chroma": None}
raw = Probe.from_file("violin.wav", Windows(lambda samples: samples[:, None], 1.0, 0.1, sample_rate=16000))
assert (raw.inputs.shape[1:], raw.input_axes) == ((16000, 1), ("time", "channel"))

import io, json, zipfile
with zipfile.ZipFile(max(Path("logs/torch/cnnviz/plugins/cnnviz").glob("2-*.zip"))) as bundle:
    layout = json.loads(bundle.read("manifest.json"))["layout"]
    assert (layout["layers"][0]["filters"], layout["layers"][0]["shape"]) == (4, [16, 48])
    peak = np.load(io.BytesIO(bundle.read("statistics.npy")))[0, :, 1]
    assert np.allclose(peak, activations.max(axis=(0, 2, 3)), rtol=1e-6)
""",
    "disk.md": _BUNDLES
    + """
import keras
model = keras.Sequential([keras.Input((43, 128, 1)),
    *(keras.layers.Conv2D(2, 3, activation="relu", name=f"conv{n}") for n in (1, 2, 4)),
    keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(2, activation="softmax"),
])
model.compile("sgd", "categorical_crossentropy")
data = np.zeros((4, 43, 128, 1), "float32"), np.eye(2, dtype="float32")[[0, 1, 0, 1]]
model.fit(*data, epochs=81, verbose=0, callbacks=[callback])
assert logged("logs/big/cnnviz") == [-1, *range(0, 81, 5)]
""",
    "resuming.md": _BUNDLES
    + """
assert {str(run): logged(run) for run in Path().glob("logs/*/cnnviz*")} == {
    "logs/long/cnnviz": [-1, 0, 1, 2, 3, 4, 5], "logs/safe/cnnviz": list(range(-1, 8)),
}
""",
    "bundles.md": """
from tensorboard_plugin_cnnviz.bundle import parse_array, inflate
from tensorboard_plugin_cnnviz.codes import dequantise
from tests.golden.write import NAMES, STEP, SPECS, maps as golden_maps, line, numbers, outside

assert list(steps) == [-1, 0, 1]
path, manifest = steps[1]
with zipfile.ZipFile(path) as bundle:
    values = read_windows(bundle, manifest, "violin", "conv1")
    stored = b"".join(gzip.decompress(bundle.read(f"p0/l0/windows.{chunk}.npy.gz"))[128:] for chunk in (0, 1))
    codes = np.frombuffer(stored, np.uint8).reshape(values.swapaxes(2, 3).shape).swapaxes(2, 3)
    np.testing.assert_array_equal(values, dequantise(codes, read_array(bundle, "ranges.npy")[0], filter_axis=0))
    np.testing.assert_array_equal(read_predictions(bundle, manifest, "violin"), predicted)
np.testing.assert_array_equal(kernel, kernels["conv1"])
wanted = maps[1].transpose(3, 0, 1, 2)
assert np.abs(values - wanted).max() <= np.ptp(wanted, axis=(1, 2, 3)).max() / 504 * 1.001

# Several blocks and clips, NaN, infinities, other kinds of layers: the run that all readers of the format are tried on.
here = Path("logs/golden/plugins/cnnviz")
here.mkdir(parents=True)
import tests.golden, shutil
golden = Path(tests.golden.__file__).parent
shutil.copy(golden / "bundle.zip", here / f"{STEP}-0123456789abcdef.zip")
shutil.copy(golden / "probes.zip", here / "probes-0123456789abcdef.zip")
path, manifest = read_steps("logs/golden")[STEP]
with zipfile.ZipFile(path) as bundle:
    for layer, wanted in zip(SPECS, (golden_maps(0).transpose(3, 0, 2, 1), line(0).transpose(2, 0, 1)[:, :, None],
                                     numbers(0).T[:, :, None, None]), strict=True):
        values = read_windows(bundle, manifest, NAMES[0], layer.name)
        assert values.dtype == np.float32
        lo, hi = read_ranges(bundle, manifest, *find(manifest, NAMES[0], layer.name))
        half = (hi - lo)[:, :, None, None] / 504 if layer.map_axes else 0
        same = (values == wanted) | (np.isnan(values) & np.isnan(wanted))
        with np.errstate(invalid="ignore"):
            assert (same | (np.abs(values - wanted) <= half * 1.001)).all(), layer.name
    for p, clip in enumerate(NAMES):
        strip, seconds = read_strip(bundle, manifest, clip, SPECS[0].name)
        grid = manifest["layout"]["grids"][manifest["layout"]["probes"][p]["grids"][0]]
        wanted = golden_maps(p).transpose(3, 0, 2, 1)[:, grid["windows"], :, grid["columns"]].transpose(1, 2, 0)
        lo, hi = (x[:, None, grid["windows"]] for x in read_ranges(bundle, manifest, p, 0))
        same = (strip == wanted) | (np.isnan(strip) & np.isnan(wanted))
        with np.errstate(invalid="ignore"):
            assert (same | (np.abs(strip - wanted) <= (hi - lo) / 504 * 1.001)).all()
        marks = read_outside(bundle, manifest, clip, SPECS[0].name)
        assert (marks == np.array(outside(p), bool)).all() and marks.any()
        assert not read_outside(bundle, manifest, clip, SPECS[1].name).any()
        assert len(seconds) == strip.shape[2] and np.allclose(seconds[0], grid["start"] + grid["step"] / 2)
""",
    "troubleshooting.md": "assert Path(os.environ['TENSORBOARD_BINARY']).is_file()",
}
