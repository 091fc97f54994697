/** The worker that draws large pictures, so that the page's own thread stays free for the hand and the sound. */
import { signal, type ReadonlySignal } from "@preact/signals";

import type { Scope } from "../scope";
import type { Frame } from "./replay";
import { buffersOf, type ToldPicture } from "./told_picture";

/** What the page tells the worker; `easel` is the number of a canvas that it has been given. */
export type Order =
  | { readonly easel: number; readonly canvas: OffscreenCanvas }
  | { readonly easel: number; readonly frame: Frame }
  | { readonly easel: number; readonly next: ToldPicture }
  | { readonly easel: number; readonly canvas: null }
  | { readonly asked: number };

/** What the worker answers: once that it is there, of each frame that it is drawn, and what it was asked for. */
export type Answer = "ready" | { readonly easel: number } | { readonly asked: number };

/** How long a worker may take to answer before the page draws by itself. */
const PATIENCE = 5000;

export class Painter {
  readonly #worker: Worker;
  readonly #drawn = new Map<number, () => void>();
  readonly #asked = new Map<number, () => void>();
  #number = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Hands a canvas over for good; `drawn` is called for each of its frames, in their order. */
  take(canvas: OffscreenCanvas, drawn: () => void): number {
    const easel = this.#number++;
    this.#drawn.set(easel, drawn);
    this.#send({ easel, canvas }, [canvas]);
    return easel;
  }

  show(easel: number, frame: Frame): void {
    const sheets = frame.sheets.flatMap(({ changed }) => (changed === null ? [] : [changed.pixels.buffer]));
    this.#send({ easel, frame }, [...sheets, ...frame.pictures.flatMap(buffersOf)]);
  }

  prepare(easel: number, next: ToldPicture): void {
    this.#send({ easel, next }, buffersOf(next));
  }

  leave(easel: number): void {
    this.#drawn.delete(easel);
    this.#send({ easel, canvas: null });
  }

  /** Resolves when all that it was told to draw is on the screen. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      const asked = this.#number++;
      this.#asked.set(asked, resolve);
      this.#send({ asked });
    });
  }

  answered(answer: Exclude<Answer, "ready">): void {
    if ("easel" in answer) {
      this.#drawn.get(answer.easel)?.();
      return;
    }
    this.#asked.get(answer.asked)?.();
    this.#asked.delete(answer.asked);
  }

  #send(order: Order, handedOver: readonly Transferable[] = []): void {
    this.#worker.postMessage(order, [...handedOver]);
  }
}

/** Undefined until it is known whether there is one; null where there is none: the page draws by itself. */
export function startPainter(scope: Scope, wanted: boolean): ReadonlySignal<Painter | null | undefined> {
  const found = signal<Painter | null | undefined>(undefined);
  if (!wanted || typeof Worker === "undefined") {
    found.value = null;
    return found;
  }
  const worker = new Worker(new URL("painter.js", import.meta.url));
  const painter = new Painter(worker);
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (data === "ready") found.value = painter;
    else painter.answered(data);
  };
  const giveUp = (): void => {
    if (found.peek() !== undefined) return;
    worker.terminate();
    found.value = null;
  };
  worker.onerror = giveUp;
  scope.timeout(PATIENCE, giveUp);
  scope.onClose(() => {
    worker.terminate();
  });
  return found;
}
