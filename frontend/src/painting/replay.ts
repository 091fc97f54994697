/** Draws what was recorded, in the worker. */
import { prepare, surfaceOf, type Context } from "../views/surface";
import { drawSheet, putSheet, type Method, type Setting, type Told } from "./recording";
import { Sheet, type Lines } from "./sheet";

/** A picture, or what of it has changed. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  /** Whether what was drawn before goes first. */
  readonly clears: boolean;
  readonly told: readonly Told[];
  /** All that it is drawn from: others are not needed any more. */
  readonly sheets: readonly SheetUpdate[];
}

export interface SheetUpdate {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly changed: Lines | null;
}

export class Replay {
  readonly #canvas: OffscreenCanvas;
  #sheets = new Map<number, Sheet>();

  constructor(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
  }

  draw({ width, height, ratio, clears, told, sheets }: Frame): void {
    const known = this.#sheets;
    this.#sheets = new Map(sheets.map(({ id, ...size }) => [id, known.get(id) ?? new Sheet(size.width, size.height)]));
    const drawn = [...this.#sheets.values()];
    for (const [place, { changed }] of sheets.entries()) if (changed !== null) drawn[place]?.write(changed);
    const surface = (clears ? prepare : surfaceOf)(this.#canvas, width, height, ratio);
    if (surface === null) return;
    for (const each of told) tell(surface.context, each, drawn);
  }
}

function tell(context: Context, told: Told, sheets: readonly Sheet[]): void {
  if (told[0] === "drawSheet" || told[0] === "putSheet") {
    const sheet = sheets[told[1]];
    if (sheet === undefined) return;
    if (told[0] === "drawSheet") drawSheet(context, sheet, told[2], told[3]);
    else putSheet(context, sheet, told[2], told[3], told[4]);
  } else if (isSetting(told)) {
    (context as Record<Setting, string>)[told[0]] = told[1];
  } else {
    // `Recording` alone writes them down: names and what they take fit.
    const [method, ...taken] = told;
    (context as unknown as Record<Method, (...taken: (number | string)[]) => void>)[method](...taken);
  }
}

const SETTINGS: ReadonlySet<string> = new Set<Setting>(["fillStyle", "font", "textBaseline", "textAlign"]);

function isSetting(told: Told): told is readonly [Setting, string] {
  return SETTINGS.has(told[0]);
}
