"""What a comparison must show, from the bundles' arrays alone. Nothing of the panel is used."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

# ColorBrewer's RdBu from white to its ends.
_MORE = ["ffffff", "fddbc7", "f4a582", "d6604d", "b2182b", "67001f"]
_LESS = ["ffffff", "d1e5f0", "92c5de", "4393c3", "2166ac", "053061"]
GREY = (200, 200, 200)


def _ramp(stops: list[str]) -> np.ndarray:
    colours = np.array([list(bytes.fromhex(stop)) for stop in stops])
    places = np.linspace(0, len(stops) - 1, 256)
    columns = [np.interp(places, np.arange(len(stops)), colours[:, part]) for part in range(3)]
    return np.floor(np.stack(columns, axis=1) + 0.5).astype(np.int64)


MORE, LESS = _ramp(_MORE), _ramp(_LESS)


class Maps(NamedTuple):
    """Values `[filters, ...]` in float64, and half the step of each filter's codes `[filters]`."""

    values: np.ndarray
    half_step: np.ndarray


class Bundle:
    """One step's arrays."""

    def __init__(self, run: Path, step: int) -> None:
        (path,) = (run / "plugins" / "cnnviz").glob(f"{step}-*.zip")
        self._zip = zipfile.ZipFile(path)
        self.manifest = json.loads(self._zip.read("manifest.json"))

    def array(self, name: str) -> np.ndarray:
        data = self._zip.read(name)
        array: np.ndarray = np.load(io.BytesIO(gzip.decompress(data) if name.endswith(".gz") else data))
        return array

    def _find(self, clip: str, layer: str) -> tuple[int, int, Any]:
        layout = self.manifest["layout"]
        clips, layers = ([entry["name"] for entry in layout[key]] for key in ("probes", "layers"))
        return clips.index(clip), layers.index(layer), layout["layers"][layers.index(layer)]

    def maps(self, clip: str, layer: str, *, windows: bool = False) -> Maps:
        """Strips `[filters, rows, columns]`, or windows `[filters, windows, rows, columns]`, of a clip of one block."""
        probe, number, entry = self._find(clip, layer)
        response = self.manifest["responses"][probe]
        assert len(response["blocks"]) == 2
        members = response["layers"][number]
        names = [part["name"] for part in members["windows"]] if windows else [members["strip"]["name"]]
        codes = np.concatenate([self.array(name) for name in names])
        if windows:
            codes = codes.swapaxes(2, 3)
        filters = slice(entry["first_filter"], entry["first_filter"] + entry["filters"])
        lo, hi = self.array("ranges.npy")[response["first_block"], filters].astype(np.float64).T
        shape = (-1, *[1] * (codes.ndim - 1))
        values = lo.reshape(shape) + codes / 252 * (hi - lo).reshape(shape)
        assert codes.max() <= 252
        return Maps(values, (hi - lo) / 504)

    def statistics(self, clip: str, layer: str) -> np.ndarray:
        """`[filters, 6]`: min, max, mean, standard deviation, share above zero, count of non-finite."""
        probe, _, entry = self._find(clip, layer)
        return self.array("statistics.npy")[probe, entry["first_filter"] : entry["first_filter"] + entry["filters"]]


def colours(differences: np.ndarray, limit: float, noise: float) -> np.ndarray:
    """The colours `[..., 3]` of differences whose sizes below `noise` say nothing."""
    index = np.floor(np.minimum(np.abs(differences) / limit, 1) * 255 + 0.5).astype(np.int64)
    signed = np.where((differences < 0)[..., np.newaxis], LESS[index], MORE[index])
    grey = (np.abs(differences) < noise)[..., np.newaxis]
    drawn: np.ndarray = np.where(grey, GREY, signed)
    return drawn
