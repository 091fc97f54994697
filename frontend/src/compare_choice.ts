/** With what the choice is compared. It is B; what is chosen here is A. */
import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";

import type { State } from "./state";

/** What A is: another epoch of this run, another clip at this epoch, the same clip in another run. */
export type Kind = "epoch" | "clip" | "run";
export const KINDS: readonly Kind[] = ["epoch", "clip", "run"];

export interface CompareChoice {
  /** As chosen, or where that is refused the first that is not. */
  readonly kind: ReadonlySignal<Kind>;
  readonly refusals: ReadonlySignal<Readonly<Record<Kind, string | null>>>;
  /** Null is the one logged before the chosen. */
  readonly step: ReadonlySignal<number | null>;
  /** Null is the one listed after the chosen. */
  readonly clip: ReadonlySignal<string | null>;
  readonly run: ReadonlySignal<string | null>;
  /** Of the other run; null is its newest. */
  readonly stepOfRun: ReadonlySignal<number | null>;
  readonly chooseKind: (kind: Kind) => void;
  readonly chooseStep: (step: number | null) => void;
  readonly chooseClip: (clip: string) => void;
  readonly chooseRun: (run: string) => void;
  readonly chooseStepOfRun: (step: number | null) => void;
}

export function createCompareChoice(state: State): CompareChoice {
  const kind = signal<Kind>("epoch");
  /** Steps mean nothing in another run. */
  const stepOf = signal<{ readonly run: string | null; readonly step: number | null }>({ run: null, step: null });
  const clip = signal<string | null>(null);
  const run = signal<string | null>(null);
  const stepOfRun = signal<number | null>(null);

  const refusals = computed(() => {
    const kept = (state.steps.value?.steps ?? []).filter(({ record }) => record?.bundle != null).length;
    const clips = state.layout.value?.probes.length ?? 0;
    const runs = state.index.value?.runs.length ?? 0;
    const page = (what: Kind): string | null => (state.exported ? `this page holds one ${what}` : null);
    return {
      epoch: kept > 1 ? null : (page("epoch") ?? "only one epoch of this run holds maps"),
      clip: clips > 1 ? null : (page("clip") ?? "only one clip was logged"),
      run: runs > 1 ? null : (page("run") ?? "there is no other run"),
    };
  });

  return {
    kind: computed(() => {
      const refused = refusals.value;
      return refused[kind.value] === null ? kind.value : (KINDS.find((other) => refused[other] === null) ?? kind.value);
    }),
    refusals,
    step: computed(() => (stepOf.value.run === state.run.value ? stepOf.value.step : null)),
    clip: computed(() => clip.value ?? after(state.layout.value?.probes ?? [], state.clipName.value)),
    run: computed(() => {
      const others = (state.index.value?.runs ?? []).filter((other) => other.run !== state.run.value);
      const newest = [...others].sort((one, other) => other.wall_time - one.wall_time)[0];
      return (others.find((other) => other.run === run.value) ?? newest)?.run ?? null;
    }),
    stepOfRun,
    chooseKind: (chosen) => {
      kind.value = chosen;
    },
    chooseStep: (step) => {
      stepOf.value = { run: state.run.peek(), step };
    },
    chooseClip: (chosen) => {
      clip.value = chosen;
    },
    chooseRun: (chosen) => {
      batch(() => {
        run.value = chosen;
        stepOfRun.value = null;
      });
    },
    chooseStepOfRun: (step) => {
      stepOfRun.value = step;
    },
  };
}

function after(items: readonly { readonly name: string }[], name: string | null): string | null {
  const place = items.findIndex((item) => item.name === name);
  return (items[place + 1] ?? items.find((item) => item.name !== name))?.name ?? null;
}
