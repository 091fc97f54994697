/**
 * Which step's arrays are wanted. Mostly the chosen one's. While the epoch is dragged they come one step at a time: the one
 * that the hand has reached when the former has come, so that a slow link shows some of the steps in passing, not none.
 */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";

import type { Scope } from "./scope";
import type { State } from "./state";
import type { StepEntry } from "./types";

/** A drag that rests this long wants the whole picture. */
const REST_MILLISECONDS = 80;

export interface Pace {
  readonly entry: ReadonlySignal<StepEntry | null>;
  /** False while the epoch is dragged and does not rest: then only the cheap arrays are wanted. */
  readonly resting: ReadonlySignal<boolean>;
}

/** `busy` tells whether what is drawn in passing is still on its way; reads signals. */
export function createPace(state: State, scope: Scope, busy: () => boolean): Pace {
  const restedAt = signal<number | null>(null);
  const passing = signal<StepEntry | null>(state.entry.peek());
  const resting = computed(() => !state.moving.value || restedAt.value === state.step.value);

  let cancel: () => void = () => undefined;
  scope.onClose(
    effect(() => {
      const step = state.step.value;
      cancel();
      restedAt.value = null;
      if (!state.moving.value) return;
      cancel = scope.timeout(REST_MILLISECONDS, () => {
        restedAt.value = step;
      });
    }),
  );
  scope.onClose(
    effect(() => {
      const chosen = state.entry.value;
      if (resting.value || !busy()) passing.value = chosen;
    }),
  );
  return { entry: computed(() => (resting.value ? state.entry.value : passing.value)), resting };
}
