/**
 * Joins layout, manifest and arrays to maps whose every cell has a value in the layer's own units.
 * Stored order is `[filters, rows, columns]`, row 0 the lowest frequency.
 */
import type { Edges, Layout, LayerLayout, ProbeResponse, StripGrid, WindowsMember } from "../types";
import { blocksOfWindows, type Ranges } from "./codes";
import { asCodes, asFloats, type NpyArray } from "./npy";
import type { Outside } from "./outside";
import { centreOf, windowAt } from "./timing";

/** Cells as codes with their ranges, or as plain values (layers of one number per window, and envelopes). */
export type Cells =
  | { readonly kind: "codes"; readonly codes: Uint8Array; readonly ranges: Ranges }
  | { readonly kind: "floats"; readonly values: Float32Array };

/** Cells of one layer and probe over the whole clip: `[filters, rows, columns]`. */
export interface ClipMaps {
  readonly layer: LayerLayout;
  readonly filters: number;
  readonly rows: number;
  readonly columns: number;
  readonly cells: Cells;
  /** The block of each column's window. */
  readonly columnBlock: Int32Array;
  /** 1 where the column's true centre is near enough to where it stands, else 0. */
  readonly reached: Uint8Array;
  /** Which windows have their largest value in cells that strips leave out; null where there are no such cells. */
  readonly outside: Outside | null;
}

/** The strips of one layer and probe. */
export interface StripData extends ClipMaps {
  readonly grid: StripGrid;
  /** True where these are maxima per window, drawn while the strip itself is not at hand or was not kept. */
  readonly fromEnvelope: boolean;
}

/** Part of the filters of a layer: `[end - first, windows, rows, columns]`. */
export interface WindowChunk {
  readonly first: number;
  readonly end: number;
  readonly data: Uint8Array | Float32Array;
}

/** The maps of all windows of one layer and probe, as far as their chunks have come. */
export interface WindowData {
  readonly layer: LayerLayout;
  readonly filters: number;
  readonly windows: number;
  readonly rows: number;
  readonly columns: number;
  readonly chunks: readonly WindowChunk[];
  /** Null where the cells are plain values. */
  readonly ranges: Ranges | null;
  readonly windowBlock: Int32Array;
  /** Chunks of one window each, by window, where windows come one by one instead of together: so the painter gets them. */
  readonly apart?: ReadonlyMap<number, readonly WindowChunk[]>;
  /** True where each map is but its maximum, one cell over the whole tile, drawn while the maps themselves are not at hand. */
  readonly fromEnvelope: boolean;
}

/** Maximum and mean of each filter per window, each `[filters, windows]`. */
export interface EnvelopeData {
  readonly layer: LayerLayout;
  readonly filters: number;
  readonly windows: number;
  readonly maximum: Float32Array;
  readonly mean: Float32Array;
}

/** A layer that gives one number per window has no codes, no strip and no envelope. */
export function isScalarLayer(layer: LayerLayout): boolean {
  return layer.axes.length === 0;
}

/** The strip grid of a layer for a probe of the layout. */
export function gridOf(layout: Layout, probe: number, layer: number): StripGrid {
  const grid = layout.grids[layout.probes[probe]?.grids[layer] ?? -1];
  if (grid === undefined) throw new RangeError(`no strip grid for probe ${probe} and layer ${layer}`);
  return grid;
}

/** The layer as it is for a probe of the layout: one whose windows have another length has maps of another shape. */
export function layerOf(layout: Layout, probe: number, layer: number): LayerLayout {
  const common = layout.layers[layer];
  if (common === undefined) throw new RangeError(`no layer ${layer} in the layout`);
  return { ...common, ...layout.probes[probe]?.maps[String(layer)] };
}

