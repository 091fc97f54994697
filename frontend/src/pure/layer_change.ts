/** How much a layer changed between two steps: over one clip, from its filters' statistics alone. */
import { asFloats, type NpyArray } from "./npy";
import { STATISTICS } from "./statistics";

/** The run of filters that a layer has among those of all layers. */
export interface FilterRange {
  readonly first_filter: number;
  readonly filters: number;
}

/**
 * 0 where no filter's mean or standard deviation over the clip changed, at most 1, the same in either direction of time:
 *
 *     sqrt(sum of (m - m')^2 + (s - s')^2) / (sqrt(sum of m^2 + s^2) + sqrt(sum of m'^2 + s'^2))
 *
 * over the layer's filters, m and s mean and standard deviation now, m' and s' then. Statistics are `[1, filters of all layers,
 * 6]` of the clip. NaN where nothing finite is known of both, or both are zero everywhere.
 */
export function layerChange(now: NpyArray, own: FilterRange, then: NpyArray, former: FilterRange): number {
  const [a, b] = [rows(now, own), rows(then, former)];
  let difference = 0;
  let nowSquares = 0;
  let thenSquares = 0;
  for (let at = 0; at < Math.min(a.length, b.length); at += STATISTICS) {
    const [mean, deviation] = [a[at + MEAN] ?? NaN, a[at + DEVIATION] ?? NaN];
    const [meanThen, deviationThen] = [b[at + MEAN] ?? NaN, b[at + DEVIATION] ?? NaN];
    const squares = (mean - meanThen) ** 2 + (deviation - deviationThen) ** 2;
    if (!Number.isFinite(squares)) continue;
    difference += squares;
    nowSquares += mean ** 2 + deviation ** 2;
    thenSquares += meanThen ** 2 + deviationThen ** 2;
  }
  return Math.sqrt(difference) / (Math.sqrt(nowSquares) + Math.sqrt(thenSquares));
}

const MEAN = 2;
const DEVIATION = 3;

function rows(statistics: NpyArray, { first_filter: first, filters }: FilterRange): Float32Array {
  const all = statistics.shape[1] ?? 0;
  return asFloats(statistics, [1, all, STATISTICS]).subarray(STATISTICS * first, STATISTICS * (first + filters));
}
