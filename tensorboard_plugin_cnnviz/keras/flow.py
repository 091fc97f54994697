"""Follows tensors through the recorded calls: which layer feeds which, and where on the input each cell lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tensorboard_plugin_cnnviz.errors import CNNVizError

from . import kinds, rules
from .dimensions import FIXED, Dimensions, Passage, Shape, Source
from .recording import Call
from .tensorflow_graph import StepBack


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
        # Not recursive: a model of a user's own may be a graph of any depth.
        waiting = [tensor]
        while waiting:
            latest = waiting[-1]
            step = None if id(latest) in self._dimensions else self._step_back(latest)
            unknown = [source for source in step.sources if id(source) not in self._dimensions] if step else []
            waiting += unknown
            if not unknown:
                waiting.pop()
                if id(latest) not in self._dimensions:
                    self._dimensions[id(latest)] = None if step is None else self._through_graph(latest, step)
        return self._dimensions[id(tensor)]

    def maker(self, tensor: Any) -> Call | None:
        """Find the call that made a tensor which has since changed its type at most."""
        while id(tensor) not in self._makers:
            step = self._step_back(tensor)
            if step is None or not step.unchanged:
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
        operation = call.part.operation
        rule = rules.known(operation)
        if rule is None and (told := self.dimensions(call.output)) is not None:
            return told
        passage = Passage(operation, [self._source(tensor) for tensor in call.inputs], _shape(call.output))
        if all(source.dimensions is FIXED for source in passage.sources):
            return FIXED
        if None in passage.after or any(None in source.shape for source in passage.sources):
            return None
        try:
            return rules.through(rule or rules.same_places, passage)
        except (AttributeError, CNNVizError, IndexError, KeyError, TypeError, ValueError):
            # A subclass may have changed what its base is known by.
            return None

    def _through_graph(self, tensor: Any, step: StepBack) -> Dimensions | None:
        sources = [self._source(source) for source in step.sources]
        if sources and all(source.dimensions is FIXED for source in sources):
            return FIXED
        after = _shape(tensor)
        try:
            result = step.step(sources, after)
        except (CNNVizError, IndexError, TypeError, ValueError):
            # What the graph says does not fit what is known of its tensors.
            return None
        return result if result is FIXED or rules.fits(result, after) else None

    def _source(self, tensor: Any) -> Source:
        return Source(self.dimensions(tensor), _shape(tensor))


def _shape(tensor: Any) -> Shape:
    """Give a tensor's shape without windows."""
    return tuple(tensor.shape[1:]) if tensor.shape.rank else ()
