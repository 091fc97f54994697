"""Records what every part of a model gives while the model is called.

The `call` of each part is wrapped on the instance and put back as it was afterwards, so that nothing of the model is
rebuilt, and nested, subclassed and shared layers need no special case.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import keras

from .parts import Part

# Layers that are quantised to int8 run `quantized_call` in place of `call`.
_METHODS = ("call", "quantized_call")
_MISSING = object()


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a part.

    Attributes:
        part: what was called.
        index: 0 for its first call, 1 for its second.
        inputs: the tensors it was given.
        output: the tensor it gave; the first of several.
    """

    part: Part
    index: int
    inputs: tuple[Any, ...]
    output: Any


class Recording:
    """While entered, lists the calls of the parts in the order in which they end.

    Args:
        parts: what to record; hidden ones are left alone.
        belongs: tells whether a tensor belongs to the outermost computation. What runs in a graph of its own cannot be
            read from outside.
        around: gives the context to call an operation in.

    Attributes:
        calls: the calls whose output can be read.
        unreadable: the parts that gave something else.
    """

    def __init__(
        self,
        parts: Iterable[Part],
        *,
        belongs: Callable[[Any], bool],
        around: Callable[[Any], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.calls: list[Call] = []
        self.unreadable: set[Part] = set()
        self._parts = [part for part in parts if part.hidden is None]
        self._belongs = belongs
        self._around = around
        self._counts: Counter[Part] = Counter()
        self._saved: list[tuple[dict[str, Any], str, Any]] = []

    def __enter__(self) -> Recording:
        try:
            for part in self._parts:
                for method in _METHODS:
                    if hasattr(part.operation, method):
                        self._wrap(part, method)
        except BaseException:
            self._put_back()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._put_back()

    def _wrap(self, part: Part, method: str) -> None:
        original = getattr(part.operation, method)

        @functools.wraps(original)
        def recorded(*args: Any, **kwargs: Any) -> Any:
            with self._around(part.operation):
                result = original(*args, **kwargs)
            self._note(part, (args, kwargs), result)
            return result

        # Layers watch their attributes; the instance's dictionary does not.
        attributes = vars(part.operation)
        self._saved.append((attributes, method, attributes.get(method, _MISSING)))
        attributes[method] = recorded

    def _put_back(self) -> None:
        while self._saved:
            attributes, method, before = self._saved.pop()
            if before is _MISSING:
                del attributes[method]
            else:
                attributes[method] = before

    def _note(self, part: Part, given: Any, result: Any) -> None:
        index = self._counts[part]
        self._counts[part] += 1
        output = next(iter(_tensors(result)), None)
        if output is None or not self._belongs(output):
            self.unreadable.add(part)
            return
        self.calls.append(Call(part, index, tuple(filter(self._belongs, _tensors(given))), output))


def _tensors(structure: Any) -> list[Any]:
    return [leaf for leaf in keras.tree.flatten(structure) if keras.ops.is_tensor(leaf)]
