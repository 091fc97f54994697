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
  /** All that it is drawn from. */
  readonly sheets: readonly SheetUpdate[];
  /** Numbers of sheets that are not needed any more. */
  readonly forgotten: readonly number[];
}

export interface SheetUpdate {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly changed: Lines | null;
}

export class Replay {
  readonly #canvas: OffscreenCanvas;
  readonly #sheets = new Map<number, Sheet>();

  constructor(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
  }

  /** Takes what is new of sheets; returns them, in the same order. */
  keep(updates: readonly SheetUpdate[]): readonly Sheet[] {
    return updates.map(({ id, width, height, changed }) => {
      const sheet = this.#sheets.get(id) ?? new Sheet(width, height);
      this.#sheets.set(id, sheet);
      if (changed !== null) sheet.write(changed);
      return sheet;
    });
  }

  draw({ width, height, ratio, clears, told, sheets, forgotten }: Frame): void {
    const drawn = this.keep(sheets);
    for (const id of forgotten) this.#sheets.delete(id);
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
