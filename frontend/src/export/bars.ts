/** Draws the prediction of one window, as it stands beside the input on the page. */
import { shortened } from "../filter_title";
import { bestOf, sentenceOf, sharesOf, type ClassBar } from "../pure/predict";
import type { Box } from "../pure/placement";
import { colourToken } from "../theme";
import { canvasFont } from "../type_scale";
import { count, score } from "../words";
import type { Surface } from "../views/surface";
import { BAR, barsHead, barsWithin } from "./picture_layout";

const LEAST_COLUMN = 180;
const BETWEEN = 16;

export function drawBars(surface: Surface, box: Box, bars: readonly ClassBar[], labels: readonly string[]): void {
  const { context } = surface;
  const first = bestOf(bars);
  const shares = sharesOf(bars);
  context.textBaseline = "middle";
  drawSentence(surface, box, bars, labels);
  const columns = Math.max(Math.floor((box.width + BETWEEN) / (LEAST_COLUMN + BETWEEN)), 1);
  const width = (box.width + BETWEEN) / columns - BETWEEN;
  const down = barsWithin(box.height);
  const room = columns * down;
  // The last place tells of those that have none.
  const drawn = bars.length <= room ? bars : bars.slice(0, room - 1);
  for (const [index, bar] of drawn.entries()) {
    const place = placeOf(box, index, columns, width);
    drawBar(surface, place, bar, { share: shares[index] ?? 0, best: bar === first });
  }
  if (drawn.length < bars.length && room > 0) {
    const place = placeOf(box, drawn.length, columns, width);
    context.font = canvasFont("note");
    context.fillStyle = colourToken("--ink-soft");
    context.fillText(`and ${count(bars.length - drawn.length, "class", "classes")} more`, place.x + 6, middle(place));
  }
}

function placeOf(box: Box, index: number, columns: number, width: number): Box {
  const [column, row] = [index % columns, Math.floor(index / columns)];
  return { x: box.x + column * (width + BETWEEN), y: box.y + barsHead + row * BAR, width, height: BAR - 1 };
}

function middle({ y, height }: Box): number {
  return y + height / 2 + 0.5;
}

function drawSentence({ context }: Surface, box: Box, bars: readonly ClassBar[], labels: readonly string[]): void {
  context.textAlign = "left";
  context.fillStyle = colourToken("--ink-soft");
  context.font = canvasFont("small", 500);
  context.fillText("THIS WINDOW", box.x, box.y + 8);
  const { tone, lead, rest } = sentenceOf(bars, labels);
  let x = box.x;
  if (lead !== "") {
    context.font = canvasFont("note", 500);
    context.fillStyle = colourToken(tone === "right" ? "--right" : "--wrong");
    context.fillText(lead, x, box.y + 26);
    x += context.measureText(`${lead} `).width;
  }
  context.font = canvasFont("note");
  context.fillStyle = colourToken("--ink");
  const text = shortened(rest, box.x + box.width - x, (part) => context.measureText(part).width);
  if (text !== null) context.fillText(text, x, box.y + 26);
}

function drawBar(
  { context }: Surface,
  box: Box,
  bar: ClassBar,
  { share, best }: { readonly share: number; readonly best: boolean },
): void {
  context.fillStyle = colourToken("--ground");
  context.fillRect(box.x, box.y, box.width, box.height);
  context.fillStyle = colourToken(best ? "--bar-first" : "--bar-soft");
  context.fillRect(box.x, box.y, share * box.width, box.height);
  context.fillStyle = colourToken("--ink");
  context.font = canvasFont("note");
  context.textAlign = "right";
  const value = score(bar.score);
  context.fillText(value, box.x + box.width - 6, middle(box));
  let room = box.width - 18 - context.measureText(value).width;
  context.textAlign = "left";
  if (bar.label) room -= 40;
  context.font = canvasFont("note", best || bar.label ? 500 : 400);
  const name = shortened(bar.name, room, (part) => context.measureText(part).width);
  if (name === null) return;
  context.fillText(name, box.x + 6, middle(box));
  if (!bar.label) return;
  const left = box.x + 12 + context.measureText(name).width;
  context.font = canvasFont("small", 500);
  context.fillText("TRUE", left + 4, middle(box));
  context.strokeStyle = colourToken("--ink");
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, box.y + 2.5, context.measureText("TRUE").width + 7, 12);
}
