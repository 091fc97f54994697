/** What stands beside a raster's rows: their filters' numbers at the left, their strengths or scores at the right. */
import { secondLabels } from "../axis_labels";
import { MARKS } from "../caption";
import { classOf, shortened } from "../filter_title";
import type { Brush } from "../painting/recording";
import type { TileView } from "../pointing";
import { numberedRows, pitchOf, type Lines } from "../pure/raster_layout";
import { colourToken } from "../theme";
import { canvasFont } from "../type_scale";
import { number } from "../words";
import { barParts, zeroOf } from "./filter_bars";
import type { Surface } from "./surface";
import type { RasterDrawing } from "./raster_drawing";

const FONT = canvasFont("small");
const SPACE = 6;
const HALF_LINE = 6;
/** Of the strongest: shorter where words follow. */
const BARS = { words: 64, alone: 150 };
const LEAST_BAR = 24;
const HIGHEST_BAR = 5;
/** Rows of this height have room for words. */
const READABLE = 11;

/** Every number that there is room for, with a tick where it stands for but one of several rows. */
export function drawNumbers({ context }: Surface<Brush>, { view, shown }: RasterDrawing): void {
  const { grid, left, top, scrollTop, height, filters } = view;
  const every = numberedRows(grid);
  const pitch = pitchOf(grid);
  const [ink, soft] = [colourToken("--ink"), colourToken("--ink-soft")];
  begin(context, "right");
  const first = Math.max(Math.floor((scrollTop - top) / pitch / every), 0) * every;
  for (let position = first; position < grid.count; position += every) {
    const y = top - scrollTop + position * pitch + grid.tileHeight / 2;
    if (y > height - HALF_LINE) break;
    const filter = filters[position] ?? 0;
    const state = shown.picture.states[filter] ?? "unknown";
    context.fillStyle = state === "active" ? ink : soft;
    const sign = state === "active" || every > 1 ? "" : ` ${MARKS[state].sign}`;
    context.fillText(`${filter}${sign}`, left - SPACE, Math.max(y, HALF_LINE));
    if (every > 1) context.fillRect(left - SPACE + 2, Math.round(y), SPACE - 3, 1);
  }
}

/** The number of the row that is pointed at, over those beside it. */
export function drawNumberOf(
  { context }: Surface,
  { grid, left, top, scrollTop, filters }: TileView,
  filter: number,
): void {
  const y = top - scrollTop + filters.indexOf(filter) * pitchOf(grid) + grid.tileHeight / 2;
  begin(context, "right");
  const width = context.measureText(String(filter)).width + 8;
  context.fillStyle = colourToken("--accent");
  context.fillRect(left - SPACE + 4 - width, Math.max(y, HALF_LINE + 1) - HALF_LINE - 1, width, 2 * HALF_LINE + 2);
  context.fillStyle = colourToken("--on-accent");
  context.fillText(String(filter), left - SPACE, Math.max(y, HALF_LINE + 1));
}

/** What the order is by or, of other orders, each row's strength against the strongest. Words where there is room. */
export function drawBars({ context, width }: Surface<Brush>, drawing: RasterDrawing, lines: Lines): void {
  const { view } = drawing;
  const left = view.left + view.grid.tileWidth + SPACE;
  const readable = view.grid.tileHeight >= READABLE;
  const room = roomOfBars(view, width);
  if (room < LEAST_BAR) return;
  const bar = lines.pitch < 4 ? lines.pitch : Math.min(lines.pitch - 2, HIGHEST_BAR);
  const inset = lines.pitch < 4 ? 0 : (view.grid.tileHeight - bar) / 2;
  for (const { token, of } of barParts(drawing)) {
    context.fillStyle = colourToken(token);
    for (const [index, rows] of lines.rows.entries()) {
      const [start, length] = of(view.filters.slice(...rows));
      context.fillRect(left + room * start, lines.top + index * lines.pitch + inset, room * length, bar);
    }
  }
  const zero = zeroOf(drawing);
  if (zero > 0) {
    context.fillStyle = colourToken("--ink-soft");
    context.fillRect(Math.round(left + room * zero), lines.top, 1, lines.rows.length * lines.pitch);
  }
  if (readable) drawWords(context, drawing, lines, { left: left + room + SPACE, right: width - SPACE });
}

function roomOfBars({ grid, left }: TileView, width: number): number {
  const most = BARS[grid.tileHeight >= READABLE ? "words" : "alone"];
  return Math.min(most, width - left - grid.tileWidth - 2 * SPACE);
}

function drawWords(
  context: Brush,
  { view, shown, scale, bars }: RasterDrawing,
  lines: Lines,
  { left, right }: { readonly left: number; readonly right: number },
): void {
  begin(context, "left");
  context.fillStyle = colourToken("--ink-soft");
  for (const [index, [position]] of lines.rows.entries()) {
    const filter = view.filters[position] ?? 0;
    const state = shown.picture.states[filter] ?? "unknown";
    const name = classOf(shown, filter);
    const score = bars?.values[filter] ?? NaN;
    const strength = state === "active" ? number(scale.strengths[filter] ?? 0) : MARKS[state].word;
    const said = bars === null ? strength : Number.isNaN(score) ? "" : bars.say(score);
    const whole = name === null ? said : `${name}  ${said}`;
    const text = shortened(whole, right - left, (part) => context.measureText(part).width);
    if (text !== null) context.fillText(text, left, lines.top + index * lines.pitch + view.grid.tileHeight / 2);
  }
}

/** What is written below the last row needs this much room. */
const FOOT = 12;

/**
 * Below the last row or, where more rows are scrolled to, over the lowest in view: the rows' own seconds, which need not lie
 * below the input's, and what the bars are.
 */
export function drawFoot({ context, width }: Surface<Brush>, { view, seconds, paint, bars }: RasterDrawing): void {
  const { grid, left, top, scrollTop, height } = view;
  const end = Math.min(top - scrollTop + grid.contentHeight, height - FOOT);
  const y = end + FOOT / 2 + 1;
  context.fillStyle = colourToken("--ground");
  context.fillRect(0, end, width, height - end);
  begin(context, "center");
  context.fillStyle = colourToken("--ink-soft");
  for (const { text, at } of secondLabels(seconds, grid.tileWidth)) {
    const half = context.measureText(text).width / 2;
    context.fillText(text, left + Math.min(Math.max(at, half), grid.tileWidth - half), y);
  }
  const right = left + grid.tileWidth + SPACE;
  const heading = bars?.heading ?? (paint.own === undefined ? "strength" : "largest |B − A|");
  const text = shortened(heading, width - SPACE - right, (part) => context.measureText(part).width);
  begin(context, "left");
  // In the middle of the bars where there is room: beside the last of the seconds it would be read as one with it.
  if (text !== null) {
    const inset = Math.max(roomOfBars(view, width) - context.measureText(text).width, 0) / 2;
    context.fillText(text, right + inset, y);
  }
}

function begin(context: Brush, align: CanvasTextAlign): void {
  context.font = FONT;
  context.textBaseline = "middle";
  context.textAlign = align;
}
