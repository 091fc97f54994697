/** What a cell of a tile is: in words, and where it lies on the input. */
import { MARKS } from "./caption";
import type { Shown } from "./derived";
import { filterTitle } from "./filter_title";
import { outsideText } from "./outside_words";
import type { Picture } from "./pictures";
import {
  cellToHertz,
  cellToSeconds,
  hertzToCell,
  ownStretch,
  receptiveField,
  seesWhole,
  sideOf,
  spanToSeconds,
  type CellSpan,
} from "./pure/axes";
import { colourOf } from "./pure/colormap";
import type { Paint } from "./pure/draw";
import { tileAt, type Tiles } from "./pure/layout";
import { mapAxes, stripCellAt, windowCellAt, type Cell } from "./pure/placement";
import { liesOutside } from "./pure/outside";
import { columnAt, type RasterData } from "./pure/raster";
import { rowsSharing } from "./pure/raster_layout";
import { readStrip, readWindow, type Reading } from "./pure/readings";
import { brightness } from "./pure/shrink";
import { xToTime } from "./pure/timing";
import type { ClipMaps } from "./pure/values";
import type { Scores } from "./ranking";
import type { CellAxis, Edges, StripGrid } from "./types";
import { hertz as hertzText, number, seconds as secondsText } from "./words";

/** A cell that is pointed at, in words, and where it lies on the input. */
export interface Pointed {
  readonly filter: number;
  readonly text: string;
  /** Null where the tile shows no cell at this place. */
  readonly stretch: Area | null;
  readonly field: Area | null;
}

/** Null along an axis means all of it. */
export interface Area {
  readonly seconds: Edges | null;
  /** Shares of the input's height, from its lowest edge. */
  readonly height: readonly [from: number, to: number] | null;
}

/** Tiles as laid out on the grid's canvas. */
export interface TileView extends Tiles {
  /** Of the canvas, on the page; `room` is its width while nothing stands beside it. */
  readonly page: { readonly left: number; readonly width: number; readonly room: number };
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

/** CSS pixels from the canvas's top left corner. */
export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
}

/** The filter whose map lies under a point of the canvas, and where on it as fractions from its top left. */
export function tileUnder(view: TileView | null, at: CanvasPoint | null): TileUnder | null {
  if (view === null || at === null) return null;
  const top = at.y - view.top + view.scrollTop;
  const hit = tileAt(view.grid, at.x - view.left, top);
  const filter = view.filters[hit?.position ?? -1];
  if (hit === null || filter === undefined) return null;
  const [first, end] = rowsSharing(view.grid, view.ratio, hit.position, top);
  return { filter, sharing: view.filters.slice(first, end), x: hit.x, y: hit.y };
}

export interface TileUnder {
  readonly filter: number;
  /** The filters whose rows share the pixel under the point; one where rows have pixels of their own. */
  readonly sharing: readonly number[];
  readonly x: number;
  readonly y: number;
}

export interface PointingContext {
  readonly shown: Shown;
  readonly seconds: Edges;
  readonly window: number;
  readonly paint: Paint;
  /** Centre frequency of each row of the input; null where it has none. */
  readonly hertz: readonly number[] | null;
  /** What tiles are sorted by; null where that is no score. */
  readonly scores: Scores | null;
  /** Maps of the same shape and places, A, that what is shown, B, is compared with. */
  readonly against: Shown | null;
}

const GAP = "  ·  ";

interface Located {
  readonly reading: Reading;
  readonly time: { readonly axis: CellAxis; readonly index: number; readonly window: Edges } | null;
  readonly frequency: { readonly axis: CellAxis; readonly index: number } | null;
  /** Where the value stands if the axes cannot tell. */
  readonly seconds: number | null;
  readonly maximum: boolean;
}

/** `x` and `y` are fractions of the tile from its top left; null outside it. */
export function pointAt(context: PointingContext, { filter, sharing, x, y }: TileUnder): Pointed | null {
  const { shown } = context;
  if (shown.kind === "raster") return inRaster(context, shown, sharing, x);
  const locate = (of: Shown): Located | null => {
    if (of.kind === "raster") return null;
    return of.kind === "strip" ? inStrip(context, of, filter, x, y) : inWindow(context, of, filter, x, y);
  };
  const located = locate(shown);
  if (located === null) return x >= 0 && x < 1 && y >= 0 && y < 1 ? nothingAt(context, filter, x) : null;
  const before = context.against === null ? null : (locate(context.against)?.reading ?? null);
  return said(context, filter, located, { x, before });
}

