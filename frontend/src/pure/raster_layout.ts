/** Where a raster's rows lie: one below the other, each as wide as the clip. Lengths are CSS pixels but where said. */
import { tilesInView, type TileGrid } from "./layout";
import { fitAxis, type Fit } from "./shrink";

export const LARGEST_ROW = 28;
/** From here on a line parts neighbouring rows. */
const PARTED = 8;
const PART = 1;

export interface RowsRequest {
  readonly count: number;
  readonly width: number;
  /** Of the area that shows the rows; more than fit are scrolled to. */
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  /** Wanted height of a row; null is the largest at which all fit, which may be less than a pixel. */
  readonly rowHeight: number | null;
}

/** Rows are whole device pixels high, so that all are equal; where all must fit and cannot, several share a pixel. */
export function layoutRows({ count, width, height, ratio, rowHeight }: RowsRequest): TileGrid {
  const fitting = height / Math.max(count, 1);
  const shared = rowHeight === null && fitting * ratio < 1;
  const pixels =
    rowHeight === null ? Math.floor(Math.min(fitting, LARGEST_ROW) * ratio) : Math.round(rowHeight * ratio);
  const pitch = shared ? fitting : Math.max(pixels, 1) / ratio;
  const gap = pitch >= PARTED ? PART : 0;
  return {
    count,
    across: 1,
    down: count,
    tileWidth: width,
    tileHeight: pitch - gap,
    header: 0,
    gap,
    contentHeight: Math.max(count * pitch - gap, 0),
  };
}

/** From one row to the next. */
export function pitchOf({ tileHeight, gap }: TileGrid): number {
  return tileHeight + gap;
}

/** Which rows share each device pixel; `spans` is null where each row has pixels of its own. */
export function shareRows(grid: TileGrid, ratio: number): Fit {
  return fitAxis(grid.count, 0, grid.count, Math.round(grid.count * pitchOf(grid) * ratio));
}

/** Least distance of two rows' numbers. */
const NUMBER_DISTANCE = 12;

/** Every how many rows one can be numbered. */
export function numberedRows(grid: TileGrid): number {
  return Math.max(Math.ceil(NUMBER_DISTANCE / pitchOf(grid)), 1);
}

/** First and past-the-last position of the rows that share the pixel at a height of the content, which the row at `position` has. */
export function rowsSharing(
  grid: TileGrid,
  ratio: number,
  position: number,
  top: number,
): readonly [first: number, end: number] {
  return shareRows(grid, ratio).spans?.[Math.floor(top * ratio)] ?? [position, position + 1];
}

/** What of a raster is in view: lines of a row each or, where rows share pixels, of a device pixel each. */
export interface Lines {
  /** First and past-the-last position of all of them. */
  readonly first: number;
  readonly end: number;
  /** Of the first line, from the view's top. */
  readonly top: number;
  readonly pitch: number;
  /** First and past-the-last position of each. */
  readonly rows: readonly (readonly [first: number, end: number])[];
}

interface RowsView {
  readonly grid: TileGrid;
  readonly top: number;
  readonly scrollTop: number;
  readonly height: number;
  readonly ratio: number;
}

export function linesInView({ grid, scrollTop, top, height, ratio }: RowsView): Lines {
  const { spans } = shareRows(grid, ratio);
  // Rows that share pixels all fit.
  if (spans !== null) return { first: 0, end: grid.count, top: top - scrollTop, pitch: 1 / ratio, rows: spans };
  const [first, end] = tilesInView(grid, Math.max(scrollTop - top, 0), height + top);
  const pitch = pitchOf(grid);
  const rows = Array.from({ length: end - first }, (_, index) => [first + index, first + index + 1] as const);
  return { first, end, top: top - scrollTop + first * pitch, pitch, rows };
}
