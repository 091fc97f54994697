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
  const peaks = FOUND.get(strip) ?? findPeaks(strip);
  FOUND.set(strip, peaks);
  return peaks;
}

const FOUND = new WeakMap<ClipMaps, Float64Array>();

function findPeaks(strip: ClipMaps): Float64Array {
  const { filters, rows, columns, cells, reached, columnBlock, layer } = strip;
  const frequency = rows === layer.frequency?.centres.length ? layer.frequency : null;
  const [firstRow, endRow] = frequency === null ? [0, rows] : insideRange(frequency);
  const peaks = new Float64Array(filters).fill(-Infinity);
  const line = { codes: new Int16Array(columns), values: new Float32Array(columns) };
  for (let filter = 0; filter < filters; filter++) {
    const highest = highestCode(strip, filter, [firstRow, endRow]);
    if (highest !== null) {
      peaks[filter] = highest;
      continue;
    }
    line.codes.fill(NO_CODE);
    line.values.fill(NaN);
    for (let row = firstRow; row < endRow; row++) {
      const first = (filter * rows + row) * columns;
      if (cells.kind === "floats") largestValues(line.values, cells.values, first);
      else largestCodes(line.codes, cells.codes, first);
    }
    for (let column = 0; column < columns; column++) {
      if (reached[column] !== 1) continue;
      const range = (columnBlock[column] ?? 0) * filters + filter;
      const value =
        cells.kind === "floats"
          ? (line.values[column] ?? NaN)
          : valueOf(line.codes[column] ?? NO_CODE, cells.ranges.lo[range] ?? NaN, cells.ranges.hi[range] ?? NaN);
      if (value > (peaks[filter] ?? NaN)) peaks[filter] = value;
    }
  }
  return peaks;
}

/** Below every code. */
const NO_CODE = -1;

function valueOf(code: number, lo: number, hi: number): number {
  return code === NO_CODE ? NaN : decode(code, lo, hi);
}

/** The value of the highest code where one range holds for the whole strip and a drawn cell has it, as nearly always: found fast. */
function highestCode(
  { cells, rows, columns, reached }: ClipMaps,
  filter: number,
  [firstRow, endRow]: readonly [number, number],
): number | null {
  if (cells.kind === "floats" || cells.ranges.blocks !== 1) return null;
  const { codes, ranges } = cells;
  const drawn = codes.subarray((filter * rows + firstRow) * columns, (filter * rows + endRow) * columns);
  for (let at = drawn.indexOf(LARGEST_CODE); at >= 0; at = drawn.indexOf(LARGEST_CODE, at + 1)) {
    if (reached[at % columns] === 1) return decode(LARGEST_CODE, ranges.lo[filter] ?? NaN, ranges.hi[filter] ?? NaN);
  }
  return null;
}

// One loop for each kind of cell: a loop that met both would run several times slower. As in `pool.ts` that of codes does not
// branch on them: what is beyond `LARGEST_CODE` becomes `NO_CODE`.

function largestCodes(line: Int16Array, codes: Uint8Array, first: number): void {
  const columns = line.length;
  for (let column = 0; column < columns; column++) {
    const code = codes[first + column] ?? 0;
    const most = line[column] ?? 0;
    const over = most - (code | ((LARGEST_CODE - code) >> 31));
    line[column] = most - (over & (over >> 31));
  }
}

function largestValues(line: Float32Array, values: Float32Array, first: number): void {
  for (let column = 0; column < line.length; column++) {
    const value = values[first + column] ?? NaN;
    if (Number.isFinite(value) && !(value <= (line[column] ?? NaN))) line[column] = value;
  }
}
