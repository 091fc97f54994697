/** Draws the tiles in view: number, strength, map; and the cursor above them. */
import { MARKS } from "../caption";
import type { Shown } from "../derived";
import type { TileView } from "../pointing";
import type { Paint } from "../pure/draw";
import { tileBox, tilesInView, type TileBox } from "../pure/layout";
import { hatchedBoxes, placeStrip, type Box, type Placement } from "../pure/placement";
import type { LayerScale } from "../pure/scale";
import { fitAxis, type Fit } from "../pure/shrink";
import { colourToken } from "../theme";
import type { Edges } from "../types";
import type { Surface } from "./canvas";
import type { TileAtlas } from "./grid_atlas";
import { drawOutside } from "./outside_drawing";

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

export function drawTiles(surface: Surface, drawing: TileDrawing, shown: ShownTiles, atlas: TileAtlas): void {
  for (const { filter, box } of visibleTiles(drawing.view)) drawHeader(surface, drawing, filter, box);
  drawMaps(surface, drawing, shown, atlas);
  drawOutside(surface, shown, visibleTiles(drawing.view), { seconds: drawing.seconds, inside: false });
}

/** The tiles' maps alone. */
export function drawMaps(
  surface: Surface,
  { view, seconds, window }: Pick<TileDrawing, "view" | "seconds" | "window">,
  shown: ShownTiles,
  atlas: TileAtlas,
): void {
  const placement = placementOf(shown, seconds);
  const hatched = shown.kind === "window" ? hatchedBoxes(shown.picture.maps) : [];
  const empty = colourToken("--line");
  for (const { position, box } of visibleTiles(view)) {
    surface.context.fillStyle = empty;
    surface.context.fillRect(box.x, box.y, box.width, box.height);
    const pixels = atlas.pixels(position, window);
    if (pixels !== null) {
      const target = snapped(within(box, placement.target), surface.ratio);
      surface.context.drawImage(
        pixels.canvas,
        pixels.x,
        pixels.y,
        pixels.width,
        pixels.height,
        target.x,
        target.y,
        target.width,
        target.height,
      );
    }
    for (const part of hatched) hatch(surface, snapped(within(box, part), surface.ratio));
  }
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
    columns: fitAxis(columns, source.x, source.width, target.width * grid.tileWidth * ratio),
    rows: fitAxis(rows, source.y, source.height, target.height * grid.tileHeight * ratio),
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

function within(box: TileBox, part: Box): Box {
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

const STRENGTH_HEIGHT = 3;
const WIDE_ENOUGH_FOR_WORDS = 78;

function drawHeader({ context }: Surface, { shown, scale, peaks }: TileDrawing, filter: number, box: TileBox): void {
  const number = String(filter);
  const state = shown.picture.states[filter] ?? "unknown";
  context.font = "500 11px Roboto, system-ui, sans-serif";
  context.textBaseline = "alphabetic";
  context.fillStyle = colourToken(state === "active" ? "--ink" : "--ink-soft");
  const baseline = box.y - 4;
  context.fillText(number, box.x, baseline);
  const used = context.measureText(number).width + 6;
  if (state !== "active") {
    context.font = "400 10px Roboto, system-ui, sans-serif";
    const { word, sign } = MARKS[state];
    context.fillText(box.width >= WIDE_ENOUGH_FOR_WORDS ? word : sign, box.x + used, baseline);
    return;
  }
  const room = Math.min(box.width - used, 64);
  const left = box.x + box.width - room;
  const strength = scale.strengths[filter] ?? 0;
  // What the strip leaves out is told apart: a dark strip may belong to a strong filter.
  const drawn = Math.min(Math.max(peaks?.[filter] ?? strength, 0), strength);
  const lengthOf = (value: number): number => (scale.strongest > 0 ? (room * value) / scale.strongest : 0);
  for (const [token, length] of [
    ["--bar-soft", room],
    ["--bar-hidden", lengthOf(strength)],
    ["--bar", lengthOf(drawn)],
  ] as const) {
    context.fillStyle = colourToken(token);
    context.fillRect(left, baseline - 5, length, STRENGTH_HEIGHT);
  }
}

function hatch({ context }: Surface, { x, y, width, height }: Box): void {
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
