/** What statistics, float32 `[..., 6]`, say about a layer's filters. */
import type { LayerLayout } from "../types";
import type { Ranges } from "./codes";
import { asFloats, NpyError, type NpyArray } from "./npy";

/** Numbers per filter: min, max, mean, standard deviation, share of cells above zero, count of non-finite. */
export const STATISTICS = 6;

/** One entry per filter of the layer; NaN where not logged. Also fits `layerScale` as its extremes. */
export interface LayerStatistics {
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** Share of cells above zero. */
  readonly active: Float32Array;
  /** How many values were NaN or infinite. */
  readonly nonFinite: Float32Array;
}

/**
 * What a filter does over all logged probes: "silent" is never above zero, "constant" is one and the same value other than
 * zero everywhere, "unknown" where nothing finite was logged.
 */
export type FilterState = "active" | "silent" | "constant" | "unknown";

/** All that stands beside the maps of one layer and probe. */
export interface LayerNumbers {
  readonly statistics: LayerStatistics;
  /** Over every probe that was logged. */
  readonly states: readonly FilterState[];
  readonly ranges: Ranges;
}

/** Of the wire's `[8 + 2 * blocks, filters]`: statistics, least and largest over all probes, lo and hi of each block. */
export function layerNumbers(numbers: NpyArray, { name, filters }: LayerLayout): LayerNumbers {
  const [rows = 0] = numbers.shape;
  const data = asFloats(numbers, [rows, filters]);
  const blocks = (rows - STATISTICS - 2) / 2;
  if (blocks < 0 || !Number.isInteger(blocks)) throw new NpyError(`${rows} rows of numbers of layer ${name}`);
  const row = (at: number): Float32Array => data.subarray(at * filters, (at + 1) * filters);
  const lo = new Float32Array(blocks * filters);
  const hi = new Float32Array(blocks * filters);
  for (let block = 0; block < blocks; block++) {
    lo.set(row(STATISTICS + 2 + 2 * block), block * filters);
    hi.set(row(STATISTICS + 3 + 2 * block), block * filters);
  }
  const [least, largest] = [row(STATISTICS), row(STATISTICS + 1)];
  return {
    statistics: { min: row(0), max: row(1), mean: row(2), deviation: row(3), active: row(4), nonFinite: row(5) },
    states: Array.from(least, (min, filter) => stateOf(min, largest[filter] ?? NaN)),
    ranges: { blocks, filters, lo, hi },
  };
}

function stateOf(min: number, max: number): FilterState {
  if (Number.isNaN(min) || Number.isNaN(max)) return "unknown";
  if (min === max && max !== 0) return "constant";
  return max <= 0 ? "silent" : "active";
}

/** The mean of each of a layer's filters over each probe, `[probes, filters]`, of its statistics `[probes, filters, 6]`. */
export function meansOfProbes(statistics: NpyArray): Float32Array {
  const [probes = 0, filters = 0] = statistics.shape;
  const data = asFloats(statistics, [probes, filters, STATISTICS]);
  return Float32Array.from({ length: probes * filters }, (_, at) => data[STATISTICS * at + 2] ?? NaN);
}

/** Smallest and largest value of each filter over all steps: of statistics `[steps, filters, 6]`; NaN where never logged. */
export function extremesOverSteps(statistics: NpyArray): { readonly min: Float32Array; readonly max: Float32Array } {
  const [steps = 0, filters = 0] = statistics.shape;
  const data = asFloats(statistics, [steps, filters, STATISTICS]);
  const min = new Float32Array(filters).fill(NaN);
  const max = new Float32Array(filters).fill(NaN);
  for (let at = 0; at < steps * filters; at++) {
    const filter = at % filters;
    const [low, high] = [data[STATISTICS * at] ?? NaN, data[STATISTICS * at + 1] ?? NaN];
    if (!(low >= (min[filter] ?? NaN)) && !Number.isNaN(low)) min[filter] = low;
    if (!(high <= (max[filter] ?? NaN)) && !Number.isNaN(high)) max[filter] = high;
  }
  return { min, max };
}