/** The least distance in seconds between windows' centres; 0 where there is but one. */
export function windowHop(times: readonly Edges[]): number {
  const centres = times.map(centreOf).sort((a, b) => a - b);
  let hop = Infinity;
  for (let window = 1; window < centres.length; window++) {
    const gap = (centres[window] ?? NaN) - (centres[window - 1] ?? NaN);
    if (gap > 1e-6) hop = Math.min(hop, gap);
  }
  return Number.isFinite(hop) ? hop : 0;
}

/** A column farther from its true centre than the strip's step and the windows' hop stands for nothing the network saw there. */
function reachedColumns(grid: StripGrid, hop: number): Uint8Array {
  const allowed = Math.max(grid.step, hop) * (1 + 1e-6);
  return Uint8Array.from(grid.centres, (centre, column) =>
    Math.abs(centre - (grid.start + (column + 0.5) * grid.step)) <= allowed ? 1 : 0,
  );
}

export interface StripParts {
  readonly layer: LayerLayout;
  readonly grid: StripGrid;
  readonly response: ProbeResponse;
  /** Edges of the probe's windows. */
  readonly times: readonly Edges[];
  /** The strip member or, for a layer of one number per window, its windows members' values. */
  readonly strip: NpyArray;
  readonly ranges: Ranges;
  readonly outside?: Outside | null;
}

/** Joins a strip. For a layer of one number per window `strip` is the float32 `[filters, windows, 1, 1]`. */
export function joinStrip({ layer, grid, response, times, strip, ranges, outside = null }: StripParts): StripData {
  const columns = grid.windows.length;
  const { filters } = layer;
  const blockOfWindow = blocksOfWindows(response.blocks, times.length);
  const common = {
    layer,
    grid,
    filters,
    columns,
    columnBlock: Int32Array.from(grid.windows, (window) => blockOfWindow[window] ?? 0),
    reached: reachedColumns(grid, windowHop(times)),
    outside,
    fromEnvelope: false,
  };
  if (isScalarLayer(layer)) {
    const values = asFloats(strip, [filters, times.length, 1, 1]);
    return { ...common, rows: 1, cells: { kind: "floats", values: pickWindows(values, filters, times.length, grid) } };
  }
  const rows = layer.shape[0];
  const codes = asCodes(strip, [filters, rows, columns]);
  return { ...common, rows, cells: { kind: "codes", codes, ranges } };
}

function pickWindows(values: Float32Array, filters: number, windows: number, grid: StripGrid): Float32Array {
  const columns = grid.windows.length;
  const picked = new Float32Array(filters * columns);
  for (let filter = 0; filter < filters; filter++) {
    for (let column = 0; column < columns; column++) {
      picked[filter * columns + column] = values[filter * windows + (grid.windows[column] ?? 0)] ?? NaN;
    }
  }
  return picked;
}

/** Joins the envelope member, float32 `[2, filters, windows]`. */
export function joinEnvelope(layer: LayerLayout, windows: number, envelope: NpyArray): EnvelopeData {
  const { filters } = layer;
  const data = asFloats(envelope, [2, filters, windows]);
  const half = filters * windows;
  return { layer, filters, windows, maximum: data.subarray(0, half), mean: data.subarray(half) };
}

/** The maxima per window on the clip's seconds, one row high, as a strip: what is drawn until the strip itself has come. */
export function stripOfEnvelope(envelope: EnvelopeData, times: readonly Edges[]): StripData {
  const { layer, filters, windows } = envelope;
  const grid = gridOfWindows(times);
  return {
    layer,
    grid,
    filters,
    rows: 1,
    columns: grid.windows.length,
    cells: { kind: "floats", values: pickWindows(envelope.maximum, filters, windows, grid) },
    columnBlock: new Int32Array(grid.windows.length),
    reached: new Uint8Array(grid.windows.length).fill(1),
    outside: null,
    fromEnvelope: true,
  };
}

