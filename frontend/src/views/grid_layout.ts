/** Where tiles or rows stand on the grid's canvas. */
import type { Shown } from "../derived";
import type { Panel } from "../panel";
import type { TileView } from "../pointing";
import { aspectsOf, layoutBest } from "../pure/grid_shape";
import { tileBox, type TileGrid } from "../pure/layout";
import { layoutRows } from "../pure/raster_layout";
import { HEADER } from "./grid_drawing";

const MARGIN = 12;
const TOP = 4;
/** All that scrolls, but for the tiles themselves. */
export const AROUND = TOP + MARGIN;
const GAP = 8;
/** Least room for rows' numbers beside them. */
const NUMBERS = 40;

/** The area that shows the grid: its left edge on the page, and its size; `room` is its width while no inspector stands beside it. */
export interface Port {
  readonly left: number;
  readonly width: number;
  readonly room: number;
  readonly height: number;
}

interface Placed {
  readonly left: number;
  readonly grid: TileGrid;
}

/** Null while there is nothing to show, or no order to show it in. */
export function gridView(
  panel: Panel,
  shown: Shown | null,
  filters: readonly number[] | null,
  port: Port,
  scrollTop: number,
): TileView | null {
  if (shown === null || filters === null || port.width === 0) return null;
  const placed = shown.kind === "raster" ? placeRows(panel, port, filters.length) : placeTiles(panel, port, shown);
  const page = { left: port.left, width: port.width, room: port.room };
  return { ...placed, filters, top: TOP, scrollTop, height: port.height, page, ratio: window.devicePixelRatio };
}

/** The same tiles as they stand while no inspector is beside them, scrolled as far among them. */
export function withoutInspector(panel: Panel, shown: Shown, view: TileView): TileView {
  const { page, filters, height, grid, scrollTop } = view;
  if (page.room === page.width) return view;
  const whole = gridView(panel, shown, filters, { ...page, width: page.room, height }, 0);
  if (whole === null || grid.contentHeight === 0) return view;
  const most = Math.max(whole.grid.contentHeight + AROUND - height, 0);
  return { ...whole, scrollTop: Math.min((scrollTop * whole.grid.contentHeight) / grid.contentHeight, most) };
}

/** How far to scroll so that a filter's tile is in view: not at all where it is. */
export function scrollToTile({ grid, filters, top, scrollTop, height }: TileView, filter: number): number {
  const position = filters.indexOf(filter);
  if (position < 0) return scrollTop;
  const box = tileBox(grid, position);
  const [first, end] = [top + box.y - grid.header, top + box.y + box.height];
  // The seconds of rows stand over what lies in the lower margin.
  if (first >= scrollTop && end <= scrollTop + height - MARGIN) return scrollTop;
  // Of a tile that is higher than the view, its top.
  return Math.max(Math.min((first + end - height) / 2, first), 0);
}

function placeTiles({ state }: Panel, { width, height }: Port, shown: Exclude<Shown, { kind: "raster" }>): Placed {
  const { maps } = shown.picture;
  const request = {
    count: maps.filters,
    width: Math.max(width - 2 * MARGIN, 1),
    height: Math.max(height - AROUND, 1),
    gap: GAP,
    header: HEADER,
    tileWidth: state.tileWidth.value,
  };
  return { left: MARGIN, grid: layoutBest(request, aspectsOf(maps)) };
}

/** Rows stand below the input's seconds: one look goes from the sound down to what answers it. */
function placeRows({ state, track }: Panel, port: Port, count: number): Placed {
  const input = track.value;
  const left = input === null ? NUMBERS : Math.max(input.left - port.left, NUMBERS);
  const room = Math.max(port.width - left, 1);
  const width = input !== null && input.width <= room ? input.width : Math.max(room - MARGIN, 1);
  const grid = layoutRows({
    count,
    width,
    height: Math.max(port.height - AROUND, 1),
    ratio: window.devicePixelRatio,
    rowHeight: state.rowHeight.value,
  });
  return { left, grid };
}
