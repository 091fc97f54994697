/** A filter's kernel: the weights by which it weighs what it sees. `[channels, rows, columns]`, row 0 the lowest frequency. */
import type { NpyArray } from "./npy";
import { asFloats } from "./npy";
import type { Box } from "./placement";

export interface Kernel {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  /** Largest finite magnitude; 1 where all are zero. */
  readonly largest: number;
}

/** A filter's part of a layer's kernel member, float32 `[filters, channels, frequency, time]`. */
export function kernelOf(member: NpyArray, filter: number): Kernel {
  const [filters = 0, channels = 0, rows = 0, columns = 0] = member.shape;
  const data = asFloats(member, [filters, channels, rows, columns]);
  const size = channels * rows * columns;
  const values = data.subarray(filter * size, (filter + 1) * size);
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  return { channels, rows, columns, values, largest: largest > 0 ? largest : 1 };
}

export interface KernelCell {
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

/** A weight; NaN outside the kernel. */
export function weightAt({ channels, rows, columns, values }: Kernel, { channel, row, column }: KernelCell): number {
  const inside = channel >= 0 && channel < channels && row >= 0 && row < rows && column >= 0 && column < columns;
  return inside ? (values[(channel * rows + row) * columns + column] ?? NaN) : NaN;
}

const GAP = 10;
const LARGEST_CELL = 26;
const SMALLEST_CELL = 3;

/**
 * Where each channel stands, side by side. Cells are square as long as that leaves them large enough to be told apart; a kernel
 * of but one axis, whose cells would be slivers, is as high as the room.
 */
export function kernelBoxes({ channels, rows, columns }: Kernel, width: number, height: number): readonly Box[] {
  const each = Math.max((width - GAP * (channels - 1)) / Math.max(channels, 1), 1);
  const square = Math.floor(Math.min(each / columns, height / rows, LARGEST_CELL));
  const across = square >= SMALLEST_CELL ? square * columns : Math.min(each, LARGEST_CELL * columns);
  const up = square >= SMALLEST_CELL ? square * rows : Math.min(height, LARGEST_CELL * rows);
  return Array.from({ length: channels }, (_, channel) => ({
    x: channel * (across + GAP),
    y: 0,
    width: across,
    height: up,
  }));
}

/** The cell under a point; null between channels and beyond them. */
export function kernelCellAt(kernel: Kernel, boxes: readonly Box[], x: number, y: number): KernelCell | null {
  const channel = boxes.findIndex((box) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height);
  const box = boxes[channel];
  if (box === undefined) return null;
  const fromTop = Math.floor(((y - box.y) / box.height) * kernel.rows);
  return {
    channel,
    row: kernel.rows - 1 - fromTop,
    column: Math.floor(((x - box.x) / box.width) * kernel.columns),
  };
}
