/** Writes the classes into the heads of the output's tiles, between number and strength, where there is room. */
import { classOf, shortened } from "../filter_title";
import type { Brush } from "../painting/recording";
import { colourToken } from "../theme";
import { canvasFont } from "../type_scale";
import type { Surface } from "./surface";
import type { TileDrawing } from "./grid_drawing";
import { visibleTiles } from "../pure/layout";

const FONT = canvasFont("small", 500);
const GAP = 5;
/** What strengths take of a tile's width at most, from the right. */
const STRENGTH = 64;
/** A letter and an ellipsis tell nothing. */
const LEAST = 24;

export function drawTileClasses(
  { context }: Surface<Brush>,
  { view, shown }: Pick<TileDrawing, "view" | "shown">,
): void {
  context.save();
  context.font = FONT;
  context.textBaseline = "alphabetic";
  context.fillStyle = colourToken("--ink");
  for (const { filter, box } of visibleTiles(view)) {
    const name = classOf(shown, filter);
    if (name === null || shown.picture.states[filter] !== "active") continue;
    const from = context.measureText(String(filter)).width + GAP;
    const room = box.width - from - STRENGTH - GAP;
    if (room < LEAST) continue;
    const text = shortened(name, room, (part) => context.measureText(part).width);
    if (text !== null) context.fillText(text, box.x + from, box.y - 4);
  }
  context.restore();
}
