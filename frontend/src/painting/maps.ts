/** Draws the maps of the tiles in view from their cells: in the painter or, where there is none, on the page. */
import type { Paint } from "../pure/draw";
import { visibleTiles, type Tiles } from "../pure/layout";
import { hatchedBoxes, placeStrip, type Box, type Placement } from "../pure/placement";
import { fitAxis, type Fit } from "../pure/shrink";
import type { StripData, WindowData } from "../pure/values";
import type { Edges } from "../types";
import type { Surface } from "../views/surface";
import { drawSheet, putSheet, Recording, type Brush } from "./recording";
import { Sheet } from "./sheet";
import type { TileAtlas } from "./tile_atlas";

export interface MapsPicture {
  readonly maps: StripData | WindowData;
  readonly paint: Paint;
  readonly tiles: Tiles;
  readonly seconds: Edges;
  readonly window: number;
  /** The colour of what a map leaves empty. */
  readonly ground: string;
}

/** Over what stands in their places; `still`: the surface has no transform but its ratio. */
export function drawMaps(
  { context, ratio }: Surface<Brush>,
  picture: MapsPicture,
  { atlas, still }: { readonly atlas: TileAtlas; readonly still: boolean },
): void {
  const { maps, paint, seconds, window, ground } = picture;
  if (context instanceof Recording && isPlain(paint)) {
    context.drawMaps(picture);
    return;
  }
  atlas.use({ maps, paint, ...fitTiles(maps, seconds, picture.tiles, ratio) });
  const placement = placementOf(maps, seconds);
  const hatches = "chunks" in maps ? hatchesOf(maps, picture.tiles, ratio) : null;
  const tiles = [...visibleTiles(picture.tiles)].map(({ filter, box }) => {
    const [whole, target] = [snapped(box, ratio), snapped(within(box, placement.target), ratio)];
    return { filter, whole, target, own: inPixels(target, ratio) };
  });
  atlas.fill(
    tiles.map(({ filter }) => filter),
    window,
  );
  context.fillStyle = ground;
  const ready = tiles.filter(({ filter, own }) => still && atlas.fits(filter, own));
  const isReady = new Set(ready);
  for (const tile of tiles) {
    const { whole, target } = tile;
    if (isReady.has(tile) && target.width === whole.width && target.height === whole.height) continue;
    context.fillRect(whole.x, whole.y, whole.width, whole.height);
    const map = isReady.has(tile) ? null : atlas.pixels(tile.filter);
    if (map !== null) drawSheet(context, map.sheet, map.part, target);
  }
  // One after the other: each change between drawing and putting makes the canvas catch up.
  for (const { filter, own } of ready) {
    const map = atlas.pixels(filter);
    if (map !== null) putSheet(context, map.sheet, map.part, own.x, own.y);
  }
  if (hatches === null) return;
  const all = { x: 0, y: 0, width: hatches.width, height: hatches.height };
  for (const { whole } of tiles) drawSheet(context, hatches, all, whole);
}

/** Makes what comes next ready: pixels of single windows for as many milliseconds; true when all in view are. */
export function prepareMaps(
  { maps, tiles, seconds, window }: MapsPicture,
  atlas: TileAtlas,
  { milliseconds, ratio }: { readonly milliseconds: number; readonly ratio: number },
): boolean {
  const filters = [...visibleTiles(tiles)].map(({ filter }) => filter);
  if ("chunks" in maps) return atlas.fillAhead(filters, window, milliseconds);
  atlas.poolAhead({ maps, ...fitTiles(maps, seconds, tiles, ratio) }, filters);
  return true;
}

/** Whether cells get their colours by their own value alone: what else they come from cannot be told to a painter. */
export function isPlain({ own }: Paint): boolean {
  return own === undefined;
}

/** How maps fit the tiles: pooled along an axis that has fewer device pixels than cells. */
export function fitTiles(
  maps: StripData | WindowData,
  seconds: Edges,
  { grid }: Tiles,
  ratio: number,
): { columns: Fit; rows: Fit } {
  const { source, target } = placementOf(maps, seconds);
  const { columns, rows } = maps;
  return {
    columns: fitAxis(columns, source.x, source.width, snappedLength(target.x, target.width, grid.tileWidth * ratio)),
    rows: fitAxis(rows, source.y, source.height, snappedLength(target.y, target.height, grid.tileHeight * ratio)),
  };
}

function placementOf(maps: StripData | WindowData, seconds: Edges): Placement {
  if (!("chunks" in maps)) return placeStrip(maps, seconds);
  return {
    source: { x: 0, y: 0, width: maps.columns, height: maps.rows },
    target: { x: 0, y: 0, width: 1, height: 1 },
  };
}

function within(box: Box, part: Box): Box {
  return {
    x: box.x + part.x * box.width,
    y: box.y + part.y * box.height,
    width: part.width * box.width,
    height: part.height * box.height,
  };
}

/** Edges on whole device pixels: without this, neighbours would blend. */
function snapped({ x, y, width, height }: Box, ratio: number): Box {
  const snap = (length: number): number => Math.round(length * ratio) / ratio;
  return { x: snap(x), y: snap(y), width: snap(x + width) - snap(x), height: snap(y + height) - snap(y) };
}

/** Device pixels of a stretch of a tile that begins at a whole one. */
function snappedLength(from: number, length: number, pixels: number): number {
  return Math.round((from + length) * pixels) - Math.round(from * pixels);
}

function inPixels({ x, y, width, height }: Box, ratio: number): Box {
  const pixels = (length: number): number => Math.round(length * ratio);
  return { x: pixels(x), y: pixels(y), width: pixels(width), height: pixels(height) };
}

interface Hatches {
  readonly size: readonly number[];
  readonly sheet: Sheet | null;
}

const HATCHES = new WeakMap<WindowData, Hatches>();

/** The hatches of one tile, the same for all: lines over the cells that lie outside; null where none do. */
function hatchesOf(maps: WindowData, { grid }: Tiles, ratio: number): Sheet | null {
  const size = [grid.tileWidth, grid.tileHeight, ratio];
  const known = HATCHES.get(maps);
  if (known !== undefined && size.every((length, axis) => length === known.size[axis])) return known.sheet;
  const sheet = drawHatches(maps, { x: 0, y: 0, width: grid.tileWidth, height: grid.tileHeight }, ratio);
  HATCHES.set(maps, { size, sheet });
  return sheet;
}

function drawHatches(maps: WindowData, tile: Box, ratio: number): Sheet | null {
  const parts = hatchedBoxes(maps);
  const canvas = new OffscreenCanvas(Math.round(tile.width * ratio) || 1, Math.round(tile.height * ratio) || 1);
  const context = canvas.getContext("2d");
  if (parts.length === 0 || context === null) return null;
  context.scale(ratio, ratio);
  for (const part of parts) hatch(context, snapped(within(tile, part), ratio));
  return Sheet.of(context);
}

function hatch(context: OffscreenCanvasRenderingContext2D, { x, y, width, height }: Box): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.fillStyle = "rgb(128 128 128 / 24%)";
  context.fillRect(x, y, width, height);
  context.strokeStyle = "rgb(255 255 255 / 38%)";
  context.lineWidth = 1;
  context.beginPath();
  for (let offset = -height; offset < width; offset += 5) {
    context.moveTo(x + offset, y + height);
    context.lineTo(x + offset + height, y);
  }
  context.stroke();
  context.restore();
}
