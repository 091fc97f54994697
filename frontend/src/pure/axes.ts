/**
 * A layer's columns and rows on the input's cells. Cell 0's centre is 0, so an axis of n cells reaches from -1/2 to n - 1/2.
 * A column or row centred outside those edges is padding's child: nothing of the input lies under its centre.
 */
import type { CellAxis, Edges } from "../types";

/** From and to, in input cells. */
export type CellSpan = readonly [from: number, to: number];

export function axisEdges(axis: CellAxis): CellSpan {
  return [-0.5, axis.cells - 0.5];
}

/** Centres come rounded: one on the very edge is inside. In cells. */
const TOLERANCE = 1e-6;

/** On which side of the input a column or row is centred: -1 before (below) it, 1 beyond it, 0 on it. */
export function sideOf(axis: CellAxis, index: number): -1 | 0 | 1 {
  const [low, high] = axisEdges(axis);
  const centre = axis.centres[index] ?? NaN;
  if (centre < low - TOLERANCE) return -1;
  return centre > high + TOLERANCE ? 1 : 0;
}

/** True for each column or row whose centre lies on the input. */
export function insideAxis(axis: CellAxis): readonly boolean[] {
  return axis.centres.map((_, index) => sideOf(axis, index) === 0);
}

/** How many of how many columns or rows are centred on the input: "2 of 7 columns lie in the window". */
export function insideCount(axis: CellAxis): { readonly inside: number; readonly total: number } {
  return { inside: insideAxis(axis).filter(Boolean).length, total: axis.centres.length };
}

/** First inside and one past the last inside; `[0, 0]` where none is. */
export function insideRange(axis: CellAxis): readonly [first: number, end: number] {
  const inside = insideAxis(axis);
  const first = inside.indexOf(true);
  return first < 0 ? [0, 0] : [first, inside.lastIndexOf(true) + 1];
}

function clipped(centre: number, width: number, axis: CellAxis): CellSpan {
  const [low, high] = axisEdges(axis);
  const within = (cell: number): number => Math.min(Math.max(cell, low), high);
  return [within(centre - width / 2), within(centre + width / 2)];
}

/** The stretch of a column or row: its centre and half the stride to either side, clipped to the input. Empty outside it. */
export function ownStretch(axis: CellAxis, index: number): CellSpan {
  return clipped(axis.centres[index] ?? NaN, axis.stride, axis);
}

/** What a column or row is computed from, clipped to the input. */
export function receptiveField(axis: CellAxis, index: number): CellSpan {
  return clipped(axis.centres[index] ?? NaN, axis.field, axis);
}

/** "Sees the whole window": the receptive field covers the axis. */
export function seesWhole(axis: CellAxis, index: number): boolean {
  const [low, high] = axisEdges(axis);
  const [from, to] = receptiveField(axis, index);
  return from <= low + TOLERANCE && to >= high - TOLERANCE;
}

/** The time of a position on a window's cells. */
export function cellToSeconds(cell: number, cells: number, [start, end]: Edges): number {
  return start + ((cell + 0.5) / cells) * (end - start);
}

/** A span of a window's cells in seconds. */
export function spanToSeconds([from, to]: CellSpan, axis: CellAxis, window: Edges): Edges {
  return [cellToSeconds(from, axis.cells, window), cellToSeconds(to, axis.cells, window)];
}

/** The frequency at a position on the input's rows: between and beyond the rows' centres it runs on evenly. */
export function cellToHertz(cell: number, hertz: readonly number[]): number {
  const last = hertz.length - 1;
  if (last < 1) return hertz[0] ?? NaN;
  const below = Math.min(Math.max(Math.floor(cell), 0), last - 1);
  const low = hertz[below] ?? NaN;
  const high = hertz[below + 1] ?? NaN;
  return Math.max(low + (cell - below) * (high - low), 0);
}

/** The position on the input's rows of a frequency: the inverse of `cellToHertz`. */
export function hertzToCell(frequency: number, hertz: readonly number[]): number {
  const last = hertz.length - 1;
  if (last < 1) return 0;
  const above = hertz.findIndex((centre) => centre > frequency);
  const below = above < 0 ? last - 1 : Math.min(Math.max(above - 1, 0), last - 1);
  const low = hertz[below] ?? NaN;
  const high = hertz[below + 1] ?? NaN;
  return below + (frequency - low) / (high - low);
}

/** The axis of maps that were pooled from `axis.centres.length` cells to `kept`: even groups, a cell in the middle of its own. */
export function pooledAxis(axis: CellAxis, kept: number): CellAxis {
  const total = axis.centres.length;
  if (kept >= total || kept < 1) return axis;
  const group = Math.ceil(total / kept);
  const centres = Array.from({ length: kept }, (_, index) => {
    const first = axis.centres[Math.min(index * group, total - 1)] ?? NaN;
    const last = axis.centres[Math.min((index + 1) * group, total) - 1] ?? NaN;
    return (first + last) / 2;
  });
  const wider = (group - 1) * axis.stride;
  return { ...axis, centres, stride: axis.stride * group, field: axis.field + wider };
}
