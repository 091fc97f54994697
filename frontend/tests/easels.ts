/** Easels whose painter is replayed by hand, on canvases that note what they are asked for. */
import { vi } from "vitest";

import { easelOf } from "../src/painting/easel";
import { Painter, type Order } from "../src/painting/painter";
import type { Frame } from "../src/painting/replay";
import { Scope } from "../src/scope";

/** A context that notes what it is asked for; pixels of pictures by their sum. */
export class NotingCanvas {
  readonly asked: unknown[] = [];
  readonly #context: unknown;

  constructor(
    public width: number,
    public height: number,
  ) {
    const told = (value: unknown): unknown =>
      value instanceof Noted ? value.sum() : value instanceof NotingCanvas ? value.asked : value;
    this.#context = new Proxy(
      {},
      {
        get: (_, method) => {
          if (method === "canvas") return this;
          return (...given: unknown[]) => {
            this.asked.push([method, ...structuredClone(given.map(told))]);
            return method === "getImageData" ? new Noted(this.width, this.height) : undefined;
          };
        },
        set: (_, setting, value) => {
          this.asked.push([setting, value]);
          return true;
        },
      },
    );
  }

  getContext(): unknown {
    return this.#context;
  }
}

class Noted {
  readonly data: Uint8ClampedArray;
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8ClampedArray(4 * width * height);
  }
  sum(): number {
    return this.data.reduce((sum, byte, at) => sum + byte * (at + 1), 0);
  }
}

export function stubCanvases(): void {
  vi.stubGlobal("OffscreenCanvas", NotingCanvas);
  vi.stubGlobal("ImageData", Noted);
  vi.stubGlobal("window", { devicePixelRatio: 2 });
}

/** What its painter is told is a copy, as it is for a worker. */
export function paintersEasel() {
  const orders: Order[] = [];
  const frames: Frame[] = [];
  const post = (order: Order, handedOver: Transferable[]) => {
    const told = structuredClone(order, { transfer: handedOver.filter((each) => each instanceof ArrayBuffer) });
    orders.push(told);
    if ("frame" in told) frames.push(told.frame);
  };
  const painter = new Painter({ postMessage: post } as unknown as Worker);
  const canvas = { transferControlToOffscreen: () => new NotingCanvas(1, 1) } as unknown as HTMLCanvasElement;
  const scope = new Scope();
  return { easel: easelOf(canvas, painter, scope), frames, orders, painter, scope };
}
