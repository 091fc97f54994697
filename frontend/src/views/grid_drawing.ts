/** Draws what stands around the maps of the tiles in view: number, strength, outline. */
import { MARKS } from "../caption";
import type { Shown } from "../derived";
import type { MapsPicture } from "../painting/maps";
import type { Brush } from "../painting/recording";
import type { TileView } from "../pointing";
import type { Paint } from "../pure/draw";
import { visibleTiles } from "../pure/layout";
import type { LayerScale } from "../pure/scale";
import { colourToken } from "../theme";
import { canvasFont } from "../type_scale";
import type { ScoreBars } from "../ranking";
import type { Edges } from "../types";
import { barParts, zeroOf } from "./filter_bars";
import type { Surface } from "./surface";

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
  /** What the bars are instead of strengths; null where they are these. */
  readonly bars: ScoreBars | null;
  readonly seconds: Edges;
  readonly window: number;
  /** What else tells this picture from others, for tests. */
  readonly told?: Readonly<Record<string, string>>;
}

/** The maps of tiles as the painter wants them; null of a raster. */
export function mapsOf({ shown, paint, view, seconds, window }: TileDrawing): MapsPicture | null {
  if (shown.kind === "raster") return null;
  return { maps: shown.picture.maps, paint, tiles: view, seconds, window, ground: colourToken("--line") };
}

const STRENGTH_HEIGHT = 3;
const ZERO_HEIGHT = 5;
const WIDE_ENOUGH_FOR_WORDS = 78;
const NUMBER_FONT = canvasFont("small", 500);
const MARK_FONT = canvasFont("small");

/** Number and bar, or what marks a filter that has no strength. */
export function drawHeaders({ context }: Surface<Brush>, drawing: TileDrawing): void {
  const { view, shown } = drawing;
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
  for (const { token, of } of barParts(drawing)) {
    context.fillStyle = colourToken(token);
    for (const { filter, state, box, baseline, used } of tiles) {
      if (state !== "active") continue;
      const room = Math.min(box.width - used, 64);
      const [start, length] = of([filter]);
      context.fillRect(box.x + box.width - room * (1 - start), baseline - 5, room * length, STRENGTH_HEIGHT);
    }
  }
  const zero = zeroOf(drawing);
  if (zero === 0) return;
  context.fillStyle = soft;
  for (const { state, box, baseline, used } of tiles) {
    const room = Math.min(box.width - used, 64);
    if (state === "active") context.fillRect(Math.round(box.x + box.width - room * zero), baseline - 6, 1, ZERO_HEIGHT);
  }
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
