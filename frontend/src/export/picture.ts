/** A picture of all that the panel shows at one moment, on a canvas of its own: what does not move is drawn once. */
import { untracked } from "@preact/signals";

import { classLabels, hertzLabels, secondLabels } from "../axis_labels";
import { shortened } from "../filter_title";
import { litColumn } from "../lit";
import { legendStops } from "../pure/colormap";
import type { Box } from "../pure/placement";
import { timeToX, windowAt } from "../pure/timing";
import { colourToken } from "../theme";
import { canvasFont } from "../type_scale";
import { prepare, type Surface } from "../views/surface";
import { TileAtlas } from "../painting/tile_atlas";
import { drawGrid, type Kept } from "../views/grid_picture";
import { drawClasses, drawInputMoment, drawSpectrogram, drawWaveform } from "../views/input_drawing";
import { drawMoment } from "../views/moment_drawing";
import { RasterImage } from "../views/raster_drawing";
import { drawBars } from "./bars";
import { momentWords, wrapped } from "./names";
import { layOutPicture, LINE, type PictureLayout } from "./picture_layout";
import { barsAt, type Scene } from "./scene";

const TEXT = canvasFont("note");
const TITLE = canvasFont("title", 500);
const RAMP = { width: 64, height: 10, gap: 8 };
/** Of the gutter that the input's axes stand in, where the grid does not give its place. */
const GUTTER = 58;
/** Room for the time, at the right of the first line. */
const MOMENT = 236;

export class Picture {
  readonly canvas = document.createElement("canvas");
  readonly layout: PictureLayout;
  readonly #scene: Scene;
  readonly #ratio: number;
  readonly #still = document.createElement("canvas");
  readonly #kept: Kept = { atlas: new TileAtlas(), image: new RasterImage() };

