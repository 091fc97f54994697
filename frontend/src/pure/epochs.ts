/** Which epochs stand for a training: few enough that their maps fit below each other. */
import { asFloats, type NpyArray } from "./npy";
import { STATISTICS } from "./statistics";

export const MOST_EPOCHS = 12;

/** Of ascending places, or of what stands there, those that lie evenly among them, the first and the last included. */
export function evenly<T>(places: readonly T[], most = MOST_EPOCHS): readonly T[] {
  if (places.length <= most) return places;
  const chosen = Array.from({ length: most }, (_, at) => Math.round((at * (places.length - 1)) / (most - 1)));
  return chosen.flatMap((place) => places.slice(place, place + 1));
}

/**
 * The first and the last, and those around the largest changes: with each epoch that changed much the one before it. `changes`
 * tells of each of `places` how much changed since the one before; NaN counts for nothing.
 */
export function aroundChanges(
  places: readonly number[],
  changes: ArrayLike<number>,
  most = MOST_EPOCHS,
): readonly number[] {
  if (places.length <= most) return places;
  const sizeOf = (at: number): number => (Number.isFinite(changes[at]) ? (changes[at] ?? 0) : 0);
  const largest = places.map((_, at) => at).sort((a, b) => sizeOf(b) - sizeOf(a) || a - b);
  const chosen = new Set([0, places.length - 1]);
  for (const at of largest) {
    for (const each of [at, at - 1]) if (each >= 0 && chosen.size < most) chosen.add(each);
  }
  return [...chosen].sort((a, b) => a - b).map((at) => places[at] ?? 0);
}

/**
 * How much a filter's values changed at each of the rows `places` of `statistics` `[steps, filters, 6]`, since the place before:
 * the distance of their means and of their standard deviations, which is the least that its cells can have changed by (root mean
 * square). NaN at the first, and where one was not logged.
 */
export function filterChanges(statistics: NpyArray, places: readonly number[], filter: number): Float64Array {
  const [steps = 0, filters = 0] = statistics.shape;
  const data = asFloats(statistics, [steps, filters, STATISTICS]);
  const at = (place: number, which: number): number => data[STATISTICS * (place * filters + filter) + which] ?? NaN;
  return Float64Array.from(places, (place, index) => {
    const before = places[index - 1];
    if (before === undefined) return NaN;
    return Math.hypot(at(place, MEAN) - at(before, MEAN), at(place, DEVIATION) - at(before, DEVIATION));
  });
}

const MEAN = 2;
const DEVIATION = 3;
