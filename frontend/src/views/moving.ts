/** Pictures that move with the sound: drawn once and then moved as they are, which asks nothing of the page's own thread. */
import { computed, effect, type ReadonlySignal } from "@preact/signals";

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
}

export function moves(scope: Scope, canvas: HTMLCanvasElement, { size, draw, left }: Moving): void {
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
  scope.onClose(
    effect(() => {
      const at = place.value;
      if (at === shownAt) return;
      canvas.hidden = at === null;
      if (at !== null) canvas.style.transform = `translateX(${at}px)`;
      shownAt = at;
    }),
  );
}
