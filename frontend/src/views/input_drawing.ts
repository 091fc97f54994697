/** Draws the input's tracks. Whatever signal is read here decides when a track is drawn again. */
import type { Panel } from "../panel";
import type { Area } from "../pointing";
import { css, NAN_COLOUR, sequentialTable } from "../pure/colormap";
import { fillImage } from "../pure/draw";
import { isWhole } from "../pure/loop";
import { asFloats } from "../pure/npy";
import { spectrogramLimits } from "../pure/scale";
import { centreOf, timeToX } from "../pure/timing";
import { present } from "../resource";
import { colourToken } from "../theme";
import type { Edges } from "../types";
import { drawCursor } from "./canvas";
import type { Context, Surface } from "./surface";

export function drawSpectrogram(panel: Panel, { context, width, height }: Surface): void {
  const image = present(panel.data.image.resource.value);
  const entry = panel.data.probe.value?.image ?? null;
  const [rows = 0, columns = 0] = image?.shape ?? [];
  if (image === null || entry === null || rows * columns === 0) return;
  const values = asFloats(image, [rows, columns]);
  const pixels = new ImageData(columns, rows);
  fillImage(
    new Uint32Array(pixels.data.buffer),
    values,
    [rows, columns],
    spectrogramLimits(values, entry.unit),
    sequentialTable(panel.state.colours.value),
  );
  const native = new OffscreenCanvas(columns, rows);
  native.getContext("2d")?.putImageData(pixels, 0, 0);
  context.drawImage(native, 0, 0, width, height);
}

export function drawWaveform(panel: Panel, { context, width, height, ratio }: Surface): void {
  const waveform = present(panel.data.waveform.resource.value);
  const probe = panel.data.probe.value;
  const points = waveform?.shape[1] ?? 0;
  if (waveform === null || probe === null || points === 0) return;
  const values = asFloats(waveform, [2, points]);
  const seconds = panel.derived.seconds.value;
  const loudest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const half = height / 2;
  context.fillStyle = colourToken("--bar");
  const pixel = 1 / ratio;
  for (let x = 0; x < width; x += pixel) {
    const from = pointAt(x, seconds, width, probe.seconds, points);
    const end = Math.max(from + 1, pointAt(x + pixel, seconds, width, probe.seconds, points));
    if (from < 0 || from >= points) continue;
    let low = Infinity;
    let high = -Infinity;
    for (let point = from; point < Math.min(end, points); point++) {
      low = Math.min(low, values[point] ?? 0);
      high = Math.max(high, values[points + point] ?? 0);
    }
    const top = half - (high / loudest) * (half - 1);
    const bottom = half - (low / loudest) * (half - 1);
    context.fillRect(x, top, pixel, Math.max(bottom - top, pixel));
  }
}

function pointAt(x: number, [start, end]: Edges, width: number, duration: number, points: number): number {
  return Math.floor(((start + (x / width) * (end - start)) / duration) * points);
}

/** One box per window and class, as wide as the window is the present one: the first and last reach to the clip's ends. */
export function drawClasses(panel: Panel, { context, width, height }: Surface): void {
  const predictions = panel.derived.predictions.value;
  const times = panel.data.probe.value?.times ?? [];
  if (predictions === null || times.length === 0) return;
  const { scores, classes, windows } = predictions;
  const seconds = panel.derived.seconds.value;
  const finite = scores.filter(Number.isFinite);
  const lowest = finite.reduce((least, value) => Math.min(least, value), 0);
  const highest = finite.reduce((most, value) => Math.max(most, value), lowest < 0 ? -Infinity : 1);
  const table = sequentialTable(panel.state.colours.value);
  const edges = turnEdges(times, seconds);
  for (let window = 0; window < Math.min(windows, times.length); window++) {
    const left = Math.round(timeToX(edges[window] ?? 0, seconds, width));
    const right = Math.round(timeToX(edges[window + 1] ?? 0, seconds, width));
    for (let index = 0; index < classes.length; index++) {
      const score = scores[window * classes.length + index] ?? NaN;
      const top = Math.round((index / classes.length) * height);
      const bottom = Math.round(((index + 1) / classes.length) * height);
      const place = Math.round(((score - lowest) / (highest - lowest)) * 255);
      context.fillStyle = Number.isFinite(score) ? css(table[place] ?? 0) : css(NAN_COLOUR);
      context.fillRect(left, top, right - left, bottom - top);
    }
  }
}

