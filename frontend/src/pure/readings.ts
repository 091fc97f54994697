/** What a cell says when it is pointed at. */
import { CODE_NAN, decode, LARGEST_CODE, type Ranges } from "./codes";
import { cellsOfWindow, type ClipMaps, type WindowData } from "./values";

/** What a cell says: its value, and how far the true one may be from it. `special` names a value that is not finite. */
export interface Reading {
  readonly value: number;
  readonly halfStep: number;
  readonly special: "NaN" | "Infinity" | "-Infinity" | null;
}

function reading(value: number, halfStep: number): Reading {
  if (Number.isNaN(value)) return { value, halfStep: 0, special: "NaN" };
  if (!Number.isFinite(value)) return { value, halfStep: 0, special: value > 0 ? "Infinity" : "-Infinity" };
  return { value, halfStep, special: null };
}

function readCode(code: number, ranges: Ranges, block: number, filter: number): Reading {
  const at = block * ranges.filters + filter;
  const lo = ranges.lo[at] ?? NaN;
  const hi = ranges.hi[at] ?? NaN;
  return reading(decode(code, lo, hi), (hi - lo) / LARGEST_CODE / 2);
}

/** What a clip-long map says at a cell; null outside it or where the column is not reached. */
export function readStrip(strip: ClipMaps, filter: number, row: number, column: number): Reading | null {
  const { filters, rows, columns, cells } = strip;
  if (!within(filter, filters) || !within(row, rows) || !within(column, columns)) return null;
  if (strip.reached[column] !== 1) return null;
  const at = (filter * rows + row) * columns + column;
  if (cells.kind === "floats") return reading(cells.values[at] ?? NaN, 0);
  return readCode(cells.codes[at] ?? CODE_NAN, cells.ranges, strip.columnBlock[column] ?? 0, filter);
}

/** What a window's map says at a cell; null outside it or where the filter's chunk has not come. */
export function readWindow(
  data: WindowData,
  { filter, window, row, column }: { filter: number; window: number; row: number; column: number },
): Reading | null {
  const { windows, rows, columns, ranges } = data;
  if (!within(window, windows) || !within(row, rows) || !within(column, columns)) return null;
  const cells = cellsOfWindow(data, filter, window);
  if (cells === null) return null;
  const stored = cells.data[cells.first + row * columns + column] ?? NaN;
  if (ranges === null) return reading(stored, 0);
  return readCode(stored, ranges, data.windowBlock[window] ?? 0, filter);
}

/** Writes a filter's values `[rows, columns]`, NaN where a column is not reached. */
export function readFilter(maps: ClipMaps, filter: number, into: Float64Array): void {
  const { rows, columns, cells, columnBlock, reached } = maps;
  const size = rows * columns;
  const first = filter * size;
  for (let at = 0; at < size; at++) {
    const column = at % columns;
    if (reached[column] !== 1) {
      into[at] = NaN;
    } else if (cells.kind === "floats") {
      into[at] = cells.values[first + at] ?? NaN;
    } else {
      const { ranges } = cells;
      const range = (columnBlock[column] ?? 0) * ranges.filters + filter;
      into[at] = decode(cells.codes[first + at] ?? CODE_NAN, ranges.lo[range] ?? NaN, ranges.hi[range] ?? NaN);
    }
  }
}

function within(index: number, size: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < size;
}
