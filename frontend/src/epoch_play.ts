/**
 * Training as a film: the logged epochs one after the other, at a steady pace at the present moment, or one for each pass of a
 * loop. Nothing is asked for before the grid shows what was asked for last.
 */
import { computed, effect, signal, untracked, type ReadonlySignal } from "@preact/signals";

import type { Data } from "./data";
import type { Derived } from "./derived";
import type { Scope } from "./scope";
import type { State } from "./state";
import type { StepEntry } from "./types";
import { stepUnit } from "./selection";
import { stepName } from "./words";

export type EpochPlayKind = "steady" | "loop";

export interface EpochPlay {
  readonly kind: ReadonlySignal<EpochPlayKind | null>;
  /** What it does or why it has ended, for those who do not see it. */
  readonly told: ReadonlySignal<string>;
  readonly start: (kind: EpochPlayKind) => void;
  readonly stop: () => void;
}

/** Whether the grid shows the chosen epoch: it may be on its way, or not be there to be shown. */
export type GridState = "shown" | "coming" | "absent";

const PACE = 800;
const LOOK_AGAIN = 50;

interface EpochPlayOptions {
  readonly scope: Scope;
  readonly state: State;
  readonly grid: ReadonlySignal<GridState>;
  readonly sound: { readonly passes: ReadonlySignal<number>; readonly looping: ReadonlySignal<boolean> };
  /** Milliseconds from one epoch to the next. */
  readonly pace?: number;
}

export function createEpochPlay({ scope, state, grid, sound, pace = PACE }: EpochPlayOptions): EpochPlay {
  const kind = signal<EpochPlayKind | null>(null);
  const told = signal("");
  /** What was chosen here: anything else was chosen by someone. */
  let own: { run: string | null; step: number | null } = { run: null, step: null };
  let cancel: () => void = () => undefined;

  function stop(why = "Epochs no longer play."): void {
    if (kind.peek() === null) return;
    cancel();
    kind.value = null;
    told.value = why;
  }

  function show(step: number): void {
    own = { run: state.run.peek(), step };
    state.chooseStep(step);
  }

  function next(): void {
    const steps = state.steps.peek()?.steps ?? [];
    const wraps = kind.peek() === "loop";
    const step = stepAfter(steps, state.step.peek(), wraps);
    if (step === null) stop(`All logged ${unit()}s have been played.`);
    else show(step);
  }

  function unit(): string {
    return stepUnit(state.steps.peek()?.steps ?? []);
  }

  function passOver(): void {
    if (grid.peek() === "absent") told.value = `Nothing to show of ${nameOf(state)}; it is passed over.`;
  }

  function tick(): void {
    if (grid.peek() === "coming") {
      cancel = scope.timeout(LOOK_AGAIN, tick);
      return;
    }
    passOver();
    next();
    if (kind.peek() === "steady") cancel = scope.timeout(pace, tick);
  }

  function start(wanted: EpochPlayKind): void {
    stop();
    const steps = state.steps.peek()?.steps ?? [];
    const first = steps[0];
    if (first === undefined || steps.length < 2) return;
    state.follow(false);
    own = { run: state.run.peek(), step: state.step.peek() };
    kind.value = wanted;
    if (wanted === "loop") {
      told.value = `Each time the sound begins again the next logged ${unit()} is shown.`;
      return;
    }
    told.value = `Plays the ${steps.length.toLocaleString("en")} logged ${unit()}s.`;
    // From the last there is nowhere to go but to the beginning.
    if (state.step.peek() === steps.at(-1)?.step) show(first.step);
    cancel = scope.timeout(pace, tick);
  }

  scope.onClose(
    effect(() => {
      const [run, step, following] = [state.run.value, state.step.value, state.following.value];
      if (untracked(() => kind.value) === null) return;
      if (following) stop("Epochs no longer play: the newest is followed.");
      else if (run !== own.run || step !== own.step) stop("Epochs no longer play: one was chosen.");
    }),
  );
  scope.onClose(
    effect(() => {
      const looping = sound.looping.value;
      untracked(() => {
        if (kind.value === "loop" && !looping) stop("Epochs no longer play: nothing repeats any more.");
      });
    }),
  );
  let heard = sound.passes.peek();
  scope.onClose(
    effect(() => {
      const passes = sound.passes.value;
      if (passes === heard) return;
      heard = passes;
      untracked(() => {
        if (kind.value !== "loop") return;
        if (grid.value === "coming") told.value = `${nameOf(state)} is still on its way: it is played once more.`;
        else {
          passOver();
          next();
        }
      });
    }),
  );

  return {
    kind,
    told,
    start,
    stop: () => {
      stop();
    },
  };
}

/** The logged step after the chosen one; after the last the first where it `wraps`, else null. */
export function stepAfter(steps: readonly StepEntry[], chosen: number | null, wraps: boolean): number | null {
  const place = steps.findIndex(({ step }) => step === chosen);
  return (steps[place + 1] ?? (wraps ? steps[0] : undefined))?.step ?? null;
}

function nameOf({ step, entry }: State): string {
  const name = stepName(step.peek() ?? 0, entry.peek()?.record?.batch ?? null);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Maxima stand for the real maps only while those are on their way. */
export function gridState(data: Data, { shown, stale }: Derived): ReadonlySignal<GridState> {
  return computed(() => {
    const now = shown.value;
    if (data.part.value === null || (now === null && data.part.value !== "waiting")) return "absent";
    if (now === null || stale.value) return "coming";
    const whole = now.kind === "window" ? data.windows : data.strip;
    const standIn = now.kind !== "raster" && now.picture.maps.fromEnvelope && whole.resource.value.status === "loading";
    return standIn ? "coming" : "shown";
  });
}
