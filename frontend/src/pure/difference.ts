/**
 * B - A, cell by cell and in the layer's own units, of two maps of one shape: of one clip at two epochs. A frame is what is
 * drawn of a filter at once: the whole clip or, of single windows, one of them.
 */
import type { Edges, StripGrid } from "../types";
import { insideRange } from "./axes";
import { decode, LARGEST_CODE } from "./codes";
import { percentileOf } from "./percentile";
import type { RasterData } from "./raster";
import { cellsOfWindow, type ClipMaps, type StripData, type WindowData } from "./values";

export type Comparable = StripData | RasterData | WindowData;

/** Colours reach this far up the sizes of all differences. */
export const LIMIT_PERCENTILE = 99;

export interface Difference {
  readonly a: Comparable;
  readonly b: Comparable;
  /** The 99th percentile of |B - A| over all filters' cells that are finite in both; where that is 0 the largest, else 1. Positive. */
  readonly limit: number;
  /** Largest |B - A| of each filter; NaN where no cell is finite in both. */
  readonly largest: Float64Array;
  /** Cells that are finite in both, and those of them whose difference quantising may have made. */
  readonly cells: number;
  readonly below: number;
}

/** One frame's differences `[rows, columns]`, NaN where there is none, and below what size each column's say nothing. */
export interface Frame {
  readonly differences: Float64Array;
  readonly noise: Float64Array;
}

export function newFrame({ rows, columns }: Comparable): Frame {
  return { differences: new Float64Array(rows * columns), noise: new Float64Array(columns) };
}

export function framesOf(maps: Comparable): number {
  return "chunks" in maps ? maps.windows : 1;
}

/** Why two maps of one clip cannot be subtracted; null where they can. */
export function whyNoDifference(a: Comparable, b: Comparable): string | null {
  if (a.filters !== b.filters) return `the layer had ${a.filters} filters then and has ${b.filters}`;
  if (a.rows !== b.rows || a.columns !== b.columns || framesOf(a) !== framesOf(b)) {
    return "its maps had another shape then";
  }
  return samePlaces(a, b) ? null : "its columns stood for other moments then";
}

function samePlaces(a: Comparable, b: Comparable): boolean {
  if ("chunks" in a || "chunks" in b) return "chunks" in a && "chunks" in b;
  const given = [a, b].map((maps) => ("gives" in maps ? maps.gives : "strip"));
  if (given[0] !== given[1]) return false;
  return sameGrid(a.grid, b.grid) && sameStretches(stretchesOf(a), stretchesOf(b));
}

function sameGrid(a: StripGrid | null, b: StripGrid | null): boolean {
  if (a === null || b === null) return a === b;
  return a.start === b.start && a.step === b.step && a.centres.every((centre, at) => centre === b.centres[at]);
}

function stretchesOf(maps: StripData | RasterData): readonly Edges[] {
  return "gives" in maps ? maps.stretches : [];
}

function sameStretches(a: readonly Edges[], b: readonly Edges[]): boolean {
  return a.every(([start, end], at) => start === b[at]?.[0] && end === b[at][1]);
}

/** Both must be comparable. */
export function differenceOf(a: Comparable, b: Comparable): Difference {
  const reader = readDifferences(a, b);
  const frame = newFrame(b);
  const largest = new Float64Array(b.filters).fill(NaN);
  let [cells, below] = [0, 0];
  for (let filter = 0; filter < b.filters; filter++) {
    for (let index = 0; index < framesOf(b); index++) {
      reader(filter, index, frame);
      const { differences, noise } = frame;
      for (let at = 0; at < differences.length; at++) {
        const size = Math.abs(differences[at] ?? NaN);
        if (Number.isNaN(size)) continue;
        cells += 1;
        if (size < (noise[at % b.columns] ?? 0)) below += 1;
        if (!(size <= (largest[filter] ?? NaN))) largest[filter] = size;
      }
    }
  }
  const most = largest.reduce((best, size) => Math.max(best, Number.isNaN(size) ? 0 : size), 0);
  const percentile = percentileOf(LIMIT_PERCENTILE, { count: cells, most }, (visit) => {
    for (let filter = 0; filter < b.filters; filter++) {
      for (let index = 0; index < framesOf(b); index++) {
        reader(filter, index, frame);
        visit(frame.differences);
      }
    }
  });
  const limit = [percentile, most].find((size) => size > 0) ?? 1;
  return { a, b, limit, largest, cells, below };
}