/** Where one window's turn ends and the next begins: half-way between their centres. */
function turnEdges(times: readonly Edges[], [start, end]: Edges): readonly number[] {
  const centres = times.map(centreOf);
  return [start, ...centres.slice(1).map((centre, index) => (centre + (centres[index] ?? centre)) / 2), end];
}

export const BRACKET = 7;

/** What is not repeated, and what the pointed cell sees, over all tracks; `height` is the spectrogram's share. */
export function drawOverlay(panel: Panel, surface: Surface, spectrogramHeight: number): void {
  const pointed = panel.pointed.value;
  if (panel.data.probe.value === null) return;
  shadeOutsideLoop(panel, surface);
  if (pointed?.field != null) {
    drawArea(panel, surface, spectrogramHeight, pointed.field, "rgb(255 255 255 / 70%)", [4, 3]);
  }
  if (pointed?.stretch != null) drawArea(panel, surface, spectrogramHeight, pointed.stretch, "#fff", []);
}

export interface InputMoment {
  readonly time: number;
  /** Of the present window; null without windows. */
  readonly edges: Edges | null;
  /** What the tracks show from left to right. */
  readonly seconds: Edges;
}

/** Cursor and bracket alone. */
export function drawInputMoment(
  { context, width, height, ratio }: Surface,
  { time, edges, seconds }: InputMoment,
  spectrogramHeight: number,
): void {
  if (edges !== null) {
    for (const side of ["left", "right"] as const) {
      drawBracket(context, side, bracketAt(side, edges, seconds, width), spectrogramHeight);
    }
  }
  drawCursor({ context, width, height, ratio }, timeToX(time, seconds, width), 0, height);
}

type Side = "left" | "right";

/** Where a side of the bracket stands on a track: always on it. */
export function bracketAt(side: Side, edges: Edges, seconds: Edges, width: number): number {
  return Math.min(Math.max(timeToX(edges[side === "left" ? 0 : 1], seconds, width), 1), width - 1);
}

export function drawBracket(context: Context, side: Side, x: number, height: number): void {
  const towards = side === "left" ? x + BRACKET : x - BRACKET;
  for (const [colour, line] of [
    ["rgb(0 0 0 / 60%)", 3.5],
    ["#fff", 1.5],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.beginPath();
    context.moveTo(towards, 1);
    context.lineTo(x, 1);
    context.lineTo(x, height - 1);
    context.lineTo(towards, height - 1);
    context.stroke();
  }
}

/** What is not repeated recedes. */
function shadeOutsideLoop({ player, derived }: Panel, { context, width, height }: Surface): void {
  const loop = player.loop.value;
  if (loop === null || isWhole(loop, player.duration.value)) return;
  const [left, right] = loop.map((time) => timeToX(time, derived.seconds.value, width)) as [number, number];
  context.fillStyle = "rgb(96 96 96 / 45%)";
  context.fillRect(0, 0, left, height);
  context.fillRect(right, 0, width - right, height);
}

function drawArea(
  panel: Panel,
  { context, width }: Surface,
  height: number,
  { seconds: span, height: part }: Area,
  colour: string,
  dash: number[],
): void {
  const seconds = panel.derived.seconds.value;
  const left = span === null ? 0 : timeToX(span[0], seconds, width);
  const right = span === null ? width : timeToX(span[1], seconds, width);
  const top = part === null ? 0 : height * (1 - part[1]);
  const bottom = part === null ? height : height * (1 - part[0]);
  context.save();
  context.lineWidth = 1;
  context.strokeStyle = "rgb(0 0 0 / 70%)";
  context.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
  context.setLineDash(dash);
  context.strokeStyle = colour;
  context.strokeRect(left + 0.5, top + 0.5, Math.max(right - left - 1, 1), Math.max(bottom - top - 1, 1));
  context.restore();
}
