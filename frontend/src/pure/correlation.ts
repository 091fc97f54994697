/** Which filters go with a class: over a clip's windows, what each gives against the class's score. */
import { readFilter } from "./readings";
import type { RasterData } from "./raster";

/** Of fewer windows a correlation says nothing. */
export const LEAST_WINDOWS = 5;

/**
 * Pearson's correlation, -1 to 1, over the windows where both are finite; NaN of fewer than LEAST_WINDOWS of them, and where
 * one is the same in all.
 */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const pairs: (readonly [number, number])[] = [];
  for (let at = 0; at < a.length; at++) {
    const [x = NaN, y = NaN] = [a[at], b[at]];
    if (Number.isFinite(x) && Number.isFinite(y)) pairs.push([x, y]);
  }
  if (pairs.length < LEAST_WINDOWS) return NaN;
  const [dx, dy] = [centred(pairs.map(([x]) => x)), centred(pairs.map(([, y]) => y))];
  if (dx === null || dy === null) return NaN;
  let [xx, yy, xy] = [0, 0, 0];
  for (const [at, x] of dx.entries()) {
    const y = dy[at] ?? 0;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  return Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy)));
}

/** Less their mean, in units of their range, so that squares neither vanish nor overflow; null where all are the same. */
function centred(values: readonly number[]): readonly number[] | null {
  const [least, largest] = [Math.min(...values), Math.max(...values)];
  if (least === largest) return null;
  const scaled = values.map((value) => (value - least) / (largest - least));
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  return scaled.map((value) => value - mean);
}

/** Of each filter: what it gives for a window (its number, or the largest value of its map) with `scores`, one per window. */
export function correlationsWith(rows: RasterData, scores: ArrayLike<number>): Float64Array {
  const ofColumns = rows.windows.map((window) => scores[window] ?? NaN);
  const values = new Float64Array(rows.columns);
  return Float64Array.from({ length: rows.filters }, (_, filter) => {
    readFilter(rows, filter, values);
    return correlation(values, ofColumns);
  });
}