/** The maxima per window in the place of the maps: what is drawn until the maps themselves have come. */
export function windowsOfEnvelope({ layer, filters, windows, maximum }: EnvelopeData): WindowData {
  return {
    layer,
    filters,
    windows,
    rows: 1,
    columns: 1,
    chunks: [{ first: 0, end: filters, data: maximum }],
    ranges: null,
    windowBlock: new Int32Array(windows),
    fromEnvelope: true,
  };
}

/** One column per window hop, each showing the window centred nearest; a single window fills its own length. */
function gridOfWindows(times: readonly Edges[]): StripGrid {
  const centres = times.map(centreOf);
  const first = Math.min(...centres);
  const [start, end] = times[0] ?? [0, 1];
  const hop = windowHop(times);
  const step = hop > 0 ? hop : end - start;
  const columns = times.length === 0 ? 0 : Math.min(Math.round((Math.max(...centres) - first) / step) + 1, 2048);
  const windows = Array.from({ length: columns }, (_, column) => windowAt(times, first + column * step) ?? 0);
  return {
    start: first - step / 2,
    step,
    windows,
    columns: windows.map(() => 0),
    centres: windows.map((window) => centres[window] ?? NaN),
    approximate: false,
  };
}

export interface WindowParts {
  readonly layer: LayerLayout;
  readonly response: ProbeResponse;
  readonly windows: number;
  /** The chunks that have come: manifest entry and array. */
  readonly chunks: readonly { readonly member: WindowsMember; readonly array: NpyArray }[];
  readonly ranges: Ranges;
}

/** Joins the windows members that have come; filters of other chunks read as absent. */
export function joinWindows({ layer, response, windows, chunks, ranges }: WindowParts): WindowData {
  const scalar = isScalarLayer(layer);
  const [rows, columns] = scalar ? [1, 1] : layer.map_shape;
  return {
    layer,
    filters: layer.filters,
    windows,
    rows,
    columns,
    chunks: chunks.map(({ member, array }) => {
      const [first, end] = member.filters;
      const shape = [end - first, windows, rows, columns];
      return { first, end, data: scalar ? asFloats(array, shape) : asCodes(array, shape) };
    }),
    ranges: scalar ? null : ranges,
    windowBlock: blocksOfWindows(response.blocks, windows),
    fromEnvelope: false,
  };
}

/** All chunks of a layer of one number per window as one array `[filters, windows, 1, 1]`, as `joinStrip` wants it. */
export function mergeScalarChunks(layer: LayerLayout, windows: number, chunks: WindowParts["chunks"]): NpyArray {
  const data = new Float32Array(layer.filters * windows).fill(NaN);
  for (const { member, array } of chunks) {
    const [first, end] = member.filters;
    data.set(asFloats(array, [end - first, windows, 1, 1]), first * windows);
  }
  return { shape: [layer.filters, windows, 1, 1], data };
}

/** Where the cells `[rows, columns]` of a filter's map of one window begin; null until they have come. */
export function cellsOfWindow(
  { chunks, apart, windows, rows, columns }: WindowData,
  filter: number,
  window: number,
): { readonly data: WindowChunk["data"]; readonly first: number } | null {
  const chunk = (apart?.get(window) ?? chunks).find(({ first, end }) => filter >= first && filter < end);
  if (chunk === undefined) return null;
  const map = apart === undefined ? (filter - chunk.first) * windows + window : filter - chunk.first;
  return { data: chunk.data, first: map * rows * columns };
}

/** The cells of one window, for `apart`. */
export function cutWindow({ chunks, windows, rows, columns }: WindowData, window: number): readonly WindowChunk[] {
  const size = rows * columns;
  return chunks.map(({ first, end, data }) => {
    const cut =
      data instanceof Uint8Array ? new Uint8Array((end - first) * size) : new Float32Array((end - first) * size);
    for (let map = 0; map < end - first; map++) {
      const from = (map * windows + window) * size;
      cut.set(data.subarray(from, from + size), map * size);
    }
    return { first, end, data: cut };
  });
}
