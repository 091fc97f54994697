/** A canvas of the page with a large picture: drawn by the painter where there is one, else by the page itself. */
import type { Scope } from "../scope";
import { onPage } from "../views/canvas";
import { prepare, surfaceOf, type Surface } from "../views/surface";
import type { Painter } from "./painter";
import { Recording, type Brush } from "./recording";
import type { SheetUpdate } from "./replay";
import type { Sheet } from "./sheet";

/** Frames that may be on their way: more would only come late. */
const MOST_WAITING = 2;

export interface Easel {
  /** False while drawing more would only make it wait. */
  readonly free: boolean;
  /** Draws on a surface that is cleared where `clears`; `drawn` is called once that is done. False where it has no size. */
  readonly draw: (size: Size, clears: boolean, draw: (surface: Surface<Brush>) => void, drawn: () => void) => boolean;
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
}

class PaintersEasel implements Easel {
  readonly #painter: Painter;
  readonly #number: number;
  /** What the painter has: of each sheet its number. */
  #known = new Map<Sheet, number>();
  #numbers = 0;
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
    const sheets = this.#update(context.sheets);
    this.#waiting.push(drawn);
    this.#painter.show(this.#number, { ...size, ratio: surface.ratio, clears, told: context.told, sheets });
    return true;
  }

  #update(sheets: readonly Sheet[]): readonly SheetUpdate[] {
    const known = this.#known;
    this.#known = new Map(sheets.map((sheet) => [sheet, known.get(sheet) ?? this.#numbers++]));
    return [...this.#known].map(([sheet, id]) => {
      const { width, height } = sheet;
      return { id, width, height, changed: known.has(sheet) ? sheet.takeChanged() : sheet.takeAll() };
    });
  }
}
