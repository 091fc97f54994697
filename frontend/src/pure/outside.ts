/** Windows whose largest value lies only in cells that strips leave out: where that is so, a strip shows something else. */
import type { Edges, LayerLayout } from "../types";
import { asCodes, type NpyArray } from "./npy";
import type { Turn } from "./raster";
import { timeToX } from "./timing";

/** Of the filters of one layer and probe. */
export interface Outside {
  /** `[filters, windows]`, 1 where the largest value lies outside. */
  readonly marks: Uint8Array;
  readonly windows: number;
  /** Why the marks cannot be read: none are set then. */
  readonly problem: string | null;
}

/** Joins the outside member, uint8 `[filters, windows]`. */
export function joinOutside({ filters }: LayerLayout, windows: number, array: NpyArray): Outside {
  return { marks: asCodes(array, [filters, windows]), windows, problem: null };
}

export function unreadOutside({ filters }: LayerLayout, windows: number, problem: string): Outside {
  return { marks: new Uint8Array(filters * windows), windows, problem };
}

/** Null of a layer that has no such cells, or is of a log from before they were kept. */
export function liesOutside(outside: Outside | null, filter: number, window: number): boolean {
  return outside?.marks[filter * outside.windows + window] === 1;
}

/** From 0 to 1, of all windows of all filters or of one. */
export function shareOutside({ marks, windows }: Outside, filter: number | null = null): number {
  const own = filter === null ? marks : marks.subarray(filter * windows, (filter + 1) * windows);
  return own.reduce((sum, mark) => sum + mark, 0) / Math.max(own.length, 1);
}

/** Where the marked windows of a filter have their turns on an axis that shows `seconds`, as shares of it; neighbours as one. */
export function markedRuns(
  outside: Outside,
  filter: number,
  turns: readonly Turn[],
  seconds: Edges,
): readonly (readonly [from: number, to: number])[] {
  const runs: [from: number, to: number][] = [];
  let end = NaN;
  for (const { window, stretch } of turns) {
    if (!liesOutside(outside, filter, window)) continue;
    const [from, to] = stretch.map((time) => Math.min(Math.max(timeToX(time, seconds, 1), 0), 1)) as [number, number];
    const last = runs.at(-1);
    if (last !== undefined && stretch[0] === end) last[1] = to;
    else runs.push([from, to]);
    end = stretch[1];
  }
  return runs.filter(([from, to]) => to > from);
}
