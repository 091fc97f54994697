/** What is marked as lying outside, in words: of a whole layer, and at one place of a strip. */
import type { Shown } from "./derived";
import { liesOutside, shareOutside } from "./pure/outside";
import { turnsOf } from "./pure/raster";
import { xToTime } from "./pure/timing";
import type { ClipMaps } from "./pure/values";
import type { Edges } from "./types";

/** Of all filters' windows, as a number: where they are is marked. */
export function outsideParts({ outside }: ClipMaps): readonly string[] {
  if (outside === null) return [];
  if (outside.problem !== null) return [`which windows have their maximum in cells left out: ${outside.problem}`];
  return sharePart(shareOutside(outside), "lines");
}

/** The same of one filter. */
export function outsidePartOf({ outside }: ClipMaps, filter: number): readonly string[] {
  return outside === null ? [] : sharePart(shareOutside(outside, filter), "line");
}

function sharePart(share: number, marked: string): readonly string[] {
  if (share === 0) return [];
  const percent = share < 0.01 ? "under 1 %" : `${Math.round(100 * share)} %`;
  return [`in ${percent} of windows the maximum lies outside (${marked})`];
}

/** `x` is a fraction of the tile's width; null where nothing is marked there. */
export function outsideText(shown: Shown, seconds: Edges, filter: number, x: number): string | null {
  if (shown.kind === "window") return null;
  const { maps, times } = shown.picture;
  const time = xToTime(x, seconds, 1);
  const turn = turnsOf(times).find(({ stretch: [start, end] }) => time >= start && time < end);
  if (turn === undefined || !liesOutside(maps.outside, filter, turn.window)) return null;
  return `window ${turn.window + 1} has its maximum in cells left out`;
}
