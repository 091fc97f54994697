/** Where maps lie in an atlas: pixels that hold filters side by side, in slots of equal size. */

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

/** A rectangle of an array of pixels: its top left one, and the way to the next row. */
export interface Region {
  readonly pixels: Uint32Array;
  readonly first: number;
  readonly pitch: number;
}

/** The pixels of a slot. */
export function slotRegion(pixels: Uint32Array, atlas: Atlas, slot: number): Region {
  const { x, y } = slotOrigin(atlas, slot);
  return { pixels, first: y * atlas.width + x, pitch: atlas.width };
}
