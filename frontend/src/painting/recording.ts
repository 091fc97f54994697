/** What is drawn, written down to be drawn elsewhere: the part of a canvas's context that the grid's picture needs. */
import type { Box } from "../pure/placement";
import type { Context } from "../views/surface";
import type { MapsPicture } from "./maps";
import type { Sheet } from "./sheet";

/** All that can be written down. */
export type Method = "fillRect" | "fillText" | "beginPath" | "rect" | "fill" | "save" | "restore";
export type Setting = "fillStyle" | "font" | "textBaseline" | "textAlign";
/** A name, and what it takes; sheets and pictures are told by their place among the recording's. */
export type Told =
  | readonly [Method, ...(number | string)[]]
  | readonly [Setting, string]
  | readonly ["drawSheet", sheet: number, from: Box, to: Box]
  | readonly ["drawMaps", picture: number]
  | readonly ["putSheet", sheet: number, from: Box, left: number, top: number];
type Settings = Record<Setting, string>;

/** What the grid's picture is drawn with. */
export type Brush = Context | Recording;

export class Recording implements Record<Method, (...told: never[]) => void> {
  readonly told: Told[] = [];
  readonly pictures: MapsPicture[] = [];
  readonly #sheets = new Map<Sheet, number>();
  readonly #kept: Settings[] = [];
  #settings: Settings = { fillStyle: "", font: "", textBaseline: "", textAlign: "left" };

  get sheets(): readonly Sheet[] {
    return [...this.#sheets.keys()];
  }

  get fillStyle(): string {
    return this.#settings.fillStyle;
  }
  set fillStyle(colour: string) {
    this.#set("fillStyle", colour);
  }
  get font(): string {
    return this.#settings.font;
  }
  set font(font: string) {
    this.#set("font", font);
  }
  get textBaseline(): CanvasTextBaseline {
    return this.#settings.textBaseline as CanvasTextBaseline;
  }
  set textBaseline(line: CanvasTextBaseline) {
    this.#set("textBaseline", line);
  }
  get textAlign(): CanvasTextAlign {
    return this.#settings.textAlign as CanvasTextAlign;
  }
  set textAlign(align: CanvasTextAlign) {
    this.#set("textAlign", align);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.told.push(["fillRect", x, y, width, height]);
  }

  fillText(text: string, x: number, y: number): void {
    this.told.push(["fillText", text, x, y]);
  }

  beginPath(): void {
    this.told.push(["beginPath"]);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.told.push(["rect", x, y, width, height]);
  }

  fill(): void {
    this.told.push(["fill"]);
  }

  save(): void {
    this.#kept.push({ ...this.#settings });
    this.told.push(["save"]);
  }

  restore(): void {
    this.#settings = this.#kept.pop() ?? this.#settings;
    this.told.push(["restore"]);
  }

  /** Asks a canvas that is never seen. */
  measureText(text: string): TextMetrics {
    return measureText(text, this.font);
  }

  drawSheet(sheet: Sheet, from: Box, to: Box): void {
    this.told.push(["drawSheet", this.#placeOf(sheet), from, to]);
  }

  putSheet(sheet: Sheet, from: Box, left: number, top: number): void {
    this.told.push(["putSheet", this.#placeOf(sheet), from, left, top]);
  }

  drawMaps(picture: MapsPicture): void {
    this.told.push(["drawMaps", this.pictures.length]);
    this.pictures.push(picture);
  }

  #placeOf(sheet: Sheet): number {
    const place = this.#sheets.get(sheet) ?? this.#sheets.size;
    this.#sheets.set(sheet, place);
    return place;
  }

  #set(setting: Setting, value: string): void {
    if (this.#settings[setting] === value) return;
    this.#settings[setting] = value;
    this.told.push([setting, value]);
  }
}

let MEASURING: OffscreenCanvasRenderingContext2D | null = null;

export function measureText(text: string, font: string): TextMetrics {
  MEASURING ??= new OffscreenCanvas(1, 1).getContext("2d");
  if (MEASURING === null) throw new Error("This browser has no canvas to measure text on.");
  if (MEASURING.font !== font) MEASURING.font = font;
  return MEASURING.measureText(text);
}

/** Draws a part of a sheet, scaled and without smoothing. */
export function drawSheet(brush: Brush, sheet: Sheet, from: Box, to: Box): void {
  if (brush instanceof Recording) brush.drawSheet(sheet, from, to);
  else brush.drawImage(sheet.canvas, ...inOrder(from), ...inOrder(to));
}

/** Puts a part of a sheet at a place in the canvas's own pixels, one for one: several times as fast as drawing it. */
export function putSheet(brush: Brush, sheet: Sheet, from: Box, left: number, top: number): void {
  if (brush instanceof Recording) brush.putSheet(sheet, from, left, top);
  else brush.putImageData(sheet.image, left - from.x, top - from.y, ...inOrder(from));
}

function inOrder({ x, y, width, height }: Box): [x: number, y: number, width: number, height: number] {
  return [x, y, width, height];
}
