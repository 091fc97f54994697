/** The grid of tiles: sizes, places, what is in view and what lies under the pointer. Lengths are CSS pixels. */

export const SMALLEST_WIDTH = 36;
export const SMALLEST_HEIGHT = 26;

export interface GridRequest {
  readonly count: number;
  /** Of the area that shows the grid; more tiles than fit are scrolled to. */
  readonly width: number;
  readonly height: number;
  /** Width over height of a tile's map. */
  readonly aspect: number;
  /** Between tiles. */
  readonly gap: number;
  /** Height of what stands above each map: its number, its strength. */
  readonly header: number;
  /** Wanted width of a map; null is the largest at which all tiles fit. */
  readonly tileWidth: number | null;
}

export interface TileGrid {
  readonly count: number;
  readonly across: number;
  readonly down: number;
  /** Of a tile's map. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly header: number;
  readonly gap: number;
  readonly contentHeight: number;
}

export interface TileBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A point on a tile's map, as fractions from its top left corner. */
export interface TileHit {
  readonly position: number;
  readonly x: number;
  readonly y: number;
}

function gridOf(request: GridRequest, across: number, tileWidth: number): TileGrid {
  const { count, aspect, gap, header } = request;
  const tileHeight = Math.max(Math.floor(tileWidth / aspect), SMALLEST_HEIGHT);
  const down = Math.ceil(count / across);
  const contentHeight = Math.max(down * (tileHeight + header + gap) - gap, 0);
  return { count, across, down, tileWidth, tileHeight, header, gap, contentHeight };
}

/** Most tiles of a width that fit side by side; at least one. */
function mostAcross({ width, gap }: GridRequest, tileWidth: number): number {
  return Math.max(Math.floor((width + gap) / (tileWidth + gap)), 1);
}

/** The largest width at which `across` tiles fit side by side. */
function widest({ width, gap }: GridRequest, across: number): number {
  return Math.floor((width + gap) / across - gap);
}

/**
 * Lays out the tiles: of the wanted width or else the largest at which all fit without scrolling; where none at least 36 x 26
 * does, the smallest. No row is wider than the area, unless a single tile of the smallest size is.
 */
export function layoutTiles(request: GridRequest): TileGrid {
  const { count, width, height, aspect, tileWidth } = request;
  const smallest = Math.max(SMALLEST_WIDTH, Math.min(Math.ceil(SMALLEST_HEIGHT * aspect), Math.floor(width)));
  const most = mostAcross(request, smallest);
  if (tileWidth !== null) {
    const wanted = Math.min(Math.max(Math.floor(tileWidth), smallest), Math.max(Math.floor(width), smallest));
    return gridOf(request, mostAcross(request, wanted), wanted);
  }
  // Fewer side by side means larger tiles: the first that fits is the largest. Where the height is what limits them, tiles
  // are narrower than their share of the width.
  let best: TileGrid | null = null;
  for (let across = 1; across <= Math.min(most, Math.max(count, 1)); across++) {
    const down = Math.max(Math.ceil(count / across), 1);
    const highest = Math.floor((height + request.gap) / down - request.gap - request.header);
    if (highest < SMALLEST_HEIGHT) continue;
    const size = Math.min(widest(request, across), Math.floor((highest + 1) * aspect - 1e-9));
    if (size < smallest) continue;
    const grid = gridOf(request, across, size);
    if (grid.contentHeight > height) continue;
    if (best === null || grid.tileWidth > best.tileWidth) best = grid;
  }
  return best ?? gridOf(request, most, Math.max(Math.min(smallest, widest(request, most)), SMALLEST_WIDTH));
}

/** The map of the tile at a position, from the content's top left corner. */
export function tileBox(grid: TileGrid, position: number): TileBox {
  const column = position % grid.across;
  const row = Math.floor(position / grid.across);
  return {
    x: column * (grid.tileWidth + grid.gap),
    y: row * (grid.tileHeight + grid.header + grid.gap) + grid.header,
    width: grid.tileWidth,
    height: grid.tileHeight,
  };
}

/** First position in view and one past the last, for a view of `viewHeight` scrolled down by `scrollTop`. */
export function tilesInView(
  grid: TileGrid,
  scrollTop: number,
  viewHeight: number,
): readonly [first: number, end: number] {
  const pitch = grid.tileHeight + grid.header + grid.gap;
  const firstRow = Math.min(Math.max(Math.floor(scrollTop / pitch), 0), grid.down);
  const endRow = Math.min(Math.max(Math.ceil((scrollTop + viewHeight) / pitch), firstRow), grid.down);
  return [Math.min(firstRow * grid.across, grid.count), Math.min(endRow * grid.across, grid.count)];
}

/** Tiles as laid out on a canvas whose top left corner is `-left`, `scrollTop - top` of the tiles' own. */
export interface Tiles {
  readonly grid: TileGrid;
  /** Filters in the order in which their tiles stand. */
  readonly filters: readonly number[];
  readonly left: number;
  readonly top: number;
  readonly scrollTop: number;
  /** Of the canvas. */
  readonly height: number;
}

/** The tiles that can be seen, each with the place of its map on the canvas. */
export function* visibleTiles(
  tiles: Tiles,
): Generator<{ readonly position: number; readonly filter: number; readonly box: TileBox }> {
  const { grid, left, top, scrollTop, height } = tiles;
  const [first, end] = tilesInView(grid, Math.max(scrollTop - top, 0), height + top);
  for (let position = first; position < end; position++) {
    const filter = tiles.filters[position];
    const box = tileBox(grid, position);
    if (filter === undefined) continue;
    yield { position, filter, box: { ...box, x: box.x + left, y: box.y + top - scrollTop } };
  }
}

/** The tile whose map lies under a point of the content; null between tiles and on their headers. */
export function tileAt(grid: TileGrid, x: number, y: number): TileHit | null {
  const column = Math.floor(x / (grid.tileWidth + grid.gap));
  const row = Math.floor(y / (grid.tileHeight + grid.header + grid.gap));
  if (column < 0 || column >= grid.across || row < 0) return null;
  const position = row * grid.across + column;
  if (position >= grid.count) return null;
  const box = tileBox(grid, position);
  const across = (x - box.x) / box.width;
  const down = (y - box.y) / box.height;
  return across >= 0 && across < 1 && down >= 0 && down < 1 ? { position, x: across, y: down } : null;
}
