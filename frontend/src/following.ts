/** A signal that follows another one: at once, or where it would change faster than can be read, now and then. */
import { effect, signal, type ReadonlySignal } from "@preact/signals";

import type { Scope } from "./scope";

interface Pace {
  readonly waits: ReadonlySignal<boolean>;
  /** From one change of the follower to the next while it waits. */
  readonly milliseconds: number;
}

/** Milliseconds after the leader's change, so that both are not in one frame. */
const APART = 40;

export function following<T>(
  scope: Scope,
  leader: ReadonlySignal<T>,
  { waits, milliseconds }: Pace,
): ReadonlySignal<T> {
  const follower = signal(leader.peek());
  let changedAt = -Infinity;
  let waiting = false;
  const follow = (): void => {
    waiting = false;
    changedAt = performance.now();
    follower.value = leader.peek();
  };
  scope.onClose(
    effect(() => {
      const changed = leader.value !== follower.peek();
      if (!waits.value) {
        if (changed) follow();
      } else if (changed && !waiting) {
        waiting = true;
        scope.timeout(Math.max(changedAt + milliseconds - performance.now(), APART), follow);
      }
    }),
  );
  return follower;
}
