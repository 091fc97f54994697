"""Where the columns (or rows) of a layer lie on one axis of the model's input, and what each of them sees.

Positions are cell numbers: 0 is the centre of the input's first cell, -0.5 and `cells - 0.5` are its outer edges. The
arithmetic of kernels, strides and padding is that of A. Araujo, W. Norris and J. Sim, "Computing Receptive Fields of
Convolutional Neural Networks", Distill 2019.

The law: what a column is computed from lies within `field / 2` of its centre. Of a column whose field lies wholly on
the input (and not on what was cropped away) both ends of the field count, for some filter at least, unless
`approximate` says that the field is wider than that, or not about its centre.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .errors import CNNVizError

Floats: TypeAlias = NDArray[np.floating[Any]]
Integers: TypeAlias = NDArray[np.int64]

# Distances that differ by less than this share of a step (or cell) are equal: the same frame seen from two windows
# differs in the last bits only, and must count as a tie.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Axis:
    """Where the columns (or rows) of a layer lie on one axis of the model's input.

    Attributes:
        cells: cells of the input along this axis.
        centres: where each column lies, as a cell number, ascending and evenly spaced; outside `0..cells-1` for the
            children of padding. The middle of the column's receptive field, unless `approximate`.
        stride: distance of neighbouring columns, in cells.
        field: width of the receptive field, in cells; where columns differ, wide enough for each of them.
        approximate: the mapping is not exact (interpolation, for example).
    """

    cells: int
    centres: tuple[float, ...]
    stride: float
    field: float
    approximate: bool = False

    @classmethod
    def even(cls, n: int) -> Axis:
        """Return the input's own `n` cells; also `n` columns of unknown origin that fill the window evenly."""
        require_at_least(1, columns=n)
        return cls(cells=n, centres=tuple(float(i) for i in range(n)), stride=1.0, field=1.0)

    def through(self, *, kernel: int, stride: int = 1, dilation: int = 1, pad_before: int = 0, size: int) -> Axis:
        """Return the axis after a convolution or pooling.

        Args:
            kernel: taps of the kernel.
            stride: columns from one output to the next.
            dilation: columns from one tap to the next.
            pad_before: columns that padding puts before the first one ("same" and "causal" padding).
            size: columns that come out.
        """
        require_at_least(1, kernel=kernel, stride=stride, dilation=dilation, size=size)
        reach = (kernel - 1) * dilation
        return replace(
            self,
            centres=self._positions(reach / 2 - pad_before + stride * np.arange(size)),
            stride=self.stride * stride,
            field=self.field + reach * self.stride,
        )

    def pooled(self) -> Axis:
        """Return the axis of one column that sees all of these."""
        columns = len(self.centres)
        return self.through(kernel=columns, stride=columns, size=1)

    def sliced(self, start: int, step: int, size: int) -> Axis:
        """Take `size` columns from number `start` on, every `step`-th."""
        require_at_least(1, step=step, size=size)
        return self.through(kernel=1, stride=step, pad_before=-start, size=size)

    def resampled(self, *, first: float, step: float, reach: float, size: int) -> Axis:
        """Return `size` columns between these, `step` of these columns apart: interpolated, or of a transposed kernel.

        Approximate: each has an own part of the field, which is claimed for all.

        Args:
            first: where the first column lies, as a column number.
            step: distance of neighbours, in columns.
            reach: none is computed from a column farther from it than this, in columns.
            size: columns that come out.
        """
        require_at_least(1, size=size)
        return replace(
            self,
            centres=self._positions(first + step * np.arange(size)),
            stride=self.stride * step,
            field=self.field + 2 * reach * self.stride,
            approximate=True,
        )

    def resized(self, size: int, *, reach: float) -> Axis:
        """Stretch the columns evenly over `size` others, each interpolated from columns at most `reach` away."""
        step = len(self.centres) / size
        return self.resampled(first=step / 2 - 0.5, step=step, reach=reach, size=size)

    def upsampled(self, factor: int) -> Axis:
        """Split each column into `factor` columns side by side.

        Approximate: columns that repeat one value have in truth one common receptive field.
        """
        require_at_least(1, factor=factor)
        return self if factor == 1 else self.resized(len(self.centres) * factor, reach=0.5 - 0.5 / factor)

    def padded(self, before: int, after: int) -> Axis:
        """Add `before` and `after` columns at the ends."""
        require_at_least(0, before=before, after=after)
        return self.sliced(-before, 1, len(self.centres) + before + after)

    def mirrored(self, before: int, after: int) -> Axis:
        """Add `before` and `after` columns that repeat those at the ends, in reverse order.

        Approximate: they lie outside, and see what they repeat.
        """
        wider = 4 * max(before, after) * self.stride
        return replace(self.padded(before, after), field=self.field + wider, approximate=True) if wider else self

    def cropped(self, before: int, after: int) -> Axis:
        """Take `before` and `after` columns away at the ends."""
        require_at_least(0, before=before, after=after)
        require_at_least(1, columns=len(self.centres) - before - after)
        return self.sliced(before, 1, len(self.centres) - before - after)

    def seeing_all(self) -> Axis:
        """Return the same columns, each of which may now depend on the whole input."""
        return self._reaching(np.full(len(self.centres), -0.5), np.full(len(self.centres), self.cells - 0.5))

    def joined(self, other: Axis) -> Axis:
        """Return the axis of columns that are computed from one of these and the same (or the only) one of `other`.

        Of two branches that are merely shifted, as a causal convolution and what passes it by, the middle of what both
        see is the new centre; of others the place stays that of the branch that knows it better.

        Raises:
            CNNVizError: the axes have different cells or numbers of columns.
        """
        if self.cells != other.cells or len(other.centres) not in (1, len(self.centres)):
            raise CNNVizError(
                f"{len(self.centres)} columns over {self.cells} cells cannot be joined with {len(other.centres)} "
                f"over {other.cells}"
            )
        (low, high), (others_low, others_high) = self._ends(), other._ends()
        low, high = np.minimum(low, others_low), np.maximum(high, others_high)
        exact = not (self.approximate or other.approximate)
        shift = np.asarray(other.centres) - self.centres
        if np.allclose(shift, 0):
            return replace(self, field=max(self.field, other.field), approximate=not exact)
        if exact and len(self.centres) == len(other.centres) and np.allclose(shift, shift[0]):
            middles = ((low + high) / 2).tolist()
            return replace(self, centres=tuple(middles), field=float(high[0] - low[0]))
        better = other if self.approximate and not other.approximate and len(other.centres) > 1 else self
        return better._reaching(low, high)

    def over(self, cells: int) -> Axis:
        """Return the same columns by the cell numbers of another input, which lies between the same outer edges."""
        if cells == self.cells:
            return self
        share = cells / self.cells
        centres = ((np.asarray(self.centres) + 0.5) * share - 0.5).tolist()
        return replace(self, cells=cells, centres=tuple(centres), stride=self.stride * share, field=self.field * share)

    def followed_by(self, other: Axis) -> Axis:
        """Return the axis of these columns and those of `other` behind them.

        Raises:
            CNNVizError: those of `other` do not lie where the next of these would.
        """
        size = len(self.centres) + len(other.centres)
        both = self.sliced(0, 1, size)
        if self.cells != other.cells or not np.allclose(both.centres[len(self.centres) :], other.centres):
            raise CNNVizError(f"columns centred at {other.centres} do not go on from {self.centres}")
        exact = self.field == other.field and not (self.approximate or other.approximate)
        return replace(both, field=max(self.field, other.field), approximate=not exact)

    def inside(self) -> NDArray[np.bool_]:
        """Tell per column whether its centre lies within the window's outer edges, the edges included."""
        centres = np.asarray(self.centres)
        return (centres >= -0.5 - TOLERANCE) & (centres <= self.cells - 0.5 + TOLERANCE)

    def _ends(self) -> tuple[Floats, Floats]:
        """Give the edges of every column's field."""
        centres = np.asarray(self.centres)
        return centres - self.field / 2, centres + self.field / 2

    def _reaching(self, low: Floats, high: Floats) -> Axis:
        """Return the same places with a field that covers `low` to `high` of each column."""
        reach = np.maximum(self.centres - low, high - self.centres).max()
        return replace(self, field=max(self.field, float(2 * reach)), approximate=True)

    def _positions(self, columns: Integers | Floats) -> tuple[float, ...]:
        """Turn column numbers, also fractional ones and those beyond the ends, into cell numbers."""
        return tuple((self.centres[0] + columns * self.stride).tolist())


def require_at_least(least: int, **values: int) -> None:
    """Raise `CNNVizError` for the first value below `least`, by its name."""
    for name, value in values.items():
        if value < least:
            raise CNNVizError(f"{name} is {value}; it must be at least {least}")
