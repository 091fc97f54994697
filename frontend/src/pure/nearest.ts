/** Which column of a layer stands for a moment: of those that are shown, the one centred nearest. */
import type { CellAxis, Edges, StripGrid } from "../types";
import { cellToSeconds, sideOf } from "./axes";

/** Centres that differ by less, in seconds, are equal. */
const TOLERANCE = 1e-9;

/** The index of the entry nearest to zero among those that are not null; null without one. Of equals the first. */
function least(distances: readonly (number | null)[]): number | null {
  let best: number | null = null;
  for (const [index, distance] of distances.entries()) {
    if (distance === null) continue;
    if (best === null || distance < (distances[best] ?? Infinity) - TOLERANCE) best = index;
  }
  return best;
}

/** The strip's column whose true centre is nearest to a time; of columns that show the same one, that which stands nearest. */
export function nearestStripColumn(
  { start, step, centres }: StripGrid,
  reached: ArrayLike<number>,
  seconds: number,
): number | null {
  const nearest = least(centres.map((centre, column) => (reached[column] === 1 ? Math.abs(centre - seconds) : null)));
  if (nearest === null) return null;
  const distance = Math.abs((centres[nearest] ?? NaN) - seconds);
  return least(
    centres.map((centre, column) =>
      reached[column] === 1 && Math.abs(centre - seconds) <= distance + TOLERANCE
        ? Math.abs(start + (column + 0.5) * step - seconds)
        : null,
    ),
  );
}

/** The window's column, of those centred in it, whose centre is nearest to a time; null where none is centred in it. */
export function nearestWindowColumn(axis: CellAxis, window: Edges, seconds: number): number | null {
  return least(
    axis.centres.map((centre, column) =>
      sideOf(axis, column) === 0 ? Math.abs(cellToSeconds(centre, axis.cells, window) - seconds) : null,
    ),
  );
}
