/** Orders of a layer's filters: numbers as in the array, in the order to show. Equal ones keep their numbers' order. */
import { readFilter } from "./readings";
import type { FilterState } from "./statistics";
import { isScalarLayer, type StripData } from "./values";

function ordered(count: number, key: (filter: number) => readonly [last: number, value: number]): readonly number[] {
  const keys = Array.from({ length: count }, (_, filter) => key(filter));
  return keys
    .map((_, filter) => filter)
    .sort((a, b) => {
      const [lastA, valueA] = keys[a] ?? [1, 0];
      const [lastB, valueB] = keys[b] ?? [1, 0];
      return lastA - lastB || valueB - valueA || a - b;
    });
}

export function byIndex(filters: number): readonly number[] {
  return ordered(filters, () => [0, 0]);
}

/** Strongest first; `strengths` as of `layerScale`. */
export function byStrength(strengths: ArrayLike<number>): readonly number[] {
  return ordered(strengths.length, (filter) => [0, strengths[filter] ?? 0]);
}

/** Highest score (onset) first; filters without a score, and silent or constant ones, last. */
export function byScore(scores: ArrayLike<number>, states: readonly FilterState[] | null): readonly number[] {
  return ordered(scores.length, (filter) => {
    const score = scores[filter] ?? NaN;
    const state = states?.[filter] ?? "active";
    const last = Number.isNaN(score) || state !== "active";
    return [last ? 1 : 0, Number.isNaN(score) ? 0 : score];
  });
}

/** Why filters cannot be sorted from onset to harmonic: their strips lack a direction to compare. Null where they can. */
export function whyNotByOnset({ layer, rows, columns }: Pick<StripData, "layer" | "rows" | "columns">): string | null {
  if (isScalarLayer(layer)) return "one number per window";
  if (rows < 2) return "maps of one row";
  return columns < 2 ? "maps of one column" : null;
}

/**
 * Onset-to-harmonic score of each filter: sum |dV/dt|^2 / (sum |dV/dt|^2 + sum |dV/df|^2), V the positive part of its strip.
 * Differences are between neighbouring cells, each counted once, where both are reached and finite. 1 is change along time
 * only (an onset: an upright line), 0 along frequency only (a harmonic: a level line); NaN where nothing changes or the
 * strip is but one row or one column, so that one direction has no neighbours to compare.
 */
export function onsetScores(strip: StripData): Float64Array {
  const { filters, rows, columns } = strip;
  const scores = new Float64Array(filters).fill(NaN);
  if (whyNotByOnset(strip) !== null) return scores;
  const values = new Float64Array(rows * columns);
  for (let filter = 0; filter < filters; filter++) scores[filter] = scoreIn(strip, filter, values);
  return scores;
}

/** The same of one filter. */
export function onsetScore(strip: StripData, filter: number): number {
  if (whyNotByOnset(strip) !== null) return NaN;
  return scoreIn(strip, filter, new Float64Array(strip.rows * strip.columns));
}

/** `values` has room for a filter's cells. */
function scoreIn(strip: StripData, filter: number, values: Float64Array): number {
  const { rows, columns } = strip;
  positivePart(strip, filter, values);
  let alongTime = 0;
  let alongFrequency = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const value = values[at] ?? NaN;
      const next = column + 1 < columns ? (values[at + 1] ?? NaN) - value : 0;
      const above = row + 1 < rows ? (values[at + columns] ?? NaN) - value : 0;
      if (next * next > 0) alongTime += next * next;
      if (above * above > 0) alongFrequency += above * above;
    }
  }
  return alongTime / (alongTime + alongFrequency);
}

/** Writes max(0, value) of a filter's cells, in units of its largest so that squares neither vanish nor overflow; NaN where unusable. */
function positivePart(strip: StripData, filter: number, into: Float64Array): void {
  readFilter(strip, filter, into);
  let largest = 0;
  for (let at = 0; at < into.length; at++) {
    const value = into[at] ?? NaN;
    const positive = Number.isFinite(value) ? Math.max(value, 0) : NaN;
    into[at] = positive;
    if (positive > largest) largest = positive;
  }
  if (largest > 0) for (let at = 0; at < into.length; at++) into[at] = (into[at] ?? NaN) / largest;
}
