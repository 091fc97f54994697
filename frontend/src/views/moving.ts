/** Pictures that move with the sound: drawn once and then moved as they are, which asks nothing of the page's own thread. */
import { computed, effect, type ReadonlySignal } from "@preact/signals";

import type { Course } from "../player";
import type { Edges } from "../types";
import type { Scope } from "../scope";
import { onPage } from "./canvas";
import { prepare, type Surface } from "./surface";

export interface Moving {
  /** CSS pixels; null where nothing is to be seen. */
  readonly size: () => { readonly width: number; readonly height: number } | null;
  /** Draws it where it stands when `left` is 0. What it reads decides when it is drawn again. */
  readonly draw: (surface: Surface) => void;
  /** CSS pixels, on whole device pixels. */
  readonly left: () => number | null;
  /** The way that it goes by itself, with the same places as `left`; null where it waits to be told each of them. */
  readonly glide?: () => Glide | null;
}

/** From one device pixel to the next; times as `performance.now()` counts them, milliseconds. */
export interface Glide {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly start: number;
  readonly end: number;
}

/** Over an axis of `width` CSS pixels that shows `seconds`, from `left` on: always on the device pixel next to the moment. */
export function glideOver(
  { course, seconds, width }: { course: Course; seconds: Edges; width: number },
  left = 0,
  ratio = window.devicePixelRatio,
): Glide {
  const pixels = width * ratio;
  const steps = Math.ceil(pixels) + 1;
  // The pixel `k` is the next one from half a pixel before it on.
  const timeOf = (pixel: number): number => {
    const moment = seconds[0] + (pixel / pixels) * (seconds[1] - seconds[0]);
    return course.at + ((moment - course.seconds) / course.speed) * 1000;
  };
  return { from: left, to: left + steps / ratio, steps, start: timeOf(-0.5), end: timeOf(steps - 0.5) };
}

export function moves(scope: Scope, canvas: HTMLCanvasElement, { size, draw, left, glide }: Moving): void {
  canvas.hidden = true;
  let shownAt: number | null = null;
  const place: ReadonlySignal<number | null> = computed(() => (size() === null ? null : left()));
  scope.onClose(
    effect(() => {
      const now = size();
      if (now === null) return;
      // As large as its pixels are: anything between would blur it.
      const whole = (length: number): number => Math.round(length * window.devicePixelRatio) / window.devicePixelRatio;
      canvas.style.width = `${whole(now.width)}px`;
      canvas.style.height = `${whole(now.height)}px`;
      const surface = prepare(onPage(canvas), now.width, now.height);
      if (surface !== null) draw(surface);
    }),
  );
  const gliding = new Gliding(canvas);
  scope.onClose(() => {
    gliding.stop();
  });
  scope.onClose(
    effect(() => {
      const way = size() === null ? null : (glide?.() ?? null);
      if (way !== null) {
        canvas.hidden = false;
        shownAt = NaN;
        gliding.along(way);
        return;
      }
      const at = place.value;
      if (at !== shownAt) {
        canvas.hidden = at === null;
        if (at !== null) canvas.style.transform = `translateX(${at}px)`;
        shownAt = at;
      }
      gliding.stop();
    }),
  );
}

/** Moved by the browser's compositor. */
class Gliding {
  readonly #canvas: HTMLCanvasElement;
  #animation: Animation | null = null;
  #way = "";

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  along(glide: Glide): void {
    const way = JSON.stringify(glide);
    if (way === this.#way) return;
    this.stop();
    this.#way = way;
    const { from, to, steps, start, end } = glide;
    this.#animation = this.#canvas.animate(
      { transform: [`translateX(${from}px)`, `translateX(${to}px)`] },
      { duration: end - start, easing: `steps(${steps})`, fill: "both" },
    );
    // The page's own clock, on which the document's timeline runs too.
    this.#animation.startTime = start;
  }

  stop(): void {
    this.#animation?.cancel();
    this.#animation = null;
    this.#way = "";
  }
}
