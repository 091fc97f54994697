/**
 * Colours maps: one pixel per cell into a region of an atlas, which is drawn scaled and without smoothing. Rows are flipped here
 * and where maps are pooled, nowhere else: the highest frequency is on top.
 */
import type { Region } from "./atlas";
import { coloursOf } from "./code_tables";
import { colourOf, TRANSPARENT, type MapName } from "./colormap";
import { cellsOfWindow, type Cells, type ClipMaps, type WindowData } from "./values";

/** How values become colours: a divisor for each filter of the layer. Keep one object for as long as neither changes: tables are kept with it. */
export interface Paint {
  readonly map: MapName;
  readonly divisors: ArrayLike<number>;
  /** Set where cells get their colours otherwise than by their own value. */
  readonly own?: OwnPaint;
}

export interface OwnPaint {
  /** Draws a filter's map or, of single windows, that of window `index`. */
  readonly fill: (into: Region, filter: number, index: number) => void;
  /** Of cells that share a pixel the one whose colour weighs most is seen. */
  readonly weight: (pixel: number) => number;
  /** The weight of a cell of a clip-long map. */
  readonly weightOf: (filter: number, row: number, column: number) => number;
}

/** A map's place: where its lowest row begins, and the way to the row above. */
interface Target {
  readonly pixels: Uint32Array;
  readonly lowest: number;
  readonly pitch: number;
}

function targetOf({ pixels, first, pitch }: Region, rows: number): Target {
  return { pixels, lowest: first + (rows - 1) * pitch, pitch };
}

// One loop for each kind of cell: a loop that met both would run several times slower.

function paintCodes(
  target: Target,
  codes: Uint8Array,
  first: number,
  rows: number,
  columns: number,
  table: Uint32Array,
): void {
  const { pixels, lowest, pitch } = target;
  for (let row = 0; row < rows; row++) {
    const from = first + row * columns;
    const to = lowest - row * pitch;
    for (let column = 0; column < columns; column++) pixels[to + column] = table[codes[from + column] ?? 0] ?? 0;
  }
}

function paintFloats(
  target: Target,
  values: Float32Array,
  first: number,
  [rows, columns]: readonly [number, number],
  divisor: number,
  map: MapName,
): void {
  const { pixels, lowest, pitch } = target;
  for (let row = 0; row < rows; row++) {
    const from = first + row * columns;
    const to = lowest - row * pitch;
    for (let column = 0; column < columns; column++) {
      pixels[to + column] = colourOf(values[from + column] ?? NaN, divisor, map);
    }
  }
}

function clearColumn({ pixels, lowest, pitch }: Target, rows: number, column: number): void {
  for (let row = 0; row < rows; row++) pixels[lowest - row * pitch + column] = TRANSPARENT;
}

/** Draws a filter's clip-long map. Columns that are not reached stay transparent. */
export function fillStrip(into: Region, strip: ClipMaps, filter: number, paint: Paint): void {
  if (paint.own !== undefined) {
    paint.own.fill(into, filter, 0);
    return;
  }
  const { rows, columns, cells, reached } = strip;
  const target = targetOf(into, rows);
  const first = filter * rows * columns;
  if (cells.kind === "floats") {
    paintFloats(target, cells.values, first, [rows, columns], paint.divisors[filter] ?? 1, paint.map);
  } else if (cells.ranges.blocks === 1) {
    paintCodes(target, cells.codes, first, rows, columns, coloursOf(cells.ranges, 0, filter, paint));
  } else {
    paintBlocks(target, strip, cells, filter, paint);
  }
  for (let column = 0; column < columns; column++) if (reached[column] !== 1) clearColumn(target, rows, column);
}

/** As `paintCodes`, each column with the table of its own block. */
function paintBlocks(
  { pixels, lowest, pitch }: Target,
  { rows, columns, columnBlock }: ClipMaps,
  { codes, ranges }: Extract<Cells, { kind: "codes" }>,
  filter: number,
  paint: Paint,
): void {
  for (let column = 0; column < columns; column++) {
    const table = coloursOf(ranges, columnBlock[column] ?? 0, filter, paint);
    const from = filter * rows * columns + column;
    for (let row = 0; row < rows; row++) {
      pixels[lowest - row * pitch + column] = table[codes[from + row * columns] ?? 0] ?? 0;
    }
  }
}

/** Draws a filter's map of one window. A filter whose chunk has not come stays transparent. */
export function fillWindow(into: Region, data: WindowData, window: number, filter: number, paint: Paint): void {
  if (paint.own !== undefined) {
    paint.own.fill(into, filter, window);
    return;
  }
  const { rows, columns, ranges } = data;
  const target = targetOf(into, rows);
  const cells = cellsOfWindow(data, filter, window);
  if (cells === null) {
    for (let column = 0; column < columns; column++) clearColumn(target, rows, column);
    return;
  }
  if (cells.data instanceof Float32Array) {
    paintFloats(target, cells.data, cells.first, [rows, columns], paint.divisors[filter] ?? 1, paint.map);
  } else if (ranges !== null) {
    const colours = coloursOf(ranges, data.windowBlock[window] ?? 0, filter, paint);
    paintCodes(target, cells.data, cells.first, rows, columns, colours);
  }
}

/** Draws plain values `[rows, columns]` from `lowest` to `highest` up a table of 256 colours, row 0 at the bottom. */
export function fillImage(
  pixels: Uint32Array,
  values: Float32Array,
  shape: readonly [rows: number, columns: number],
  [lowest, highest]: readonly [number, number],
  table: Uint32Array,
): void {
  const [rows, columns] = shape;
  const perUnit = 255 / (highest - lowest);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    const to = (rows - 1 - row) * columns;
    for (let column = 0; column < columns; column++) {
      const value = values[from + column] ?? NaN;
      pixels[to + column] = Number.isFinite(value)
        ? (table[Math.round(Math.min(Math.max((value - lowest) * perUnit, 0), 255))] ?? TRANSPARENT)
        : colourOf(value, 1, "magma");
    }
  }
}