/** Fills a frame of a filter. Both must be comparable. */
export function readDifferences(a: Comparable, b: Comparable): (filter: number, index: number, into: Frame) => void {
  const [first, end] = shownRows(b);
  const { rows, columns } = b;
  const [valuesOfA, valuesOfB] = [new Float64Array(rows * columns), new Float64Array(rows * columns)];
  const [noiseOfA, noiseOfB] = [new Float64Array(columns), new Float64Array(columns)];
  return (filter, index, { differences, noise }) => {
    readValues(a, filter, index, valuesOfA, noiseOfA);
    readValues(b, filter, index, valuesOfB, noiseOfB);
    for (let at = 0; at < differences.length; at++) {
      const difference = (valuesOfB[at] ?? NaN) - (valuesOfA[at] ?? NaN);
      differences[at] = Number.isFinite(difference) ? difference : NaN;
    }
    differences.fill(NaN, 0, first * columns);
    differences.fill(NaN, end * columns);
    for (let at = 0; at < columns; at++) noise[at] = Math.min(noiseOfA[at] ?? 0, noiseOfB[at] ?? 0);
  };
}

/** Rows that are drawn: of a strip those centred on the input's frequencies. */
function shownRows(maps: Comparable): readonly [first: number, end: number] {
  const { frequency } = maps.layer;
  const isStrip = "grid" in maps && "fromEnvelope" in maps && !maps.fromEnvelope;
  return isStrip && frequency?.centres.length === maps.rows ? insideRange(frequency) : [0, maps.rows];
}

/** A frame's values, NaN where there are none, and half the step between codes in each column. */
function readValues(maps: Comparable, filter: number, frame: number, into: Float64Array, noise: Float64Array): void {
  if ("chunks" in maps) readWindowValues(maps, filter, frame, into, noise);
  else readClipValues(maps, filter, into, noise);
}

function readClipValues(maps: ClipMaps, filter: number, into: Float64Array, noise: Float64Array): void {
  const { rows, columns, cells, columnBlock, reached } = maps;
  const first = filter * rows * columns;
  for (let column = 0; column < columns; column++) {
    const range = cells.kind === "codes" ? (columnBlock[column] ?? 0) * cells.ranges.filters + filter : 0;
    const lo = cells.kind === "codes" ? (cells.ranges.lo[range] ?? NaN) : 0;
    const hi = cells.kind === "codes" ? (cells.ranges.hi[range] ?? NaN) : 0;
    noise[column] = (hi - lo) / LARGEST_CODE / 2;
    for (let at = column; at < rows * columns; at += columns) {
      if (reached[column] !== 1) into[at] = NaN;
      else if (cells.kind === "floats") into[at] = cells.values[first + at] ?? NaN;
      else into[at] = decode(cells.codes[first + at] ?? NaN, lo, hi);
    }
  }
}

function readWindowValues(
  data: WindowData,
  filter: number,
  window: number,
  into: Float64Array,
  noise: Float64Array,
): void {
  const cells = cellsOfWindow(data, filter, window);
  const { ranges, windowBlock } = data;
  const range = ranges === null ? 0 : (windowBlock[window] ?? 0) * ranges.filters + filter;
  const lo = ranges?.lo[range] ?? 0;
  const hi = ranges?.hi[range] ?? 0;
  noise.fill((hi - lo) / LARGEST_CODE / 2);
  if (cells === null) {
    into.fill(NaN);
    return;
  }
  for (let at = 0; at < into.length; at++) {
    const stored = cells.data[cells.first + at] ?? NaN;
    into[at] = ranges === null ? stored : decode(stored, lo, hi);
  }
}
