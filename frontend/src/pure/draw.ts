/**
 * Fills atlas pixels with maps. An atlas holds filters side by side in slots of equal size, one pixel per cell; it is drawn
 * scaled and without smoothing. Rows are flipped here and nowhere else: the highest frequency is on top.
 */
import { codeTable, colourOf, TRANSPARENT, type MapName } from "./colormap";
import { chunkOf, type StripData, type WindowData } from "./values";

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

/** How values become colours: a divisor for each filter of the layer. */
export interface Paint {
  readonly map: MapName;
  readonly divisors: ArrayLike<number>;
}

/** Draws strips: `filters[i]` into slot `i`. Columns that are not reached stay transparent. */
export function fillStrips(
  pixels: Uint32Array,
  atlas: Atlas,
  strip: StripData,
  filters: ArrayLike<number>,
  paint: Paint,
): void {
  for (let slot = 0; slot < filters.length; slot++) fillStrip(pixels, atlas, strip, slot, filters[slot] ?? 0, paint);
}

function fillStrip(
  pixels: Uint32Array,
  atlas: Atlas,
  strip: StripData,
  slot: number,
  filter: number,
  { map, divisors }: Paint,
): void {
  const { rows, columns, cells, columnBlock, reached } = strip;
  const divisor = divisors[filter] ?? 1;
  const { x, y } = slotOrigin(atlas, slot);
  // Tables of all blocks one after another: one lookup serves every column.
  const tables = cells.kind === "codes" ? blockTables(strip, filter, divisor, map) : null;
  for (let row = 0; row < rows; row++) {
    const from = (filter * rows + row) * columns;
    const to = (y + rows - 1 - row) * atlas.width + x;
    for (let column = 0; column < columns; column++) {
      let colour = TRANSPARENT;
      if (reached[column] === 1) {
        colour =
          cells.kind === "codes"
            ? (tables?.[((columnBlock[column] ?? 0) << 8) | (cells.codes[from + column] ?? 0)] ?? TRANSPARENT)
            : colourOf(cells.values[from + column] ?? NaN, divisor, map);
      }
      pixels[to + column] = colour;
    }
  }
}

function blockTables({ cells }: StripData, filter: number, divisor: number, map: MapName): Uint32Array {
  if (cells.kind === "floats") return new Uint32Array();
  const { blocks, filters, lo, hi } = cells.ranges;
  const tables = new Uint32Array(256 * blocks);
  for (let block = 0; block < blocks; block++) {
    const at = block * filters + filter;
    tables.set(codeTable(lo[at] ?? NaN, hi[at] ?? NaN, divisor, map), 256 * block);
  }
  return tables;
}

/** Draws the maps of one window: `filters[i]` into slot `i`. A filter whose chunk has not come stays transparent. */
export function fillWindow(
  pixels: Uint32Array,
  atlas: Atlas,
  data: WindowData,
  window: number,
  filters: ArrayLike<number>,
  { map, divisors }: Paint,
): void {
  const { rows, columns, windows, ranges } = data;
  const block = data.windowBlock[window] ?? 0;
  for (let slot = 0; slot < filters.length; slot++) {
    const filter = filters[slot] ?? 0;
    const divisor = divisors[filter] ?? 1;
    const chunk = chunkOf(data, filter);
    const { x, y } = slotOrigin(atlas, slot);
    const range = block * (ranges?.filters ?? 0) + filter;
    const table = ranges && codeTable(ranges.lo[range] ?? NaN, ranges.hi[range] ?? NaN, divisor, map);
    const base = chunk === null ? 0 : ((filter - chunk.first) * windows + window) * rows * columns;
    for (let row = 0; row < rows; row++) {
      const from = base + row * columns;
      const to = (y + rows - 1 - row) * atlas.width + x;
      for (let column = 0; column < columns; column++) {
        const stored = chunk?.data[from + column] ?? NaN;
        const colour = table === null ? colourOf(stored, divisor, map) : (table[stored] ?? TRANSPARENT);
        pixels[to + column] = chunk === null ? TRANSPARENT : colour;
      }
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