  /** `ratio`: pixels of the picture per CSS pixel. Throws where the browser has no canvas of this size. */
  constructor(scene: Scene, ratio: number) {
    this.#scene = scene;
    this.#ratio = ratio;
    const { view } = scene.drawing;
    const words = wordLines(scene, view.page.width, this.#measure());
    this.layout = layOutPicture({
      width: view.page.width,
      track: trackOf(scene),
      headLines: words.head.length + words.scale.length,
      footLines: words.foot.length,
      classes: scene.predictions?.classes.length ?? 0,
      gridHeight: view.height,
    });
    untracked(() => {
      this.#drawStill(words);
    });
  }

  /** Draws the moment at `time` seconds of the clip. */
  draw(time: number): void {
    untracked(() => {
      const { layout } = this;
      const { drawing, times, duration } = this.#scene;
      const { shown, seconds, view } = drawing;
      const surface = this.#surface(this.canvas);
      surface.context.drawImage(this.#still, 0, 0, layout.width, layout.height);
      const window = windowAt(times, time);
      const edges = times[window ?? -1] ?? null;
      within(surface, layout.tracks, (tracks) => {
        drawInputMoment(tracks, { time, edges, seconds }, layout.spectrogram.height);
      });
      within(surface, layout.grid, (grid) => {
        if (shown.kind === "window") drawGrid(grid, { ...drawing, window: window ?? 0 }, this.#kept);
        const cursor = shown.kind === "window" ? null : timeToX(time, seconds, 1);
        const lit = litColumn(shown, { time, window, seconds });
        drawMoment(grid, view, cursor, lit, shown.kind === "raster");
      });
      this.#drawTime(surface, momentWords(time, duration, window, times.length));
      if (layout.bars !== null && window !== null) {
        drawBars(surface, layout.bars, barsAt(this.#scene, window), this.#scene.labels);
      }
    });
  }

  #surface(canvas: HTMLCanvasElement): Surface {
    const { width, height } = this.layout;
    const surface = prepare(canvas, width, height, this.#ratio);
    if (surface === null) throw new Error(`This browser has no canvas of ${canvas.width} × ${canvas.height} pixels.`);
    return surface;
  }

  #measure(): (text: string, font: string) => number {
    const context = this.#still.getContext("2d");
    return (text, font) => {
      if (context === null) return 0;
      context.font = font;
      return context.measureText(text).width;
    };
  }

  #drawStill(words: WordLines): void {
    const { layout } = this;
    const { panel, drawing } = this.#scene;
    const surface = this.#surface(this.#still);
    const { context } = surface;
    context.fillStyle = colourToken("--surface");
    context.fillRect(0, 0, layout.width, layout.height);
    context.fillStyle = colourToken("--ground");
    context.fillRect(0, layout.grid.y, layout.width, layout.grid.height);
    drawHead(surface, layout.head, words, legendStops(panel.state.colours.value));
    for (const [box, ground, draw] of [
      [layout.spectrogram, "--plate", drawSpectrogram],
      [layout.wave, "--ground", drawWaveform],
      [layout.classes, "--plate", drawClasses],
    ] as const) {
      if (box === null) continue;
      within(surface, box, (track) => {
        context.fillStyle = colourToken(ground);
        context.fillRect(0, 0, track.width, track.height);
        draw(panel, track);
      });
    }
    this.#drawAxes(surface);
    if (drawing.shown.kind !== "window") {
      within(surface, layout.grid, (grid) => {
        drawGrid(grid, drawing, this.#kept);
      });
    }
    drawLines(surface, layout.foot, words.foot);
  }

  #drawAxes({ context }: Surface): void {
    const { spectrogram, classes, seconds } = this.layout;
    const { panel } = this.#scene;
    context.font = canvasFont("small");
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.fillStyle = colourToken("--ink-soft");
    const left = spectrogram.x - 6;
    const write = (box: Box, { text, at }: { readonly text: string; readonly at: number }) => {
      const cut = shortened(text, left - 2, (part) => context.measureText(part).width);
      if (cut !== null) context.fillText(cut, left, box.y + at);
    };
    for (const label of hertzLabels(panel, spectrogram.height)) write(spectrogram, label);
    if (classes !== null) for (const label of classLabels(panel, classes.height)) write(classes, label);
    for (const { text, at } of secondLabels(this.#scene.drawing.seconds, seconds.width)) {
      context.textAlign = at < 12 ? "left" : at > seconds.width - 12 ? "right" : "center";
      context.fillText(text, seconds.x + at, seconds.y + 8);
    }
  }

  #drawTime({ context }: Surface, text: string): void {
    const { head } = this.layout;
    context.font = TITLE;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillStyle = colourToken("--ink");
    context.fillText(text, head.x + head.width, head.y + LINE / 2);
  }
}

interface WordLines {
  readonly epoch: string;
  readonly head: readonly string[];
  readonly scale: readonly string[];
  readonly foot: readonly string[];
}

function wordLines(scene: Scene, width: number, widthOf: (text: string, font: string) => number): WordLines {
  const room = width - 24;
  const { epoch, parts } = scene.heading;
  const title = (text: string): number => widthOf(text, TITLE);
  const text = (line: string): number => widthOf(line, TEXT);
  const fitting = (lines: readonly string[], most: number, size: (line: string) => number): readonly string[] =>
    lines.map((line) => shortened(line, most, size) ?? "");
  // The epoch stands before the first line and the time after it: all lines keep to what is left of that one.
  const head = room - MOMENT - title(`${epoch}  `);
  const beside = room - RAMP.width - RAMP.gap;
  return {
    epoch,
    // Names are as long as they are: each keeps to one line.
    head: wrapped(fitting(parts, head, title), head, title),
    scale: fitting(wrapped(scene.scale, beside, text), beside, text),
    foot: fitting(
      wrapped(
        scene.notes.flatMap((note) => note.split("  ·  ")),
        room,
        text,
      ),
      room,
      text,
    ),
  };
}

/** The input's seconds run where they do on the page; rows stand below them. */
function trackOf({ panel, drawing }: Scene): { left: number; width: number } {
  const { view, shown } = drawing;
  const track = panel.track.peek();
  // As on the page, where the classes' names have the room that they need.
  const left = shown.kind === "raster" ? view.left : Math.max((track?.left ?? 0) - view.page.left, GUTTER);
  const most = view.page.width - left - 12;
  return { left, width: shown.kind === "raster" ? view.grid.tileWidth : Math.min(track?.width ?? most, most) };
}

function drawHead(surface: Surface, box: Box, { epoch, head, scale }: WordLines, stops: readonly string[]): void {
  const { context } = surface;
  context.font = TITLE;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = colourToken("--epoch-ink");
  context.fillText(epoch, box.x, box.y + LINE / 2);
  const left = context.measureText(`${epoch}  `).width;
  context.fillStyle = colourToken("--ink");
  for (const [index, line] of head.entries()) context.fillText(line, box.x + left, box.y + (index + 0.5) * LINE);
  const top = box.y + head.length * LINE;
  const ramp = context.createLinearGradient(box.x, 0, box.x + RAMP.width, 0);
  for (const [index, colour] of stops.entries()) ramp.addColorStop(index / Math.max(stops.length - 1, 1), colour);
  context.fillStyle = ramp;
  context.fillRect(box.x, top + (LINE - RAMP.height) / 2, RAMP.width, RAMP.height);
  drawLines(surface, { ...box, x: box.x + RAMP.width + RAMP.gap, y: top }, scale);
}

function drawLines({ context }: Surface, { x, y }: Box, lines: readonly string[]): void {
  context.font = TEXT;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = colourToken("--ink-soft");
  for (const [index, line] of lines.entries()) context.fillText(line, x, y + (index + 0.5) * LINE);
}

/** Draws on a part of a surface as if it were one of its own: its corner on a whole pixel, nothing outside it. */
function within({ context, ratio }: Surface, box: Box, draw: (part: Surface) => void): void {
  const snap = (length: number): number => Math.round(length * ratio) / ratio;
  context.save();
  context.translate(snap(box.x), snap(box.y));
  context.beginPath();
  context.rect(0, 0, box.width, box.height);
  context.clip();
  context.textAlign = "left";
  draw({ context, width: box.width, height: box.height, ratio });
  context.restore();
}