function nothingAt(context: PointingContext, filter: number, x: number): Pointed {
  const parts = [
    titleOf(context.shown, filter),
    "nothing is centred here",
    outsideText(context.shown, context.seconds, filter, x),
  ];
  return { filter, text: parts.filter((part) => part !== null).join(GAP), stretch: null, field: null };
}

function titleOf(shown: Shown, filter: number): string {
  const state = shown.picture.states[filter] ?? "unknown";
  return `Filter ${filterTitle(shown, filter)}${state === "active" ? "" : ` (${MARKS[state].word})`}`;
}

function said(
  context: PointingContext,
  filter: number,
  located: Located,
  { x, before }: { readonly x: number; readonly before: Reading | null },
): Pointed {
  const { shown, seconds, hertz, scores } = context;
  const { time, frequency } = located;
  const { layer } = shown.picture.maps;
  const height = { own: layer.hertz, input: hertz };
  const parts = [
    titleOf(shown, filter),
    frequencyText(located, layer.hertz ?? hertz),
    timeText(located),
    `${located.maximum ? "largest in the window " : ""}${valueText(located.reading, before)}`,
    scores?.say(filter) ?? null,
    sightText(located),
    outsideText(shown, seconds, filter, x),
  ].filter((part) => part !== null);
  if ((time?.axis.approximate ?? false) || (frequency?.axis.approximate ?? false)) parts.push("place approximate");
  return {
    filter,
    text: parts.join(GAP),
    stretch: areaOf(located, ownStretch, height),
    field: areaOf(located, receptiveField, height),
  };
}

type Of<K extends Shown["kind"]> = Extract<Shown, { kind: K }>;

/** Of rows that share a pixel the one that it shows. */
function inRaster(
  context: PointingContext,
  shown: Of<"raster">,
  sharing: readonly number[],
  x: number,
): Pointed | null {
  const { maps, times } = shown.picture;
  const column = columnAt(maps, xToTime(x, context.seconds, 1));
  const filter = brightest(context, maps, sharing, column);
  if (filter === null) return null;
  const window = maps.windows[column ?? -1] ?? -1;
  const reading = column === null ? null : readStrip(maps, filter, 0, column);
  const edges = times[window];
  if (column === null || reading === null || edges === undefined) return nothingAt(context, filter, x);
  const { against } = context;
  const before = against?.kind === "raster" ? readStrip(against.picture.maps, filter, 0, column) : null;
  if (maps.grid !== null) {
    return said(context, filter, columnOf(shown.picture, maps.grid, { column, row: 0 }, reading), { x, before });
  }
  const parts = [
    titleOf(shown, filter),
    sharing.length > 1 ? `brightest of ${sharing.length} rows here` : null,
    `window ${window + 1} of ${times.length}, ${secondsText(edges[0])} to ${secondsText(edges[1])}`,
    `${maps.gives === "maximum" ? "largest " : ""}${valueText(reading, before)}${liesOutside(maps.outside, filter, window) ? " (in cells that strips leave out)" : ""}`,
    context.scores?.say(filter) ?? null,
  ].filter((part) => part !== null);
  return {
    filter,
    text: parts.join(GAP),
    stretch: { seconds: maps.stretches[column] ?? null, height: null },
    field: { seconds: edges, height: null },
  };
}

function brightest(
  { paint }: PointingContext,
  maps: RasterData,
  sharing: readonly number[],
  column: number | null,
): number | null {
  const lightOf = (filter: number): number => {
    if (paint.own !== undefined) return column === null ? -1 : paint.own.weightOf(filter, 0, column);
    const value = column === null ? NaN : (readStrip(maps, filter, 0, column)?.value ?? NaN);
    return brightness(colourOf(value, paint.divisors[filter] ?? 1, paint.map));
  };
  return sharing.reduce<number | null>(
    (best, filter) => (best === null || lightOf(filter) > lightOf(best) ? filter : best),
    null,
  );
}

function inStrip(
  { seconds }: PointingContext,
  shown: Of<"strip">,
  filter: number,
  x: number,
  y: number,
): Located | null {
  const { maps } = shown.picture;
  const cell = stripCellAt(maps, seconds, x, y);
  const reading = cell === null ? null : readStrip(maps, filter, cell.row, cell.column);
  if (cell === null || reading === null) return null;
  if (!maps.fromEnvelope) return columnOf(shown.picture, maps.grid, cell, reading);
  return { reading, time: null, frequency: null, seconds: maps.grid.centres[cell.column] ?? null, maximum: true };
}

