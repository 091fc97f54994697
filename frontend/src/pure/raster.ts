/**
 * One row per filter over the clip's seconds. A row shows what its filter gives for each window: its number, or the largest
 * value of its map. Where maps are but one row high, as of raw sound, the row is the strip itself.
 */
import type { Edges, LayerLayout, StripGrid } from "../types";
import { asFloats, type NpyArray } from "./npy";
import type { Outside } from "./outside";
import { centreOf } from "./timing";
import type { ClipMaps, EnvelopeData, StripData } from "./values";

/** What one cell of a row is: a window's number, the largest value of a window's map, a column of the strip. */
export type Gives = "number" | "maximum" | "column";

/** Rows `[filters, 1, columns]`. */
export interface RasterData extends ClipMaps {
  readonly gives: Gives;
  /** The window of each column. */
  readonly windows: readonly number[];
  /** The seconds that each column fills: ascending, none overlapping another. */
  readonly stretches: readonly Edges[];
  /** The grid of the strip that the columns are of; null where they are windows. */
  readonly grid: StripGrid | null;
}

/** A window and the seconds for which a row shows it. */
export interface Turn {
  readonly window: number;
  readonly stretch: Edges;
}

/**
 * In the order of their centres, each window while it is the present one: from half-way to the window before it to half-way
 * to the next, and never outside its own edges. Of windows with one centre only the first has a turn.
 */
export function turnsOf(times: readonly Edges[]): readonly Turn[] {
  const ordered = times
    .map((edges, window) => ({ window, edges, centre: centreOf(edges) }))
    .sort((a, b) => a.centre - b.centre || a.window - b.window)
    .filter(({ centre }, place, all) => centre !== all[place - 1]?.centre);
  return ordered.map(({ window, edges: [start, end], centre }, place) => {
    const before = ordered[place - 1]?.centre ?? -Infinity;
    const after = ordered[place + 1]?.centre ?? Infinity;
    return { window, stretch: [Math.max(start, (before + centre) / 2), Math.min(end, (centre + after) / 2)] };
  });
}

/** Rows of a layer of one number per window: float32 `numbers` `[filters, windows, 1, 1]`. */
export function rasterOfNumbers(layer: LayerLayout, numbers: NpyArray, times: readonly Edges[]): RasterData {
  return rasterOfWindows(layer, "number", asFloats(numbers, [layer.filters, times.length, 1, 1]), times);
}

/** Rows of the largest value of each window's map. */
export function rasterOfMaxima(
  { layer, maximum }: EnvelopeData,
  times: readonly Edges[],
  outside: Outside | null = null,
): RasterData {
  return { ...rasterOfWindows(layer, "maximum", maximum, times), outside };
}

/** Strips of one row each, as rows. */
export function rasterOfStrip({ grid, ...maps }: StripData): RasterData {
  const edge = (column: number): number => grid.start + column * grid.step;
  return {
    ...maps,
    gives: "column",
    windows: grid.windows,
    stretches: grid.windows.map((_, column): Edges => [edge(column), edge(column + 1)]),
    grid,
  };
}

/** `values` is `[filters, windows]`. */
function rasterOfWindows(
  layer: LayerLayout,
  gives: Exclude<Gives, "column">,
  values: Float32Array,
  times: readonly Edges[],
): RasterData {
  const turns = turnsOf(times);
  const columns = turns.length;
  const picked = new Float32Array(layer.filters * columns);
  for (let filter = 0; filter < layer.filters; filter++) {
    for (const [column, { window }] of turns.entries()) {
      picked[filter * columns + column] = values[filter * times.length + window] ?? NaN;
    }
  }
  return {
    layer,
    gives,
    filters: layer.filters,
    rows: 1,
    columns,
    cells: { kind: "floats", values: picked },
    columnBlock: new Int32Array(columns),
    reached: new Uint8Array(columns).fill(1),
    outside: null,
    windows: turns.map(({ window }) => window),
    stretches: turns.map(({ stretch }) => stretch),
    grid: null,
  };
}

/** The column that fills a time; null between columns and beyond them. */
export function columnAt({ stretches, reached }: RasterData, seconds: number): number | null {
  const column = stretches.findIndex(([start, end]) => seconds >= start && seconds < end);
  return column < 0 || reached[column] !== 1 ? null : column;
}
