/** Numbers of each filter over a clip, by which clips and runs are compared. */
import type { LayerStatistics } from "./statistics";

export type Measure = "strength" | "mean" | "active";
export const MEASURES: readonly Measure[] = ["strength", "mean", "active"];

/** One number per filter; NaN where none was logged. */
export function measured(statistics: LayerStatistics, measure: Measure): Float64Array {
  if (measure === "mean") return Float64Array.from(statistics.mean);
  if (measure === "active") return Float64Array.from(statistics.active);
  return Float64Array.from(statistics.max, (most) => Math.max(most, 0));
}

/** What bars of all filters share: from the least, at most 0, to the most, at least 0. */
export function barRange(...sides: readonly Float64Array[]): readonly [low: number, high: number] {
  let [low, high] = [0, 0];
  for (const value of sides.flatMap((side) => Array.from(side))) {
    if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return [low, high];
}

/** Where a bar from zero to `value` lies, in shares of the range; of no width where there is no value. */
export function barOf(value: number, [low, high]: readonly [number, number]): { from: number; width: number } {
  const span = high - low || 1;
  const place = (at: number): number => (Math.min(Math.max(at, low), high) - low) / span;
  const end = Number.isNaN(value) ? 0 : value;
  return { from: Math.min(place(0), place(end)), width: Math.abs(place(end) - place(0)) };
}
