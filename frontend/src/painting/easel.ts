/** A canvas of the page with a large picture: drawn by the painter where there is one, else by the page itself. */
import type { Scope } from "../scope";
import { onPage } from "../views/canvas";
import { prepare, surfaceOf, type Surface } from "../views/surface";
import { Known } from "./known";
import { isPlain, type MapsPicture } from "./maps";
import type { Painter } from "./painter";
import { Recording, type Brush } from "./recording";
import type { SheetUpdate } from "./replay";
import type { Sheet } from "./sheet";
import { PictureTeller } from "./told_picture";

/** Frames that may be on their way: more would only come late. */
const MOST_WAITING = 2;

export interface Easel {
  /** False while drawing more would only make it wait. */
  readonly free: boolean;
  /** Draws on a surface that is cleared where `clears`; `drawn` is called once that is done. False where it has no size. */
  readonly draw: (size: Size, clears: boolean, draw: (surface: Surface<Brush>) => void, drawn: () => void) => boolean;
  /** Has the maps of a picture that comes next made ready; false where the page has to do it by itself. */
  readonly prepare: (picture: MapsPicture) => boolean;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export function easelOf(canvas: HTMLCanvasElement, painter: Painter | null, scope: Scope): Easel {
  return painter === null ? new OwnEasel(canvas) : new PaintersEasel(canvas, painter, scope);
}

class OwnEasel implements Easel {
  readonly free = true;
  readonly #canvas: OffscreenCanvas;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = onPage(canvas);
  }

  draw({ width, height }: Size, clears: boolean, draw: (surface: Surface) => void, drawn: () => void): boolean {
    const surface = (clears ? prepare : surfaceOf)(this.#canvas, width, height);
    if (surface === null) return false;
    draw(surface);
    drawn();
    return true;
  }

  prepare(): boolean {
    return false;
  }
}

class PaintersEasel implements Easel {
  readonly #painter: Painter;
  readonly #number: number;
  readonly #known = new Known();
  readonly #teller = new PictureTeller(this.#known);
  readonly #waiting: (() => void)[] = [];

  constructor(canvas: HTMLCanvasElement, painter: Painter, scope: Scope) {
    this.#painter = painter;
    this.#number = painter.take(onPage(canvas), () => {
      this.#waiting.shift()?.();
    });
    scope.onClose(() => {
      painter.leave(this.#number);
    });
  }

  get free(): boolean {
    return this.#waiting.length < MOST_WAITING;
  }

  draw(size: Size, clears: boolean, draw: (surface: Surface<Brush>) => void, drawn: () => void): boolean {
    if (size.width < 1 || size.height < 1) return false;
    const context = new Recording();
    const surface = { ...size, ratio: window.devicePixelRatio, context };
    draw(surface);
    const sheets = context.sheets.map((sheet) => this.#update(sheet));
    const pictures = context.pictures.map((picture) => this.#teller.tell(picture));
    const { told } = context;
    const forgotten = this.#known.forget();
    this.#waiting.push(drawn);
    this.#painter.show(this.#number, { ...size, ratio: surface.ratio, clears, told, sheets, pictures, forgotten });
    return true;
  }

  prepare(picture: MapsPicture): boolean {
    if (!isPlain(picture.paint)) return false;
    this.#painter.prepare(this.#number, this.#teller.tell(picture));
    return true;
  }

  #update(sheet: Sheet): SheetUpdate {
    const { width, height } = sheet;
    const { id, isNew } = this.#known.use(sheet);
    return { id, width, height, changed: isNew ? sheet.takeAll() : sheet.takeChanged() };
  }
}
