"""The bundle of one step, decoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tensorboard_plugin_cnnviz.codes import dequantise
from tests.runs import load, manifest


class StepBundle:
    """What a run holds of one step."""

    def __init__(self, run: Path, step: int) -> None:
        (self._path,) = run.glob(f"plugins/cnnviz/{step}-*.zip")
        self._manifest = manifest(self._path)
        self.layout = self._manifest["layout"]
        self.layers = [layer["name"] for layer in self.layout["layers"]]

    def response(self, probe: int, name: str) -> tuple[np.ndarray, np.ndarray]:
        """What a layer gave for a probe.

        Returns:
            values: float32 `[filters, windows, frequency, time]`.
            codes: what one code stands for in each filter and window, `[filters, windows]`; 0 where the values
                themselves are stored.
        """
        layer = self.layout["layers"][self.layers.index(name)]
        response = self._manifest["responses"][probe]
        members = response["layers"][self.layers.index(name)]["windows"]
        stored = np.concatenate([load(self._path, member["name"]) for member in members])
        if stored.dtype != np.uint8:
            return stored, np.zeros(stored.shape[:2])
        edges = response["blocks"]
        filters = slice(layer["first_filter"], layer["first_filter"] + layer["filters"])
        ranges = load(self._path, "ranges.npy")[response["first_block"] :, filters][: len(edges) - 1]
        blocks = zip(edges[:-1], edges[1:], ranges, strict=True)
        stored = stored.swapaxes(2, 3)
        values = [dequantise(stored[:, a:b], block, filter_axis=0) for a, b, block in blocks]
        width = np.repeat((ranges[..., 1].astype(float) - ranges[..., 0]) / 252, np.diff(edges), axis=0)
        return np.concatenate(values, axis=1), width.T

    def predictions(self, probe: int) -> np.ndarray:
        """Float32 `[windows, classes]`."""
        place = self.layout["probes"][probe]
        predictions: np.ndarray = load(self._path, "predictions.npy")[place["first_window"] :][: place["windows"]]
        return predictions
