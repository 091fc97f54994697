"""Whether the responses of a step fit together, told part by part as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .checks import suggestion
from .errors import CNNVizError
from .layers import QuantisedResponse
from .probes import Probe


def find_probe(name: str, probes: Mapping[str, Probe]) -> Probe:
    """The probe of that name; raises `CNNVizError`."""
    if name not in probes:
        raise CNNVizError(f"there is no probe {name!r}{suggestion(name, list(probes))}")
    return probes[name]


class ResponseChecks:
    """Checks the responses of one step.

    Args:
        probes: of the writer, by name.
        class_names: names of the predictions' columns, if they have names.
    """

    def __init__(self, probes: Mapping[str, Probe], class_names: Sequence[str] | None) -> None:
        self._filters: dict[str, tuple[int, str]] = {}  # of each layer, and the probe that first had it
        self._probes = probes
        self._class_names = class_names
        self._windows: dict[str, int] = {}  # probe to the number of its windows so far
        self._classes: int | None = None

    def checked(self, parts: Iterable[QuantisedResponse]) -> Iterator[QuantisedResponse]:
        """Pass the parts on; raises `CNNVizError` for one that does not fit, or where at the end one is missing."""
        for part in parts:
            self._check(part)
            yield part
            del part  # while the next one is computed, its arrays must not stay
        if not self._windows:
            raise CNNVizError("a step needs at least one response")
        self._check_whole()

    def _check(self, part: QuantisedResponse) -> None:
        windows = len(find_probe(part.probe, self._probes).times)
        before = self._windows.get(part.probe, 0)
        if before == windows:
            raise CNNVizError(f"probe {part.probe!r} has two responses in one step")
        self._check_whole(but=part.probe)
        first, last = part.blocks[0], part.blocks[-1]
        if first != before or not first < last <= windows:
            raise CNNVizError(
                f"windows {first} to {last} of probe {part.probe!r} do not go on from {before} of its {windows}"
            )
        self._windows[part.probe] = last
        self._check_predictions(part, last - first)
        for spec, layer in zip(part.specs, part.layers, strict=True):
            here = layer.ranges.shape[1]
            there, other = self._filters.setdefault(spec.name, (here, part.probe))
            if here != there:
                raise CNNVizError(
                    f"layer {spec.name!r} has {here} filters for probe {part.probe!r} and {there} for {other!r}"
                )

    def _check_whole(self, *, but: str | None = None) -> None:
        for name, count in self._windows.items():
            windows = len(self._probes[name].times)
            if name != but and count != windows:
                raise CNNVizError(f"the response of probe {name!r} ends after {count} of its {windows} windows")

    def _check_predictions(self, part: QuantisedResponse, windows: int) -> None:
        given = part.predictions
        if given is None:
            return
        columns = given.shape[-1] if given.ndim else 0
        if self._classes not in (None, columns):
            both = sorted({self._classes or 0, columns})
            raise CNNVizError(f"predictions have {both} classes: every response needs the same classes")
        expected = (windows, columns if self._class_names is None else len(self._class_names))
        if given.shape != expected:
            raise CNNVizError(
                f"predictions of probe {part.probe!r} have shape {given.shape}; "
                f"expected {expected}: {expected[0]} windows and {expected[1]} class names"
            )
        self._classes = columns
