"""Values encoded in several blocks, as a model's response that does not fit one is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from tensorboard_plugin_cnnviz.encode import encode
from tensorboard_plugin_cnnviz.layers import LayerSpec, QuantisedLayer, joined


def encode_blocks(values: np.ndarray, spec: LayerSpec, edges: Sequence[int]) -> QuantisedLayer:
    """Encode ``[windows, *axes]`` in the blocks that these edges cut."""
    return join_blocks([encode(values[first:last], spec) for first, last in pairwise(edges)])


def join_blocks(layers: Sequence[QuantisedLayer]) -> QuantisedLayer:
    """The same of blocks that are encoded already."""
    summaries = [layer.summary for layer in layers if layer.summary is not None]
    values, ranges = (np.concatenate([getattr(layer, name) for layer in layers]) for name in ("values", "ranges"))
    return QuantisedLayer(values, ranges, joined(summaries) if summaries else None)