/** A cell of a strip. */
function columnOf(
  { maps: { layer }, times }: Picture<ClipMaps>,
  { windows, columns, centres }: StripGrid,
  { row, column }: Cell,
  reading: Reading,
): Located {
  const window = times[windows[column] ?? -1];
  const index = columns[column] ?? 0;
  return {
    reading,
    time: layer.time === null || window === undefined ? null : { axis: layer.time, index, window },
    frequency: layer.frequency === null ? null : { axis: layer.frequency, index: row },
    seconds: centres[column] ?? null,
    maximum: false,
  };
}

function inWindow(
  { window }: PointingContext,
  shown: Of<"window">,
  filter: number,
  x: number,
  y: number,
): Located | null {
  const { maps, times } = shown.picture;
  const cell = windowCellAt(maps, x, y);
  const reading = cell === null ? null : readWindow(maps, { filter, window, ...cell });
  const edges = times[window];
  if (cell === null || reading === null || edges === undefined) return null;
  const { time, frequency } = mapAxes(maps);
  return {
    reading,
    time: time === null ? null : { axis: time, index: cell.column, window: edges },
    frequency: frequency === null ? null : { axis: frequency, index: cell.row },
    seconds: time === null ? (edges[0] + edges[1]) / 2 : null,
    maximum: maps.fromEnvelope,
  };
}

/** A padding's child has a place in the arithmetic, but none among the input's frequencies or seconds. */
function frequencyText({ frequency }: Located, hertz: readonly number[] | null): string | null {
  if (frequency === null) return null;
  const { axis, index } = frequency;
  const side = sideOf(axis, index);
  if (side !== 0) return side < 0 ? "below the lowest frequency" : "above the highest frequency";
  return hertz?.length === axis.cells ? hertzText(cellToHertz(axis.centres[index] ?? NaN, hertz)) : null;
}

function timeText({ time, seconds }: Located): string | null {
  if (time === null) return seconds === null ? null : secondsText(seconds);
  const side = sideOf(time.axis, time.index);
  if (side !== 0) return side < 0 ? "before the window" : "after the window";
  return secondsText(centreSeconds(time));
}

function sightText({ time, frequency }: Located): string | null {
  if (time === null || !seesWhole(time.axis, time.index)) return null;
  const allRows = frequency === null || seesWhole(frequency.axis, frequency.index);
  return allRows ? "sees the whole window" : "sees the window's whole length";
}

function centreSeconds({ axis, index, window }: NonNullable<Located["time"]>): number {
  return cellToSeconds(axis.centres[index] ?? NaN, axis.cells, window);
}

/** Frequencies of a layer's rows where they are not the input's, and of the input's. */
interface Heights {
  readonly own: readonly number[] | null;
  readonly input: readonly number[] | null;
}

function areaOf(
  { time, frequency }: Located,
  span: (axis: CellAxis, index: number) => CellSpan,
  heights: Heights,
): Area {
  return {
    seconds: time === null ? null : spanToSeconds(span(time.axis, time.index), time.axis, time.window),
    height: frequency === null ? null : heightOf(span(frequency.axis, frequency.index), frequency.axis, heights),
  };
}

function heightOf(span: CellSpan, { cells }: CellAxis, { own, input }: Heights): readonly [number, number] | null {
  if (own === null) return shareOf(span, cells);
  if (input === null) return null;
  const [from, to] = span.map((cell) => hertzToCell(cellToHertz(cell, own), input));
  const within = (cell: number): number => Math.min(Math.max(cell, -0.5), input.length - 0.5);
  return shareOf([within(from ?? NaN), within(to ?? NaN)], input.length);
}

function shareOf([from, to]: CellSpan, cells: number): readonly [number, number] {
  return [(from + 0.5) / cells, (to + 0.5) / cells];
}

/** `before` is A's reading of the same cell. */
function valueText(reading: Reading, before: Reading | null): string {
  if (before === null) return plainText(reading);
  const difference = reading.value - before.value;
  const sides = `A ${plainText(before)}  ·  B ${plainText(reading)}  ·  B − A`;
  if (!Number.isFinite(difference)) return `${sides} none`;
  const sign = difference > 0 ? "+" : "";
  const below = Math.abs(difference) < Math.min(before.halfStep, reading.halfStep);
  return `${sides} ${sign}${number(difference)}${below ? ", less than either is exact to" : ""}`;
}

function plainText({ value, halfStep, special }: Reading): string {
  if (special !== null) return special;
  return halfStep > 0 ? `${number(value)} ± ${number(halfStep)}` : number(value);
}
