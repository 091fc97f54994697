"""Follows tensors through the recorded calls: which layer feeds which, and where on the input each cell lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from . import kinds, rules
from .dimensions import Dimensions, Passage, approximately
from .recording import Call
from .tensorflow_graph import CELL_BY_CELL, RESHAPED, TRANSPOSED, UNCHANGED, StepBack


class Flow:
    """What is known of the tensors of one forward pass.

    Args:
        inputs: the model's input tensors with their dimensions.
        calls: all recorded calls, in the order in which they ended.
        step_back: tells how a tensor came from others.
    """

    def __init__(
        self,
        inputs: Iterable[tuple[Any, Dimensions | None]],
        calls: Iterable[Call],
        *,
        step_back: Callable[[Any], StepBack | None],
    ) -> None:
        self._step_back = step_back
        self._dimensions: dict[int, Dimensions | None] = {id(tensor): names for tensor, names in inputs}
        self._makers: dict[int, Call] = {}
        for call in calls:
            self._follow(call)

    def dimensions(self, tensor: Any) -> Dimensions | None:
        """Give what the axes of a tensor stand for; None where that cannot be known."""
        key = id(tensor)
        if key not in self._dimensions:
            step = self._step_back(tensor)
            self._dimensions[key] = None if step is None else self._through_graph(tensor, step)
        return self._dimensions[key]

    def maker(self, tensor: Any) -> Call | None:
        """Find the call that made a tensor which has since changed its type at most."""
        while id(tensor) not in self._makers:
            step = self._step_back(tensor)
            if step is None or step.how != UNCHANGED:
                return None
            tensor = step.sources[0]
        return self._makers[id(tensor)]

    def _follow(self, call: Call) -> None:
        key, operation = id(call.output), call.part.operation
        if call.part.container:
            return
        if not kinds.is_layer(operation):
            # The graph tells more of a bare operation than its class does.
            self._makers.setdefault(key, call)
            return
        if not isinstance(operation, kinds.TRANSPARENT):
            self._makers[key] = call
        if call.inputs and key != id(call.inputs[0]):
            self._dimensions[key] = self._through_layer(call)

    def _through_layer(self, call: Call) -> Dimensions | None:
        if any(tensor.shape.rank in (None, 0) for tensor in (call.inputs[0], call.output)):
            return None
        first, *others = (self.dimensions(tensor) for tensor in call.inputs)
        before, after = (tuple(tensor.shape[1:]) for tensor in (call.inputs[0], call.output))
        if first is None or len(first) != len(before) or None in (*before, *after):
            return None
        try:
            result = rules.through(Passage(call.part.operation, first, before, after))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            # A subclass may have changed what its base is known by.
            return None
        if result is not None and any(each is not None and each != first for each in others):
            return approximately(result)
        return result

    def _through_graph(self, tensor: Any, step: StepBack) -> Dimensions | None:
        shape = tuple(tensor.shape[1:]) if tensor.shape.rank else ()
        source = step.sources[0]
        if step.how == UNCHANGED:
            return self.dimensions(source)
        if step.how in (RESHAPED, TRANSPOSED):
            before = self.dimensions(source)
            if before is None:
                return None
            if step.how == TRANSPOSED:
                return tuple(before[i - 1] for i in step.order[1:]) if step.order[0] == 0 else None
            return rules.reshaped(before, tuple(source.shape[1:]), shape)
        known = [
            dimensions
            for each in step.sources
            if each.shape.rank == tensor.shape.rank and tuple(each.shape[1:]) == shape
            if (dimensions := self.dimensions(each)) is not None
        ]
        if not known:
            return None
        if step.how == CELL_BY_CELL and all(each == known[0] for each in known):
            return known[0]
        return approximately(known[0])
