/** Bundles that come after their records, as while a run is being copied: what is not there yet is looked for again. */
import { effect, untracked } from "@preact/signals";

import { Patience } from "./pure/patience";
import type { State } from "./state";
import type { StepEntry, Steps } from "./types";

/** Whether arrays that were logged cannot be read: they may be on their way, or gone for good. */
export function isLate({ record, problem }: StepEntry): boolean {
  return record !== null && problem !== null;
}

/** Tells, once a refresh, whether to read a run's steps again though no new one was logged. */
export class LateSteps {
  readonly #patience = new Patience();

  /** What is shown is looked for each time, other steps ever more seldom while none of them comes. */
  mayHaveCome(known: Steps | null, shown: StepEntry | null): boolean {
    const some = known?.steps.some(isLate) === true;
    const isTime = this.#patience.isTime(some ? known : null);
    return isTime || (known !== null && known.problem !== null) || (shown !== null && isLate(shown));
  }
}

/** Whether two readings of the same records say the same of their arrays. */
export function areAlike(a: Steps, b: Steps): boolean {
  return (
    a.run === b.run &&
    a.problem === b.problem &&
    (a.layout === null) === (b.layout === null) &&
    a.steps.length === b.steps.length &&
    a.steps.every(({ problem }, place) => problem === b.steps[place]?.problem)
  );
}

/** Names of the bundles that can be read, one for each step; "" where there is none. */
export function readableFiles(steps: readonly StepEntry[]): readonly string[] {
  return steps.map(({ record, problem }) => (problem === null ? (record?.bundle?.file ?? "") : ""));
}

/**
 * Calls `action` as the server answers, while `failed` gives what failed: always the same object as long as it is the same
 * failure. Ever more seldom then, but at once where something new was logged or has come. Returns a function that stops that.
 */
export function whileFailed({ refreshed, steps }: State, failed: () => object | null, action: () => void): () => void {
  let patience = new Patience();
  let known = steps.peek();
  return effect(() => {
    if (refreshed.value === 0) return;
    untracked(() => {
      if (steps.peek() !== known) patience = new Patience();
      known = steps.peek();
      if (patience.isTime(failed())) action();
    });
  });
}
