/** Small layers, grids and strips for tests of what is computed from them. */
import type { Ranges } from "../src/pure/codes";
import { encode } from "../src/pure/codes";
import type { StripData, WindowData } from "../src/pure/values";
import type { CellAxis, LayerLayout, StripGrid } from "../src/types";

export function evenAxis(cells: number): CellAxis {
  const centres = Array.from({ length: cells }, (_, index) => index);
  return { cells, centres, stride: 1, field: 1, approximate: false };
}

/** conv8 of the model of the field: seven columns over a 43-frame window, ten rows over 128 mel rows. */
export const CONV8_TIME: CellAxis = {
  cells: 43,
  centres: [-67, -40, -13, 14, 41, 68, 95],
  stride: 27,
  field: 203,
  approximate: false,
};

export function layerLayout(changes: Partial<LayerLayout> = {}): LayerLayout {
  return {
    name: "conv",
    kind: "Conv2D",
    filters: 1,
    first_filter: 0,
    axes: ["frequency", "time"],
    shape: [1, 1],
    map_shape: [1, 1],
    time: null,
    frequency: null,
    hertz: null,
    ...changes,
  };
}

export function evenGrid(columns: number, { start = 0, step = 1 } = {}): StripGrid {
  const indices = Array.from({ length: columns }, (_, index) => index);
  return {
    start,
    step,
    windows: indices.map(() => 0),
    columns: indices,
    centres: indices.map((index) => start + (index + 0.5) * step),
    approximate: false,
  };
}

/** A strip of codes from values `[filters][rows][columns]`, row 0 lowest, quantised over each filter's own range. */
export function stripOf(
  values: readonly (readonly (readonly number[])[])[],
  changes: Partial<StripData> = {},
): StripData {
  const filters = values.length;
  const rows = values[0]?.length ?? 0;
  const columns = values[0]?.[0]?.length ?? 0;
  const ranges = rangesOver(values.map((filter) => filter.flat()));
  const codes = Uint8Array.from(
    values.flatMap((filter, index) =>
      filter.flat().map((value) => encode(value, ranges.lo[index] ?? NaN, ranges.hi[index] ?? NaN)),
    ),
  );
  return {
    layer: layerLayout({ filters, shape: [rows, columns], map_shape: [rows, columns], frequency: evenAxis(rows) }),
    grid: evenGrid(columns),
    filters,
    rows,
    columns,
    cells: { kind: "codes", codes, ranges },
    columnBlock: new Int32Array(columns),
    reached: new Uint8Array(columns).fill(1),
    outside: null,
    fromEnvelope: false,
    ...changes,
  };
}

export function rangesOver(filters: readonly (readonly number[])[]): Ranges {
  const finite = filters.map((values) => values.filter(Number.isFinite));
  return {
    blocks: 1,
    filters: filters.length,
    lo: Float32Array.from(finite, (values) => (values.length === 0 ? NaN : Math.min(...values))),
    hi: Float32Array.from(finite, (values) => (values.length === 0 ? NaN : Math.max(...values))),
  };
}

/** Windows of plain codes counting up, one block, all filters from `lo` to `hi`. */
export function windowsOf(layer: LayerLayout, windows: number, [lo, hi]: readonly [number, number]): WindowData {
  const [rows, columns] = layer.map_shape;
  const { filters } = layer;
  const size = filters * windows * rows * columns;
  return {
    layer,
    filters,
    windows,
    rows,
    columns,
    chunks: [{ first: 0, end: filters, data: Uint8Array.from({ length: size }, (_, index) => index % 253) }],
    ranges: { blocks: 1, filters, lo: new Float32Array(filters).fill(lo), hi: new Float32Array(filters).fill(hi) },
    windowBlock: new Int32Array(windows),
    fromEnvelope: false,
  };
}
