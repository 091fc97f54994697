/** Draws the tiles in view: number, strength, map; and the cursor above them. */
import { MARKS } from "../caption";
import type { Shown } from "../derived";
import { drawSheet, putSheet, type Brush } from "../painting/recording";
import { Sheet } from "../painting/sheet";
import type { TileView } from "../pointing";
import type { Paint } from "../pure/draw";
import { tileBox, tilesInView, type TileBox } from "../pure/layout";
import { hatchedBoxes, placeStrip, type Box, type Placement } from "../pure/placement";
import type { LayerScale } from "../pure/scale";
import { fitAxis, type Fit } from "../pure/shrink";
import type { WindowData } from "../pure/values";
import { colourToken } from "../theme";
import { canvasFont } from "../type_scale";
import type { Edges } from "../types";
import type { Surface } from "./surface";
import type { TileAtlas } from "./grid_atlas";

export const HEADER = 15;

export type ShownRaster = Extract<Shown, { kind: "raster" }>;
export type ShownTiles = Exclude<Shown, { kind: "raster" }>;

export interface TileDrawing {
  readonly view: TileView;
  readonly shown: Shown;
  readonly scale: LayerScale;
  readonly paint: Paint;
  /** The largest value that each filter's strip draws; null where nothing is left out. */
  readonly peaks: ArrayLike<number> | null;
  readonly seconds: Edges;
  readonly window: number;
  /** What else tells this picture from others, for tests. */
  readonly told?: Readonly<Record<string, string>>;
}

/** The tiles that can be seen, each with the place of its map on the canvas. */
export function* visibleTiles(view: TileView): Generator<{ position: number; filter: number; box: TileBox }> {
  const [first, end] = tilesInView(view.grid, Math.max(view.scrollTop - view.top, 0), view.height + view.top);
  for (let position = first; position < end; position++) {
    const filter = view.filters[position];
    const box = tileBox(view.grid, position);
    if (filter === undefined) continue;
    yield { position, filter, box: { ...box, x: box.x + view.left, y: box.y + view.top - view.scrollTop } };
  }
}

/** The tiles' maps alone, over what stands in their places; `still`: the surface has no transform but its ratio. */
export function drawMaps(
  { context, ratio }: Surface<Brush>,
  { view, paint, seconds, window }: Pick<TileDrawing, "view" | "paint" | "seconds" | "window">,
  shown: ShownTiles,
  { atlas, still }: { readonly atlas: TileAtlas; readonly still: boolean },
): void {
  atlas.use({ shown, paint, ...fitTiles(shown, seconds, view, ratio) });
  const placement = placementOf(shown, seconds);
  const hatches = shown.kind === "window" ? hatchesOf(shown.picture.maps, view, ratio) : null;
  const tiles = [...visibleTiles(view)].map(({ filter, box }) => {
    const [whole, target] = [snapped(box, ratio), snapped(within(box, placement.target), ratio)];
    return { filter, whole, target, own: inPixels(target, ratio) };
  });
  atlas.fill(
    tiles.map(({ filter }) => filter),
    window,
  );
  context.fillStyle = colourToken("--line");
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

/** How maps fit the tiles: pooled along an axis that has fewer device pixels than cells. */
export function fitTiles(
  shown: ShownTiles,
  seconds: Edges,
  { grid }: TileView,
  ratio: number,
): { columns: Fit; rows: Fit } {
  const { source, target } = placementOf(shown, seconds);
  const { columns, rows } = shown.picture.maps;
  return {
    columns: fitAxis(columns, source.x, source.width, snappedLength(target.x, target.width, grid.tileWidth * ratio)),
    rows: fitAxis(rows, source.y, source.height, snappedLength(target.y, target.height, grid.tileHeight * ratio)),
  };
}

function placementOf(shown: ShownTiles, seconds: Edges): Placement {
  if (shown.kind === "strip") return placeStrip(shown.picture.maps, seconds);
  const { maps } = shown.picture;
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

const STRENGTH_HEIGHT = 3;
const WIDE_ENOUGH_FOR_WORDS = 78;
const NUMBER_FONT = canvasFont("small", 500);
const MARK_FONT = canvasFont("small");

/** Number and strength, or what marks a filter that has none. */
export function drawHeaders({ context }: Surface<Brush>, { view, shown, scale, peaks }: TileDrawing): void {
  const tiles = [...visibleTiles(view)].map(({ filter, box }) => {
    const state = shown.picture.states[filter] ?? "unknown";
    return { filter, box, state, baseline: box.y - 4, used: 0 };
  });
  const [ink, soft] = [colourToken("--ink"), colourToken("--ink-soft")];
  context.font = NUMBER_FONT;
  context.textBaseline = "alphabetic";
  for (const tile of tiles) {
    const number = String(tile.filter);
    context.fillStyle = tile.state === "active" ? ink : soft;
    context.fillText(number, tile.box.x, tile.baseline);
    tile.used = context.measureText(number).width + 6;
  }
  context.font = MARK_FONT;
  context.fillStyle = soft;
  for (const { state, box, baseline, used } of tiles) {
    if (state === "active") continue;
    const { word, sign } = MARKS[state];
    context.fillText(box.width >= WIDE_ENOUGH_FOR_WORDS ? word : sign, box.x + used, baseline);
  }
  const share = (value: number): number => (scale.strongest > 0 ? value / scale.strongest : 0);
  const strengthOf = (filter: number): number => scale.strengths[filter] ?? 0;
  for (const [token, shareOf] of [
    ["--bar-soft", () => 1],
    ["--bar-hidden", (filter: number) => share(strengthOf(filter))],
    // What the strip leaves out is told apart: a dark strip may belong to a strong filter.
    ["--bar", (filter: number) => share(Math.min(Math.max(peaks?.[filter] ?? Infinity, 0), strengthOf(filter)))],
  ] as const) {
    context.fillStyle = colourToken(token);
    for (const { filter, state, box, baseline, used } of tiles) {
      if (state !== "active") continue;
      const room = Math.min(box.width - used, 64);
      context.fillRect(box.x + box.width - room, baseline - 5, room * shareOf(filter), STRENGTH_HEIGHT);
    }
  }
}

interface Hatches {
  readonly size: readonly number[];
  readonly sheet: Sheet | null;
}

const HATCHES = new WeakMap<WindowData, Hatches>();

/** The hatches of one tile, the same for all: lines over the cells that lie outside; null where none do. */
function hatchesOf(maps: WindowData, { grid }: TileView, ratio: number): Sheet | null {
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

/** The one that is pointed at, or that was looked for. */
export function outlineTile({ context }: Surface, view: TileView, filter: number, thick = 2): void {
  for (const tile of visibleTiles(view)) {
    if (tile.filter !== filter) continue;
    context.strokeStyle = colourToken("--accent");
    context.lineWidth = thick;
    const { x, y, width, height } = tile.box;
    context.strokeRect(x - thick / 2, y - thick / 2, width + thick, height + thick);
  }
}
