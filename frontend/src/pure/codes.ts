/**
 * Codes and what they mean. Codes 0 to 252 lie evenly from `lo` to `hi` of the filter and of the block of windows;
 * 253, 254, 255 are -Infinity, +Infinity and NaN.
 */
export const LARGEST_CODE = 252;
export const CODE_NEGATIVE_INFINITY = 253;
export const CODE_POSITIVE_INFINITY = 254;
export const CODE_NAN = 255;

/** `lo` and `hi` of one layer and probe, `[blocks, filters]`. */
export interface Ranges {
  readonly blocks: number;
  readonly filters: number;
  readonly lo: Float32Array;
  readonly hi: Float32Array;
}

/** The value of a code. */
export function decode(code: number, lo: number, hi: number): number {
  if (code <= LARGEST_CODE) return lo + (code / LARGEST_CODE) * (hi - lo);
  if (code === CODE_NEGATIVE_INFINITY) return -Infinity;
  return code === CODE_POSITIVE_INFINITY ? Infinity : NaN;
}

/** The code of a value: the inverse of `decode`, to within half a step. */
export function encode(value: number, lo: number, hi: number): number {
  if (Number.isNaN(value)) return CODE_NAN;
  if (!Number.isFinite(value)) return value > 0 ? CODE_POSITIVE_INFINITY : CODE_NEGATIVE_INFINITY;
  if (!(hi > lo)) return 0;
  return Math.round(Math.min(Math.max((value - lo) / (hi - lo), 0), 1) * LARGEST_CODE);
}

/** The block of each of the windows: `blocks` holds the first window of each block and, last, their number. */
export function blocksOfWindows(blocks: readonly number[], windows: number): Int32Array {
  const blockOf = new Int32Array(windows);
  for (let block = 0; block + 1 < blocks.length; block++) {
    blockOf.fill(block, blocks[block], blocks[block + 1]);
  }
  return blockOf;
}
