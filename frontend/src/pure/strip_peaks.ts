/** What of a filter's strength its strip can show. */
import { insideRange } from "./axes";
import { decode, LARGEST_CODE } from "./codes";
import type { ClipMaps } from "./values";

/**
 * The largest finite value among the cells that each filter's strip draws; -Infinity where it draws none. A filter's own
 * largest value is greater where it lies in a cell that strips leave out: centred outside its window or the frequency axis, or
 * farther from every grid time than another.
 */
export function stripPeaks(strip: ClipMaps): Float64Array {
  const { filters, rows, columns, cells, reached, columnBlock, layer } = strip;
  const frequency = rows === layer.frequency?.centres.length ? layer.frequency : null;
  const [firstRow, endRow] = frequency === null ? [0, rows] : insideRange(frequency);
  const peaks = new Float64Array(filters).fill(-Infinity);
  for (let filter = 0; filter < filters; filter++) {
    for (let column = 0; column < columns; column++) {
      if (reached[column] !== 1) continue;
      const largest = columnPeak(strip, filter, column, [firstRow, endRow]);
      const range = (columnBlock[column] ?? 0) * filters + filter;
      const value =
        cells.kind === "floats"
          ? largest
          : decode(largest, cells.ranges.lo[range] ?? NaN, cells.ranges.hi[range] ?? NaN);
      if (value > (peaks[filter] ?? NaN)) peaks[filter] = value;
    }
  }
  return peaks;
}

/** The largest code or finite value of a column's rows; NaN where there is none. */
function columnPeak(
  { rows, columns, cells }: ClipMaps,
  filter: number,
  column: number,
  [firstRow, endRow]: readonly [number, number],
): number {
  const stored = cells.kind === "floats" ? cells.values : cells.codes;
  const most = cells.kind === "floats" ? Number.MAX_VALUE : LARGEST_CODE;
  let largest = NaN;
  for (let row = firstRow; row < endRow; row++) {
    const value = stored[(filter * rows + row) * columns + column] ?? NaN;
    if (value <= most && !(value <= largest)) largest = value;
  }
  return largest;
}
