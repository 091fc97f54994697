/** Where A lies, as far as it is known: a record of a run, and of it a clip. Or why there is none. */
import type { CompareChoice } from "./compare_choice";
import { stepBefore } from "./selection";
import type { State } from "./state";
import type { StepEntry, StepRecord, Steps } from "./types";
import { stepName } from "./words";

export interface Target {
  readonly run: string;
  readonly step: number;
  readonly record: StepRecord;
  readonly clip: string;
  /** What tells it apart from B. */
  readonly name: string;
}

/** A sentence, and what can be done. */
export interface Problem {
  readonly what: string;
  readonly why: string;
}

/** Reads signals. `others` are the steps of the other run, null while they are on their way. */
export function targetOf(state: State, choice: CompareChoice, others: Steps | null): Target | Problem | "waiting" {
  const [run, step, clip] = [state.run.value, state.step.value, state.clipName.value];
  const steps = state.steps.value?.steps ?? [];
  if (run === null || step === null || clip === null) return "waiting";
  const refusals = choice.refusals.value;
  if (Object.values(refusals).every((why) => why !== null)) {
    return { what: "There is nothing to compare with.", why: `${Object.values(refusals).join(", ")}.` };
  }
  switch (choice.kind.value) {
    case "epoch":
      return epochOf(steps, step, choice.step.value, { run, clip });
    case "clip": {
      const name = choice.clip.value;
      if (name === null || name === clip)
        return same("clip", "Choose another A, or for B another in the list of clips.");
      return at(steps, step, { run, clip: name }, name);
    }
    case "run": {
      const other = choice.run.value;
      if (other === null || others?.run !== other) return "waiting";
      const newest = others.steps.findLast(({ record }) => record?.bundle != null)?.step;
      const chosen = choice.stepOfRun.value ?? newest;
      if (chosen === undefined) return { what: `In run ${other} no maps were kept.`, why: "Choose another run." };
      return at(others.steps, chosen, { run: other, clip }, other);
    }
  }
}

type Place = Pick<Target, "run" | "clip">;

function epochOf(
  steps: readonly StepEntry[],
  step: number,
  chosen: number | null,
  place: Place,
): Target | Problem | "waiting" {
  const then = stepBefore(steps, step, chosen);
  if (then === step) return same("epoch", "Choose another A, or for B another epoch in the curves.");
  if (then !== null) return at(steps, then, place);
  return chosen === null
    ? { what: "No maps were kept before this epoch.", why: "Choose a later one, or for A another epoch." }
    : { what: `Epoch ${chosen} is not logged any more.`, why: "Choose another A." };
}

function at(steps: readonly StepEntry[], step: number, place: Place, name?: string): Target | Problem {
  const record = steps.find((entry) => entry.step === step)?.record ?? null;
  const said = stepName(step, record?.batch ?? null);
  if (record?.bundle == null) return { what: `No maps were kept at A's epoch, ${said}.`, why: "Choose another." };
  return { ...place, step, record, name: name ?? said };
}

function same(kind: string, why: string): Problem {
  return { what: `A and B are the same ${kind}.`, why };
}
