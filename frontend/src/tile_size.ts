/** How large tiles are or, of rows, how high; in CSS pixels. */
import type { Panel } from "./panel";
import { LARGEST_WIDTH } from "./pure/grid_shape";
import { SMALLEST_WIDTH } from "./pure/layout";
import { LARGEST_ROW, pitchOf } from "./pure/raster_layout";

export interface TileSize {
  readonly rows: boolean;
  readonly least: number;
  readonly most: number;
  /** As drawn. */
  readonly size: number;
  /** Null where it is the largest at which all filters fit. */
  readonly chosen: number | null;
  readonly choose: (size: number | null) => void;
}

/** Reads signals. */
export function tileSize({ state, tiles, derived }: Panel): TileSize {
  const grid = tiles.value?.grid;
  const rows = derived.shown.value?.kind === "raster";
  const [least, most] = rows ? [1, LARGEST_ROW] : [SMALLEST_WIDTH, LARGEST_WIDTH];
  const size = grid === undefined ? least : rows ? Math.round(pitchOf(grid)) : grid.tileWidth;
  return {
    rows,
    least,
    // Few tiles may be larger by themselves.
    most: Math.max(most, size),
    size,
    chosen: (rows ? state.rowHeight : state.tileWidth).value,
    choose: rows ? state.chooseRowHeight : state.chooseTileWidth,
  };
}
