/** Maps as bundles store them have their columns first, which takes less room; all that draws them wants rows first. */
import type { Member } from "../types";
import type { NpyArray } from "./npy";

/** So long the page's own thread is held at a time. */
const SLICE_MILLISECONDS = 8;

/** A member as all that draws it wants it: of windows `[filters, windows, columns, rows]` as `[filters, windows, rows, columns]`. */
export async function arranged(stored: NpyArray, member: Member | string): Promise<NpyArray> {
  if (typeof member === "string" || !("filters" in member)) return stored;
  const [filters = 0, windows = 0, columns = 0, rows = 0] = stored.shape;
  const shape = [filters, windows, rows, columns];
  const codes = stored.data;
  // Numbers, one for each window, have no map to turn.
  if (!(codes instanceof Uint8Array) || rows === 1 || columns === 1) return { ...stored, shape };
  const data = new Uint8Array(codes.length);
  let begun = performance.now();
  for (let map = 0; map < data.length; map += rows * columns) {
    turn(data, codes, map, columns, rows);
    if (performance.now() - begun < SLICE_MILLISECONDS) continue;
    await breath();
    begun = performance.now();
  }
  return { shape, data };
}

function turn(data: Uint8Array, codes: Uint8Array, map: number, columns: number, rows: number): void {
  for (let row = 0, at = map; row < rows; row++) {
    for (let column = 0; column < columns; column++) data[at++] = codes[map + column * rows + row] ?? 0;
  }
}

/** Lets the page do what waits. A message comes at once, where a timer may be held back. */
async function breath(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise((done) => {
    port1.onmessage = done;
    port2.postMessage(null);
  });
  port1.close();
}
