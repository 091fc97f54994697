/** What a cell of a tile is: in words, and where it lies on the input. */
import type { Shown } from "./derived";
import type { Area, Pointed } from "./panel";
import {
  cellToHertz,
  cellToSeconds,
  ownStretch,
  receptiveField,
  seesWhole,
  spanToSeconds,
  type CellSpan,
} from "./pure/axes";
import { mapAxes, stripCellAt, windowCellAt } from "./pure/placement";
import { readStrip, readWindow, type Reading } from "./pure/readings";
import type { CellAxis, Edges } from "./types";
import { hertz as hertzText, number, seconds as secondsText } from "./words";

export interface PointingContext {
  readonly shown: Shown;
  readonly seconds: Edges;
  readonly window: number;
  /** Centre frequency of each row of the input; null where it has none. */
  readonly hertz: readonly number[] | null;
}

interface Located {
  readonly reading: Reading;
  readonly time: { readonly axis: CellAxis; readonly index: number; readonly window: Edges } | null;
  readonly frequency: { readonly axis: CellAxis; readonly index: number } | null;
  /** Where the value stands if the axes cannot tell. */
  readonly seconds: number | null;
  readonly maximum: boolean;
}

/** `x` and `y` are fractions of the tile from its top left; null where nothing is drawn. */
export function pointAt(context: PointingContext, filter: number, x: number, y: number): Pointed | null {
  const located = context.shown.kind === "strip" ? inStrip(context, filter, x, y) : inWindow(context, filter, x, y);
  if (located === null) return null;
  const { time, frequency } = located;
  const parts = [`Filter ${filter}`];
  const row = frequency === null ? null : (frequency.axis.centres[frequency.index] ?? null);
  if (row !== null && context.hertz?.length === frequency?.axis.cells) {
    parts.push(hertzText(cellToHertz(row, context.hertz ?? [])));
  }
  const at = time === null ? located.seconds : centreSeconds(time);
  if (at !== null) parts.push(secondsText(at));
  parts.push(`${located.maximum ? "largest in the window " : ""}${valueText(located.reading)}`);
  if (time !== null && seesWhole(time.axis, time.index)) parts.push("sees the whole window");
  if ((time?.axis.approximate ?? false) || (frequency?.axis.approximate ?? false)) parts.push("place approximate");
  return {
    filter,
    text: parts.join("  ·  "),
    stretch: areaOf(located, ownStretch),
    field: areaOf(located, receptiveField),
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

function centreSeconds({ axis, index, window }: NonNullable<Located["time"]>): number {
  return cellToSeconds(axis.centres[index] ?? NaN, axis.cells, window);
}

function areaOf({ time, frequency }: Located, span: (axis: CellAxis, index: number) => CellSpan): Area {
  return {
    seconds: time === null ? null : spanToSeconds(span(time.axis, time.index), time.axis, time.window),
    rows: frequency === null ? null : span(frequency.axis, frequency.index),
  };
}

function valueText({ value, halfStep, special }: Reading): string {
  if (special !== null) return special;
  return halfStep > 0 ? `${number(value)} ± ${number(halfStep)}` : number(value);
}
