/** Windows on the clip's seconds, and seconds on the screen. Edges are outer edges; a window's centre is the mean of its edges. */
import type { Edges } from "../types";

export function centreOf([start, end]: Edges): number {
  return (start + end) / 2;
}

/** The window whose centre is nearest to `seconds`, the first of several equally near; null without windows. */
export function windowAt(times: readonly Edges[], seconds: number): number | null {
  let nearest: number | null = null;
  let least = Infinity;
  for (const [window, edges] of times.entries()) {
    const distance = Math.abs(centreOf(edges) - seconds);
    if (distance < least) {
      nearest = window;
      least = distance;
    }
  }
  return nearest;
}

/** The time at which the window `distance` places on is the current one: its centre, inside the clip. */
export function stepWindow(times: readonly Edges[], seconds: number, distance: number, duration: number): number {
  const window = windowAt(times, seconds);
  if (window === null) return seconds;
  const goal = times[Math.min(Math.max(window + distance, 0), times.length - 1)] ?? [0, 0];
  return Math.min(Math.max(centreOf(goal), 0), duration);
}

/** Where a time lies on an axis of `width` pixels that shows `seconds`; outside it where the time is. */
export function timeToX(time: number, seconds: Edges, width: number): number {
  return ((time - seconds[0]) / (seconds[1] - seconds[0])) * width;
}

/** The inverse of `timeToX`. */
export function xToTime(x: number, seconds: Edges, width: number): number {
  return seconds[0] + (x / width) * (seconds[1] - seconds[0]);
}

/** Round steps for the labels of an axis: at most `most` of them, at multiples of 1, 2 or 5 times a power of ten. */
export function ticks([start, end]: readonly [number, number], most: number): readonly number[] {
  const least = (end - start) / Math.max(most, 1);
  if (!(least > 0) || !Number.isFinite(least)) return [];
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
  const first = Math.ceil(start / step - 1e-9);
  const last = Math.floor(end / step + 1e-9);
  const digits = Math.max(-Math.floor(Math.log10(step) + 1e-9), 0);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toFixed(digits)));
}
