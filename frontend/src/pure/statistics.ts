/** What `statistics.npy`, float32 `[probes, filters of all layers, 6]`, says about a layer's filters. */
import type { LayerLayout } from "../types";
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

function rowOf(data: Float32Array, filters: number, probe: number, layer: LayerLayout): Float32Array {
  const from = STATISTICS * (probe * filters + layer.first_filter);
  return data.subarray(from, from + STATISTICS * layer.filters);
}

function checked(statistics: NpyArray, layer: LayerLayout): { data: Float32Array; probes: number; filters: number } {
  const [probes = 0, filters = 0] = statistics.shape;
  const data = asFloats(statistics, [probes, filters, STATISTICS]);
  if (layer.first_filter + layer.filters > filters) {
    throw new NpyError(`statistics.npy holds ${filters} filters: too few for layer ${layer.name}`);
  }
  return { data, probes, filters };
}

/** The statistics of one layer over one probe. */
export function layerStatistics(statistics: NpyArray, probe: number, layer: LayerLayout): LayerStatistics {
  const { data, probes, filters } = checked(statistics, layer);
  if (probe >= probes) throw new NpyError(`statistics.npy holds ${probes} probes: none is number ${probe}`);
  const row = rowOf(data, filters, probe, layer);
  const pick = (which: number): Float32Array =>
    Float32Array.from({ length: layer.filters }, (_, filter) => row[STATISTICS * filter + which] ?? NaN);
  return { min: pick(0), max: pick(1), mean: pick(2), deviation: pick(3), active: pick(4), nonFinite: pick(5) };
}

/** The mean of each of a layer's filters over each probe, `[probes, filters]`; NaN where not logged. */
export function meansOfProbes(statistics: NpyArray, layer: LayerLayout): Float32Array {
  const { probes } = checked(statistics, layer);
  const means = new Float32Array(probes * layer.filters);
  for (let probe = 0; probe < probes; probe++) {
    means.set(layerStatistics(statistics, probe, layer).mean, probe * layer.filters);
  }
  return means;
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

/** The state of each filter of a layer over every probe that was logged. */
export function filterStates(statistics: NpyArray, layer: LayerLayout): readonly FilterState[] {
  const { data, probes, filters } = checked(statistics, layer);
  return Array.from({ length: layer.filters }, (_, filter) => {
    let min = Infinity;
    let max = -Infinity;
    for (let probe = 0; probe < probes; probe++) {
      const at = STATISTICS * (probe * filters + layer.first_filter + filter);
      // Comparisons with NaN are false: what was not logged counts for nothing.
      if ((data[at] ?? NaN) < min) min = data[at] ?? NaN;
      if ((data[at + 1] ?? NaN) > max) max = data[at + 1] ?? NaN;
    }
    if (min > max) return "unknown";
    if (min === max && max !== 0) return "constant";
    return max <= 0 ? "silent" : "active";
  });
}
