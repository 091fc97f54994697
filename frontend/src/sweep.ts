/** At first sight the cursor passes once over the clip, silently, so that it is seen what moves with what. */
import { effect, signal, type ReadonlySignal } from "@preact/signals";

import type { Clock } from "./clock";
import type { Scope } from "./scope";

const SWEEP_MILLISECONDS = 2500;

export interface Sweep {
  /** Seconds of the clip while it lasts, else null. */
  readonly time: ReadonlySignal<number | null>;
  readonly end: () => void;
}

interface SweepOptions {
  readonly scope: Scope;
  readonly clock: Clock;
  /** The sweep begins as soon as this is not null. */
  readonly ready: ReadonlySignal<unknown>;
  readonly duration: ReadonlySignal<number>;
}

export function sweepOnce({ scope, clock, ready, duration }: SweepOptions): Sweep {
  const time = signal<number | null>(null);
  const own = scope.child();
  own.onClose(() => {
    time.value = null;
  });
  const sweep: Sweep = {
    time,
    end: () => {
      own.close();
    },
  };
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return sweep;

  let running = false;
  own.onClose(
    effect(() => {
      if (running || ready.value === null || duration.value === 0) return;
      running = true;
      let start: number | null = null;
      clock.every(own, (now) => {
        start ??= now;
        const share = (now - start) / SWEEP_MILLISECONDS;
        if (share >= 1) own.close();
        else time.value = share * duration.peek();
      });
    }),
  );
  // Whoever does anything has begun: their own gesture moves the cursor now.
  for (const event of ["pointerdown", "keydown"] as const) scope.listen(document, event, sweep.end, { once: true });
  return sweep;
}
