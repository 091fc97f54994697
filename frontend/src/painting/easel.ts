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
  /** Makes the painter know what has changed of sheets that a picture will be drawn from. */
  readonly handOver: (sheets: Iterable<Sheet>) => void;
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

  handOver(): void {
    // What is drawn from them is drawn here.
  }
}

class PaintersEasel implements Easel {
  readonly #painter: Painter;
  readonly #number: number;
  /** What the painter has: of each sheet its number, and how many frames did without it. */
  readonly #known = new Map<Sheet, { readonly id: number; unused: number }>();
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
    const sheets = context.sheets.map((sheet) => this.#update(sheet));
    const forgotten = this.#forget(new Set(context.sheets));
    this.#waiting.push(drawn);
    this.#painter.show(this.#number, { ...size, ratio: surface.ratio, clears, told: context.told, sheets, forgotten });
    return true;
  }

  handOver(sheets: Iterable<Sheet>): void {
    const changed = [...sheets].filter((sheet) => sheet.hasChanged);
    if (changed.length > 0)
      this.#painter.handOver(
        this.#number,
        changed.map((sheet) => this.#update(sheet)),
      );
  }

  #update(sheet: Sheet): SheetUpdate {
    const { width, height } = sheet;
    const known = this.#known.get(sheet);
    const id = known?.id ?? this.#numbers++;
    this.#known.set(sheet, { id, unused: 0 });
    return { id, width, height, changed: known === undefined ? sheet.takeAll() : sheet.takeChanged() };
  }

  /** Sheets that two frames, one after the other, did without. */
  #forget(used: ReadonlySet<Sheet>): readonly number[] {
    const forgotten: number[] = [];
    for (const [sheet, known] of this.#known) {
      if (used.has(sheet)) continue;
      known.unused += 1;
      if (known.unused < 2) continue;
      this.#known.delete(sheet);
      forgotten.push(known.id);
    }
    return forgotten;
  }
}
