/** The column of the layer that stands for the present moment: marked in every tile, and told in words. */
import type { Shown } from "./derived";
import { cellToSeconds } from "./pure/axes";
import { nearestStripColumn, nearestWindowColumn } from "./pure/nearest";
import { mapAxes } from "./pure/placement";
import { centreOf, timeToX } from "./pure/timing";
import type { ClipMaps } from "./pure/values";
import type { Edges, StripGrid } from "./types";
import { seconds as secondsText } from "./words";

export interface Lit {
  /** The window that the column is of. */
  readonly window: number;
  /** Which of the window's columns; null where the layer gives each window but one number. */
  readonly column: number | null;
  /** Its true centre. */
  readonly seconds: number;
  /** Where it stands on a tile's width, as fractions. */
  readonly across: readonly [from: number, to: number];
  readonly text: string;
}

export interface Moment {
  readonly time: number;
  readonly window: number | null;
  /** What tiles show from left to right, but for those of single windows. */
  readonly seconds: Edges;
}

/** Null where the layer has no column for this moment, or its columns' places are not known. */
export function litColumn(shown: Shown, moment: Moment): Lit | null {
  if (shown.kind === "window") return inWindow(shown, moment);
  const { maps, times } = shown.picture;
  if ("fromEnvelope" in maps && maps.fromEnvelope) return null;
  if (maps.grid !== null) return inStrip(maps, maps.grid, moment);
  if (!("gives" in maps) || moment.window === null) return null;
  const stretch = maps.stretches[maps.windows.indexOf(moment.window)];
  const edges = times[moment.window];
  if (stretch === undefined || edges === undefined) return null;
  const centre = centreOf(edges);
  const across = acrossOf(stretch, moment.seconds);
  return { window: moment.window, column: null, seconds: centre, across, text: said(moment.window, null, centre) };
}

function inStrip({ layer, reached }: ClipMaps, grid: StripGrid, { time, seconds }: Moment): Lit | null {
  const place = nearestStripColumn(grid, reached, time);
  if (place === null) return null;
  const [window = 0, column = 0, centre = NaN] = [grid.windows[place], grid.columns[place], grid.centres[place]];
  const from = grid.start + place * grid.step;
  const own = layer.time === null ? null : { column, of: layer.shape[1] };
  return {
    window,
    column: own?.column ?? null,
    seconds: centre,
    across: acrossOf([from, from + grid.step], seconds),
    text: said(window, own, centre),
  };
}

function inWindow({ picture }: Extract<Shown, { kind: "window" }>, { time, window }: Moment): Lit | null {
  const { maps, times } = picture;
  const axis = mapAxes(maps).time;
  const edges = times[window ?? -1];
  if (axis === null || window === null || edges === undefined) return null;
  const column = nearestWindowColumn(axis, edges, time);
  if (column === null) return null;
  const centre = cellToSeconds(axis.centres[column] ?? NaN, axis.cells, edges);
  return {
    window,
    column,
    seconds: centre,
    across: [column / maps.columns, (column + 1) / maps.columns],
    text: said(window, { column, of: maps.columns }, centre),
  };
}

function acrossOf([from, to]: Edges, seconds: Edges): readonly [number, number] {
  return [timeToX(from, seconds, 1), timeToX(to, seconds, 1)];
}

function said(window: number, own: { readonly column: number; readonly of: number } | null, centre: number): string {
  const place = own === null ? [] : [own.column + 1, own.of].map((number) => number.toLocaleString("en"));
  const column = own === null ? "" : `column ${place.join(" of ")} in `;
  return `${column}window ${window + 1}, centred at ${secondsText(centre)}`;
}
