/** Pixels of a raster: across one per pixel of the screen, so that each window begins where its seconds do. */
import type { Edges } from "../types";
import { fillStrip, type Paint } from "./draw";
import type { RasterData } from "./raster";
import { shrinkSlot, type Fit } from "./shrink";
import { timeToX } from "./timing";

export interface RasterPixels {
  readonly pixels: Uint32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/**
 * First and past-the-last column of each pixel of an axis that shows `seconds`: the one that its middle lies in, and any that
 * are too narrow to hold the middle of a pixel. Empty where there is none.
 */
export function pixelColumns(stretches: readonly Edges[], seconds: Edges, pixels: number): Fit {
  const spans = Array.from({ length: pixels }, (): [first: number, end: number] => [0, 0]);
  const add = (pixel: number, column: number): void => {
    const span = spans[pixel];
    if (span === undefined) return;
    if (span[0] === span[1]) span[0] = column;
    span[1] = column + 1;
  };
  for (const [column, [start, end]] of stretches.entries()) {
    const [left, right] = [timeToX(start, seconds, pixels), timeToX(end, seconds, pixels)];
    const from = Math.max(Math.ceil(left - 0.5), 0);
    const to = Math.min(Math.ceil(right - 0.5), pixels);
    if (Math.ceil(right - 0.5) <= Math.ceil(left - 0.5)) add(Math.floor((left + right) / 2), column);
    for (let pixel = from; pixel < to; pixel++) add(pixel, column);
  }
  return { size: pixels, from: 0, extent: pixels, spans };
}

/** Draws the rows of `filters` from top to bottom; rows and columns that share a pixel leave it to their brightest cell. */
export function rasterPixels(
  maps: RasterData,
  filters: readonly number[],
  paint: Paint,
  { columns, rows }: { readonly columns: Fit; readonly rows: Fit },
): RasterPixels {
  const across = maps.columns;
  const whole: Fit = { size: across, from: 0, extent: across, spans: null };
  let cells = new Uint32Array(across * filters.length);
  for (const [row, filter] of filters.entries()) {
    fillStrip({ pixels: cells, first: row * across, pitch: across }, maps, filter, paint);
  }
  if (rows.spans !== null) {
    const fewer = new Uint32Array(across * rows.size);
    const into = { pixels: fewer, first: 0, pitch: across };
    shrinkSlot({ pixels: cells, first: 0, pitch: across }, into, whole, rows, paint.own?.weight);
    cells = fewer;
  }
  const height = rows.spans === null ? filters.length : rows.size;
  const pixels = new Uint32Array(columns.size * height);
  const each: Fit = { size: height, from: 0, extent: height, spans: null };
  const from = { pixels: cells, first: 0, pitch: across };
  shrinkSlot(from, { pixels, first: 0, pitch: columns.size }, columns, each, paint.own?.weight);
  return { pixels, width: columns.size, height };
}
