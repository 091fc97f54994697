/**
 * Fills atlas pixels with maps. An atlas holds filters side by side in slots of equal size, one pixel per cell; it is drawn
 * scaled and without smoothing. Rows are flipped here and nowhere else: the highest frequency is on top.
 */
import type { Ranges } from "./codes";
import { codeTable, colourOf, TRANSPARENT, type MapName } from "./colormap";
import { chunkOf, type Cells, type ClipMaps, type WindowData } from "./values";

export interface Atlas {
  readonly width: number;
  readonly height: number;
  readonly slots: number;
  /** Slots side by side. */
  readonly across: number;
  readonly slotWidth: number;
  readonly slotHeight: number;
}

/** No canvas side may be longer: below what any browser allows. */
const LONGEST_SIDE = 8192;

/** How many filters of a size fit one atlas. */
export function atlasCapacity(rows: number, columns: number): number {
  return Math.max(Math.floor(LONGEST_SIDE / columns), 1) * Math.max(Math.floor(LONGEST_SIDE / rows), 1);
}

/** A nearly square atlas of `slots` maps. */
export function planAtlas(slots: number, rows: number, columns: number): Atlas {
  const square = Math.ceil(Math.sqrt((slots * rows) / columns));
  const across = Math.min(Math.max(square, 1), Math.max(Math.floor(LONGEST_SIDE / columns), 1), Math.max(slots, 1));
  return {
    width: across * columns,
    height: Math.max(Math.ceil(slots / across), 1) * rows,
    slots,
    across,
    slotWidth: columns,
    slotHeight: rows,
  };
}

/** The top left pixel of a slot. */
export function slotOrigin(atlas: Atlas, slot: number): { readonly x: number; readonly y: number } {
  return { x: (slot % atlas.across) * atlas.slotWidth, y: Math.floor(slot / atlas.across) * atlas.slotHeight };
}

/** How values become colours: a divisor for each filter of the layer. Keep one object for as long as neither changes: tables are kept with it. */
export interface Paint {
  readonly map: MapName;
  readonly divisors: ArrayLike<number>;
  /** Set where cells get their colours otherwise than by their own value. */
  readonly own?: OwnPaint;
}

export interface OwnPaint {
  /** Draws the maps, or of single windows that of window `index`: `filters[i]` into slot `i`. */
  readonly fill: (pixels: Uint32Array, atlas: Atlas, filters: ArrayLike<number>, index: number) => void;
  /** Of cells that share a pixel the one whose colour weighs most is seen. */
  readonly weight: (pixel: number) => number;
  /** The weight of a cell of a clip-long map. */
  readonly weightOf: (filter: number, row: number, column: number) => number;
}

const KEPT_TABLES = new WeakMap<Paint, WeakMap<Ranges, (Uint32Array | undefined)[]>>();

/** Colours of the codes of each filter and block; made when first asked for, since a window comes every few frames. */
function tableOf(ranges: Ranges, block: number, filter: number, paint: Paint): Uint32Array {
  const byRanges = KEPT_TABLES.get(paint) ?? new WeakMap<Ranges, (Uint32Array | undefined)[]>();
  KEPT_TABLES.set(paint, byRanges);
  const tables = byRanges.get(ranges) ?? [];
  byRanges.set(ranges, tables);
  const at = block * ranges.filters + filter;
  return (tables[at] ??= codeTable(ranges.lo[at] ?? NaN, ranges.hi[at] ?? NaN, paint.divisors[filter] ?? 1, paint.map));
}

/** Pixels of one slot: where its lowest row begins, and the way to the row above. */
interface Target {
  readonly pixels: Uint32Array;
  readonly lowest: number;
  readonly pitch: number;
}

function targetOf(pixels: Uint32Array, atlas: Atlas, slot: number): Target {
  const { x, y } = slotOrigin(atlas, slot);
  return { pixels, lowest: (y + atlas.slotHeight - 1) * atlas.width + x, pitch: atlas.width };
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

/** Draws clip-long maps: `filters[i]` into slot `i`. Columns that are not reached stay transparent. */
export function fillStrips(
  pixels: Uint32Array,
  atlas: Atlas,
  strip: ClipMaps,
  filters: ArrayLike<number>,
  paint: Paint,
): void {
  if (paint.own !== undefined) {
    paint.own.fill(pixels, atlas, filters, 0);
    return;
  }
  const { rows, columns, cells, reached } = strip;
  for (let slot = 0; slot < filters.length; slot++) {
    const filter = filters[slot] ?? 0;
    const target = targetOf(pixels, atlas, slot);
    const first = filter * rows * columns;
    if (cells.kind === "floats") {
      paintFloats(target, cells.values, first, [rows, columns], paint.divisors[filter] ?? 1, paint.map);
    } else if (cells.ranges.blocks === 1) {
      paintCodes(target, cells.codes, first, rows, columns, tableOf(cells.ranges, 0, filter, paint));
    } else {
      paintBlocks(target, strip, cells, filter, paint);
    }
    for (let column = 0; column < columns; column++) if (reached[column] !== 1) clearColumn(target, rows, column);
  }
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
    const table = tableOf(ranges, columnBlock[column] ?? 0, filter, paint);
    const from = filter * rows * columns + column;
    for (let row = 0; row < rows; row++) {
      pixels[lowest - row * pitch + column] = table[codes[from + row * columns] ?? 0] ?? 0;
    }
  }
}

/** Draws the maps of one window: `filters[i]` into slot `i`. A filter whose chunk has not come stays transparent. */
export function fillWindow(
  pixels: Uint32Array,
  atlas: Atlas,
  data: WindowData,
  window: number,
  filters: ArrayLike<number>,
  paint: Paint,
): void {
  if (paint.own !== undefined) {
    paint.own.fill(pixels, atlas, filters, window);
    return;
  }
  const { rows, columns, windows, ranges } = data;
  for (let slot = 0; slot < filters.length; slot++) {
    const filter = filters[slot] ?? 0;
    const target = targetOf(pixels, atlas, slot);
    const chunk = chunkOf(data, filter);
    if (chunk === null) {
      for (let column = 0; column < columns; column++) clearColumn(target, rows, column);
      continue;
    }
    const first = ((filter - chunk.first) * windows + window) * rows * columns;
    if (chunk.data instanceof Float32Array) {
      paintFloats(target, chunk.data, first, [rows, columns], paint.divisors[filter] ?? 1, paint.map);
    } else if (ranges !== null) {
      const table = tableOf(ranges, data.windowBlock[window] ?? 0, filter, paint);
      paintCodes(target, chunk.data, first, rows, columns, table);
    }
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
