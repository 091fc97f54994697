/** Maps as bundles store them have their columns first, which takes less room; all that draws them wants rows first. */
import type { Member } from "../types";
import type { NpyArray } from "./npy";

/** A member as all that draws it wants it. */
export function arranged(stored: NpyArray, member: Member | string): NpyArray {
  return typeof member === "object" && "filters" in member ? upright(stored) : stored;
}

/** `[filters, windows, columns, rows]` to `[filters, windows, rows, columns]`. */
export function upright(stored: NpyArray): NpyArray {
  const [filters = 0, windows = 0, columns = 0, rows = 0] = stored.shape;
  const shape = [filters, windows, rows, columns];
  const codes = stored.data;
  // Numbers, one for each window, have no map to turn.
  if (!(codes instanceof Uint8Array) || rows === 1 || columns === 1) return { ...stored, shape };
  const data = new Uint8Array(codes.length);
  for (let map = 0; map < data.length; map += rows * columns) {
    for (let row = 0, at = map; row < rows; row++) {
      for (let column = 0; column < columns; column++) data[at++] = codes[map + column * rows + row] ?? 0;
    }
  }
  return { shape, data };
}
