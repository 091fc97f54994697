"""Looks one step back from a tensor in a TensorFlow graph.

What happens between two layers (casts of mixed precision, operators in a subclassed model, `keras.ops`) leaves its mark
in the graph only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import tensorflow as tf

UNCHANGED, CELL_BY_CELL, RESHAPED, TRANSPOSED, OTHER = "unchanged", "cell by cell", "reshaped", "transposed", "other"

_HOW = {
    UNCHANGED: "Cast CheckNumerics EnsureShape Identity IdentityN PreventGradient Snapshot StopGradient",
    CELL_BY_CELL: """
        Abs Add AddN AddV2 BiasAdd Clip ClipByValue Cos Div DivNoNan Elu Erf Erfc Exp Expm1 Floor FusedBatchNormV3
        LeakyRelu Log Log1p Maximum Minimum Mul MulNoNan Neg Pow RealDiv Reciprocal Relu Relu6 Round Rsqrt Select
        SelectV2 Selu Sigmoid Sign Sin Softplus Softsign Sqrt Square SquaredDifference Sub Tanh Xdivy Xlogy
    """,
    RESHAPED: "ExpandDims Reshape Squeeze StridedSlice",
    TRANSPOSED: "Transpose",
}
_BY_TYPE = {name: how for how, names in _HOW.items() for name in names.split()}


@dataclass(frozen=True)
class StepBack:
    """How a tensor came from others.

    Attributes:
        how: one of the constants above.
        sources: the tensors it came from.
        order: of a transpose, the source's axis for each axis.
    """

    how: str
    sources: tuple[Any, ...]
    order: tuple[int, ...] = ()


def step_back(tensor: Any) -> StepBack | None:
    """Tell how a tensor came about; None for the graph's own inputs and for eager tensors."""
    if not tf.is_symbolic_tensor(tensor) or not tensor.op.inputs:
        return None
    operation = tensor.op
    sources = tuple(operation.inputs)
    if operation.type == "IdentityN":
        return StepBack(UNCHANGED, (sources[tensor.value_index],))
    how = _BY_TYPE.get(operation.type, OTHER)
    if how in (UNCHANGED, RESHAPED):
        return StepBack(how, sources[:1])
    if how == TRANSPOSED:
        order = tf.get_static_value(sources[1])
        return StepBack(OTHER, sources[:1]) if order is None else StepBack(how, sources[:1], tuple(map(int, order)))
    return StepBack(how, sources)
