/** With what the choice is compared. It is B; what is chosen here is A. */
import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";

import type { Verdict } from "./pure/predict";
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
  /** As chosen, or what is proposed. */
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

export function createCompareChoice(state: State, verdicts: ReadonlySignal<readonly Verdict[]>): CompareChoice {
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

  let former: { readonly key: string; readonly clip: string | null } = { key: "", clip: null };
  /** Epochs go by with the same clip for A, for as long as B is taken for the same class. */
  const proposed = computed(() => {
    const probes = state.layout.value?.probes ?? [];
    const name = state.clipName.value;
    const names = probes.map((probe) => probe.name);
    const own = verdicts.value[names.indexOf(name ?? "")];
    const key = JSON.stringify([state.run.value, name, names, own?.kind === "taken" ? own.taken : null]);
    if (key !== former.key) former = { key, clip: proposedClip(names, verdicts.value, name) };
    return former.clip;
  });

  return {
    kind: computed(() => {
      const refused = refusals.value;
      return refused[kind.value] === null ? kind.value : (KINDS.find((other) => refused[other] === null) ?? kind.value);
    }),
    refusals,
    step: computed(() => (stepOf.value.run === state.run.value ? stepOf.value.step : null)),
    clip: computed(() => clip.value ?? proposed.value),
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

/** Of a clip that is taken for another class the first that is so rightly, else the one listed next; `verdicts`: one per clip. */
export function proposedClip(
  clips: readonly string[],
  verdicts: readonly Verdict[],
  chosen: string | null,
): string | null {
  const place = clips.findIndex((name) => name === chosen);
  const own = verdicts[place];
  const right = clips.find((_, index) => {
    const verdict = verdicts[index];
    return own?.kind === "taken" && verdict?.kind === "ok" && verdict.taken === own.taken;
  });
  return right ?? clips[place + 1] ?? clips.find((name) => name !== chosen) ?? null;
}
