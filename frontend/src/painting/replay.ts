/** Draws what was recorded, in the worker. */
import { prepare, surfaceOf, type Context } from "../views/surface";
import { drawMaps, prepareMaps } from "./maps";
import { drawSheet, putSheet, type Method, type Setting, type Told } from "./recording";
import { Sheet, type Lines } from "./sheet";
import { TileAtlas } from "./tile_atlas";
import { PictureHearer, type ToldPicture } from "./told_picture";

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
  readonly pictures: readonly ToldPicture[];
  /** Numbers of what is not needed any more. */
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
  readonly #hearer = new PictureHearer();
  readonly #atlas = new TileAtlas();
  #ratio = 1;

  constructor(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
  }

  draw({ width, height, ratio, clears, told, forgotten, ...from }: Frame): void {
    const sheets = from.sheets.map((update) => this.#keep(update));
    const pictures = from.pictures.map((picture) => this.#hearer.hear(picture));
    for (const id of forgotten) {
      this.#sheets.delete(id);
      this.#hearer.forget(id);
    }
    this.#ratio = ratio;
    const surface = (clears ? prepare : surfaceOf)(this.#canvas, width, height, ratio);
    if (surface === null) return;
    for (const each of told) {
      if (each[0] === "drawMaps") {
        const picture = pictures[each[1]];
        if (picture !== undefined) drawMaps(surface, picture, { atlas: this.#atlas, still: true });
      } else if (each[0] === "drawSheet" || each[0] === "putSheet") {
        const sheet = sheets[each[1]];
        if (sheet === undefined) continue;
        if (each[0] === "drawSheet") drawSheet(surface.context, sheet, each[2], each[3]);
        else putSheet(surface.context, sheet, each[2], each[3], each[4]);
      } else {
        tell(surface.context, each);
      }
    }
  }

  /** Makes the maps of a picture that comes next ready. */
  prepare(next: ToldPicture): void {
    prepareMaps(this.#hearer.hear(next), this.#atlas, { milliseconds: Infinity, ratio: this.#ratio });
  }

  #keep({ id, width, height, changed }: SheetUpdate): Sheet {
    const sheet = this.#sheets.get(id) ?? new Sheet(width, height);
    this.#sheets.set(id, sheet);
    if (changed !== null) sheet.write(changed);
    return sheet;
  }
}

type Plain = Exclude<Told, readonly ["drawMaps" | "drawSheet" | "putSheet", ...unknown[]]>;

function tell(context: Context, told: Plain): void {
  if (isSetting(told)) {
    (context as Record<Setting, string>)[told[0]] = told[1];
    return;
  }
  // `Recording` alone writes them down: names and what they take fit.
  const [method, ...taken] = told;
  (context as unknown as Record<Method, (...taken: (number | string)[]) => void>)[method](...taken);
}

const SETTINGS: ReadonlySet<string> = new Set<Setting>(["fillStyle", "font", "textBaseline", "textAlign"]);

function isSetting(told: Plain): told is readonly [Setting, string] {
  return SETTINGS.has(told[0]);
}
