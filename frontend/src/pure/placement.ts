/**
 * Where maps lie in a tile. A strip's tile has the clip's own axes: the same seconds across and the same input rows up in
 * every layer. A window's tile is the whole map. Tile positions are fractions from its top left corner; atlas rows run from
 * the highest frequency down.
 */
import type { CellAxis, Edges } from "../types";
import { axisEdges, insideRange, pooledAxis } from "./axes";
import type { StripData, WindowData } from "./values";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `source`, in cells of a filter's slot in the atlas, is stretched over `target`, in fractions of the tile. */
export interface Placement {
  readonly source: Box;
  readonly target: Box;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** A stretch of an axis in cells, and where it lies on the tile's axis in fractions. */
interface Stretch {
  readonly cells: readonly [from: number, to: number];
  readonly share: readonly [from: number, to: number];
}

function acrossOf(strip: StripData, seconds: Edges): Stretch {
  const { start, step } = strip.grid;
  const length = seconds[1] - seconds[0];
  const from = Math.max(start, seconds[0]);
  const to = Math.max(Math.min(start + strip.columns * step, seconds[1]), from);
  return {
    cells: [(from - start) / step, (to - start) / step],
    share: [(from - seconds[0]) / length, (to - seconds[0]) / length],
  };
}

/** The rows' axis, unless the strip is one row high: then it fills the tile, whatever its frequencies. */
function rowAxis(strip: StripData): CellAxis | null {
  return strip.rows === strip.layer.frequency?.centres.length && !strip.fromEnvelope ? strip.layer.frequency : null;
}

/** Rows upwards, share from the bottom. */
function upOf(strip: StripData): Stretch {
  const axis = rowAxis(strip);
  if (axis === null) return { cells: [0, strip.rows], share: [0, 1] };
  const [low, high] = axisEdges(axis);
  const base = (axis.centres[0] ?? 0) - axis.stride / 2;
  const [first, end] = insideRange(axis);
  const from = Math.max(low, base + first * axis.stride);
  const to = Math.max(Math.min(high, base + end * axis.stride), from);
  return {
    cells: [(from - base) / axis.stride, (to - base) / axis.stride],
    share: [(from - low) / (high - low), (to - low) / (high - low)],
  };
}

/** Where a strip lies in a tile that shows `seconds`: outside what it covers the tile stays empty. */
export function placeStrip(strip: StripData, seconds: Edges): Placement {
  const across = acrossOf(strip, seconds);
  const up = upOf(strip);
  return {
    source: {
      x: across.cells[0],
      y: strip.rows - up.cells[1],
      width: across.cells[1] - across.cells[0],
      height: up.cells[1] - up.cells[0],
    },
    target: {
      x: across.share[0],
      y: 1 - up.share[1],
      width: across.share[1] - across.share[0],
      height: up.share[1] - up.share[0],
    },
  };
}

/** The cell of a strip under a point of its tile, `x` and `y` as fractions from the top left; null where none is drawn. */
export function stripCellAt(strip: StripData, seconds: Edges, x: number, y: number): Cell | null {
  const { source, target } = placeStrip(strip, seconds);
  const across = (x - target.x) / target.width;
  const down = (y - target.y) / target.height;
  if (!(across >= 0 && across < 1 && down >= 0 && down < 1)) return null;
  const column = Math.min(Math.floor(source.x + across * source.width), strip.columns - 1);
  const fromTop = Math.min(Math.floor(source.y + down * source.height), strip.rows - 1);
  if (strip.reached[column] !== 1) return null;
  return { row: strip.rows - 1 - fromTop, column };
}

/** The cell of a window's map under a point of its tile. */
export function windowCellAt(data: WindowData, x: number, y: number): Cell | null {
  if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) return null;
  return { row: data.rows - 1 - Math.floor(y * data.rows), column: Math.floor(x * data.columns) };
}

/** The axes of the maps as kept: of the layer, or coarser where maps were pooled. */
export function mapAxes(data: WindowData): { readonly time: CellAxis | null; readonly frequency: CellAxis | null } {
  const { time, frequency } = data.layer;
  // A maximum may lie anywhere in its map.
  if (data.fromEnvelope) return { time: null, frequency: null };
  return {
    time: time && pooledAxis(time, data.columns),
    frequency: frequency && pooledAxis(frequency, data.rows),
  };
}

/**
 * The parts of a window's tile to hatch: cells centred outside the window or the frequency axis. Fractions of the tile;
 * at most four boxes, which do not overlap.
 */
export function hatchedBoxes(data: WindowData): readonly Box[] {
  const { time, frequency } = mapAxes(data);
  const [firstColumn, endColumn] = time === null ? [0, data.columns] : insideRange(time);
  const [firstRow, endRow] = frequency === null ? [0, data.rows] : insideRange(frequency);
  const left = firstColumn / data.columns;
  const right = endColumn / data.columns;
  const top = 1 - endRow / data.rows;
  const bottom = 1 - firstRow / data.rows;
  return [
    { x: 0, y: 0, width: left, height: 1 },
    { x: right, y: 0, width: 1 - right, height: 1 },
    { x: left, y: 0, width: right - left, height: top },
    { x: left, y: bottom, width: right - left, height: 1 - bottom },
  ].filter(({ width, height }) => width > 0 && height > 0);
}
