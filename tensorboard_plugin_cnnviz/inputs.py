"""What a model is fed, one array, or a dict or tuple of them where it has several inputs; and their axes' names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import NDArray

from .errors import CNNVizError
from .features import Axes, InputAxes, check_axes

Inputs: TypeAlias = NDArray[Any] | dict[str, NDArray[Any]] | tuple[NDArray[Any], ...]

# Of one input, or of each in the structure of the inputs; None where an input's axes are not known.
AxesGiven: TypeAlias = Iterable[str] | Mapping[str, Iterable[str] | None] | Iterable[Iterable[str] | None]


def by_name(inputs: Any) -> dict[Any, Any]:
    """Give the inputs by their keys, or by their numbers."""
    if isinstance(inputs, Mapping):
        return dict(inputs)
    return dict(enumerate(inputs if isinstance(inputs, tuple) else (inputs,)))


def told(inputs: Any) -> str:
    """Say how many inputs there are, and by what names."""
    if isinstance(inputs, Mapping):
        return "a dict of " + ", ".join(map(repr, inputs))
    return f"a tuple of {len(inputs)}" if isinstance(inputs, tuple) else "one array"


def is_numeric(array: NDArray[Any]) -> bool:
    """Tell whether an array holds what a model can be fed."""
    return np.issubdtype(array.dtype, np.number) or array.dtype == np.bool_


def check_inputs(inputs: Any, windows: int) -> Inputs:
    """Copy the arrays, floating point as float32, and count their windows."""
    if isinstance(inputs, Mapping):
        return {str(key): _check_input(f"inputs[{key!r}]", one, windows) for key, one in inputs.items()}
    if isinstance(inputs, tuple):
        return tuple(_check_input(f"inputs[{at}]", one, windows) for at, one in enumerate(inputs))
    return _check_input("inputs", inputs, windows)


def _check_input(what: str, values: Any, windows: int) -> NDArray[Any]:
    try:
        array = np.array(values)
    except ValueError as error:
        raise CNNVizError(
            f"{what} is no array ({error}); give [windows, ...], or a dict or tuple of such arrays for several inputs"
        ) from error
    if not is_numeric(array):
        raise CNNVizError(f"{what} has dtype {array.dtype}; give numbers")
    if array.ndim < 1 or len(array) != windows:
        raise CNNVizError(
            f"{what} has shape {array.shape} but times has {windows} windows; its first axis must have as many"
        )
    return array.astype(np.float32) if np.issubdtype(array.dtype, np.floating) else array


def check_names(given: AxesGiven | None) -> InputAxes | None:
    """Give the names of an input's axes, or of those of several inputs, as they are kept."""
    if given is None:
        return None
    if isinstance(given, Mapping):
        return {str(name): _names_of(axes) for name, axes in given.items()}
    each = (given,) if isinstance(given, str) else tuple(given)
    of_one = [name for name in each if isinstance(name, str)]
    if len(of_one) == len(each):
        return check_axes(of_one)
    return tuple(_names_of(axes) for axes in each)


def _names_of(axes: Iterable[str] | None) -> Axes | None:
    return None if axes is None else check_axes(axes)


def check_input_axes(given: AxesGiven | None, inputs: Inputs) -> InputAxes | None:
    """Give the axes' names, which must fit the inputs: all that are named apart, or one at least of several."""
    names = check_names(given)
    arrays = by_name(inputs)
    if names is None or _are_of_all(names):
        if names is not None and not any(_fit(names, array) for array in arrays.values()):
            shapes = ", ".join(str(array.shape[1:]) for array in arrays.values())
            raise CNNVizError(f"input_axes are {names}, but one window has shape {shapes}; name each of its axes")
        return names
    apart = by_name(names)
    if isinstance(names, dict) != isinstance(inputs, dict) or arrays.keys() != apart.keys():
        raise CNNVizError(
            f"input_axes name the axes of {told(names)}, but inputs are {told(inputs)}; give input_axes as "
            "inputs, each input once: its axes, or None where they are not known"
        )
    for name, axes in apart.items():
        if axes is not None and not _fit(axes, arrays[name]):
            raise CNNVizError(
                f"input_axes[{name!r}] are {axes}, but one window of inputs[{name!r}] has shape "
                f"{arrays[name].shape[1:]}; name each of its axes"
            )
    return names


def axes_by_name(names: InputAxes | None, inputs: Inputs) -> dict[Any, Axes | None]:
    """Give each input's axes by its key or number, None where they are not known; `names` are checked."""
    arrays = by_name(inputs)
    if names is None:
        return dict.fromkeys(arrays)
    if _are_of_all(names):
        return {name: names if _fit(names, array) else None for name, array in arrays.items()}
    return by_name(names)


def _are_of_all(names: InputAxes) -> TypeGuard[Axes]:
    return isinstance(names, tuple) and all(isinstance(name, str) for name in names)


def _fit(names: Axes, array: NDArray[Any]) -> bool:
    return array.ndim == len(names) + 1
