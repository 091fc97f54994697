/**
 * Makes maps smaller than one cell per pixel: of the cells that share a pixel the brightest stays, since an onset that is one
 * column wide must be seen in every size. (Taking every n-th cell would show another picture at each size.)
 */
import type { Region } from "./atlas";
import { TRANSPARENT } from "./colormap";

/** One axis of a slot, in cells as they are stored or pooled; positions may be fractional. */
export interface Fit {
  /** Pixels of a slot along this axis. */
  readonly size: number;
  /** What is drawn of the slot. */
  readonly from: number;
  readonly extent: number;
  /** First and past-the-last cell of each pixel; null where each cell has its own. */
  readonly spans: readonly (readonly [first: number, end: number])[] | null;
}

/** Fits the stretch `from` to `from + extent` of `cells` cells into `pixels`, the most that will be drawn. */
export function fitAxis(cells: number, from: number, extent: number, pixels: number): Fit {
  const size = Math.max(Math.floor(pixels), 1);
  if (size >= extent) return { size: cells, from, extent, spans: null };
  const perPixel = extent / size;
  const spans = Array.from({ length: size }, (_, pixel): readonly [number, number] => {
    const first = Math.min(Math.floor(from + pixel * perPixel + SLACK), cells - 1);
    return [first, Math.max(Math.min(Math.ceil(from + (pixel + 1) * perPixel - SLACK), cells), first + 1)];
  });
  return { size, from: 0, extent: size, spans };
}

/** Positions that should be whole are not, in the last bits. */
const SLACK = 1e-6;

/** How much light a colour gives; what is transparent gives less than black. */
export function brightness(pixel: number): number {
  if (pixel === TRANSPARENT) return -1;
  return 2 * (pixel & 255) + 5 * ((pixel >> 8) & 255) + ((pixel >> 16) & 255);
}

/** Copies one slot, pooled as `columns` and `rows` say: of the cells that share a pixel the one of most weight stays. */
export function shrinkSlot(
  source: Region,
  target: Region,
  columns: Fit,
  rows: Fit,
  weight: (pixel: number) => number = brightness,
): void {
  const own = (cell: number): readonly [number, number] => [cell, cell + 1];
  for (let y = 0; y < rows.size; y++) {
    const [top, bottom] = rows.spans?.[y] ?? own(y);
    for (let x = 0; x < columns.size; x++) {
      const [left, right] = columns.spans?.[x] ?? own(x);
      let best = TRANSPARENT;
      let most = -1;
      for (let row = top; row < bottom; row++) {
        const line = source.first + row * source.pitch;
        for (let column = left; column < right; column++) {
          const pixel = source.pixels[line + column] ?? TRANSPARENT;
          const light = weight(pixel);
          if (light > most) {
            most = light;
            best = pixel;
          }
        }
      }
      target.pixels[target.first + y * target.pitch + x] = best;
    }
  }
}
