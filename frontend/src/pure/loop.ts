/** The part of a clip that repeats: start and end in seconds. */
import type { Edges } from "../types";
import { centreOf, windowAt } from "./timing";

export type LoopRegion = readonly [start: number, end: number];

/** Nothing before this many seconds counts as heard, so a loop shorter than it is no loop. */
export const SHORTEST_LOOP = 0.02;

/** Between two times, in whichever order, inside the clip; null where it is too short. */
export function regionBetween(one: number, other: number, duration: number): LoopRegion | null {
  const start = Math.max(Math.min(one, other), 0);
  const end = Math.min(Math.max(one, other), duration);
  return end - start >= SHORTEST_LOOP ? [start, end] : null;
}

/** One edge put to a time, as near to the other edge and to the clip's end as it may be. */
export function moveEdge([start, end]: LoopRegion, edge: "start" | "end", to: number, duration: number): LoopRegion {
  if (edge === "start") return [Math.min(Math.max(to, 0), end - SHORTEST_LOOP), end];
  return [start, Math.max(Math.min(to, duration), start + SHORTEST_LOOP)];
}

/** One edge put to a time; where the other is not beyond it, that goes to its end of the clip. May be too short to be a loop. */
export function edgeAt([start, end]: LoopRegion, edge: "start" | "end", to: number, duration: number): LoopRegion {
  if (edge === "start") return [to, end - to >= SHORTEST_LOOP ? end : duration];
  return [to - start >= SHORTEST_LOOP ? start : 0, to];
}

/** Moved as a whole, as far as the clip's ends let it: its length stays. */
export function shiftRegion([start, end]: LoopRegion, by: number, duration: number): LoopRegion {
  const moved = Math.min(Math.max(by, -start), duration - end);
  return [start + moved, end + moved];
}

export function isWhole(loop: LoopRegion | null, duration: number): boolean {
  return loop !== null && loop[0] <= 0 && loop[1] >= duration;
}

/** Where playing goes on that has come to `position`: past the loop's end as far into its beginning. */
export function wrap([start, end]: LoopRegion, position: number): number {
  return position < end ? position : start + ((position - end) % (end - start));
}

/**
 * The time at which the window `distance` places on is the present one: its centre, but inside the loop. Windows that the loop
 * shows follow each other in a ring, as in playing.
 */
export function stepInLoop(
  times: readonly Edges[],
  seconds: number,
  distance: number,
  [start, end]: LoopRegion,
): number {
  const [first, last, now] = [windowAt(times, start), windowAt(times, end), windowAt(times, seconds)];
  if (first === null || last === null || now === null) return seconds;
  const count = last - first + 1;
  const place = Math.min(Math.max(now, first), last) - first + distance;
  const goal = times[first + (((place % count) + count) % count)] ?? [0, 0];
  return Math.min(Math.max(centreOf(goal), start), end);
}
