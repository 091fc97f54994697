/** What a cell of a tile is: in words, and where it lies on the input. */
import type { Shown } from "./derived";
import { filterTitle } from "./filter_title";
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
import { tileAt, type TileGrid } from "./pure/layout";
import { mapAxes, stripCellAt, windowCellAt } from "./pure/placement";
import { readStrip, readWindow, type Reading } from "./pure/readings";
import type { CellAxis, Edges } from "./types";
import { hertz as hertzText, number, score, seconds as secondsText } from "./words";

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

/** Tiles as laid out on the grid's canvas, whose top left corner is `-left`, `scrollTop - top` of the tiles' own. */
export interface TileView {
  readonly grid: TileGrid;
  /** Filters in the order in which their tiles stand. */
  readonly filters: readonly number[];
  readonly left: number;
  readonly top: number;
  readonly scrollTop: number;
  readonly height: number;
}

/** CSS pixels from the canvas's top left corner. */
export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
}

/** The filter whose map lies under a point of the canvas, and where on it as fractions from its top left. */
export function tileUnder(
  view: TileView | null,
  at: CanvasPoint | null,
): { readonly filter: number; readonly x: number; readonly y: number } | null {
  if (view === null || at === null) return null;
  const hit = tileAt(view.grid, at.x - view.left, at.y - view.top + view.scrollTop);
  const filter = view.filters[hit?.position ?? -1];
  return hit === null || filter === undefined ? null : { filter, x: hit.x, y: hit.y };
}

export interface PointingContext {
  readonly shown: Shown;
  readonly seconds: Edges;
  readonly window: number;
  /** Centre frequency of each row of the input; null where it has none. */
  readonly hertz: readonly number[] | null;
  /** Of each filter, 1 for onsets to 0 for harmonics; null where tiles are not sorted so. */
  readonly onsetScores: ArrayLike<number> | null;
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
export function pointAt(context: PointingContext, filter: number, x: number, y: number): Pointed | null {
  const located = context.shown.kind === "strip" ? inStrip(context, filter, x, y) : inWindow(context, filter, x, y);
  if (located === null) {
    if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) return null;
    const title = `Filter ${filterTitle(context.shown, filter)}`;
    return { filter, text: `${title}${GAP}nothing is centred here`, stretch: null, field: null };
  }
  const { time, frequency } = located;
  const { layer } = context.shown.picture.maps;
  const height = { own: layer.hertz, input: context.hertz };
  const parts = [
    `Filter ${filterTitle(context.shown, filter)}`,
    frequencyText(located, layer.hertz ?? context.hertz),
    timeText(located),
    `${located.maximum ? "largest in the window " : ""}${valueText(located.reading)}`,
    sightText(located),
    onsetText(context.onsetScores?.[filter] ?? NaN),
  ].filter((part) => part !== null);
  if ((time?.axis.approximate ?? false) || (frequency?.axis.approximate ?? false)) parts.push("place approximate");
  return {
    filter,
    text: parts.join(GAP),
    stretch: areaOf(located, ownStretch, height),
    field: areaOf(located, receptiveField, height),
  };
}

function inStrip({ shown, seconds }: PointingContext, filter: number, x: number, y: number): Located | null {
  if (shown.kind !== "strip") return null;
  const { maps, times } = shown.picture;
  const cell = stripCellAt(maps, seconds, x, y);
  const reading = cell === null ? null : readStrip(maps, filter, cell.row, cell.column);
  if (cell === null || reading === null) return null;
  const { grid, layer, fromEnvelope } = maps;
  const window = times[grid.windows[cell.column] ?? -1];
  const index = grid.columns[cell.column] ?? 0;
  return {
    reading,
    time: layer.time === null || window === undefined || fromEnvelope ? null : { axis: layer.time, index, window },
    frequency: layer.frequency === null || fromEnvelope ? null : { axis: layer.frequency, index: cell.row },
    seconds: grid.centres[cell.column] ?? null,
    maximum: fromEnvelope,
  };
}

function inWindow({ shown, window }: PointingContext, filter: number, x: number, y: number): Located | null {
  if (shown.kind !== "window") return null;
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
    maximum: false,
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

function onsetText(value: number): string | null {
  return Number.isNaN(value) ? null : `onset ${score(value)}`;
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

function valueText({ value, halfStep, special }: Reading): string {
  if (special !== null) return special;
  return halfStep > 0 ? `${number(value)} ± ${number(halfStep)}` : number(value);
}
