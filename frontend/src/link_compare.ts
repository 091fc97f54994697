/** What a link holds of a comparison. */
import { isLogged, oneOf, text, type Linked, type LinkField } from "./link_kinds";
import { MEASURES } from "./pure/summaries";
import { named, stepUnit } from "./selection";
import { stepNameAs } from "./words";

/** What is compared with is part of a view that compares. */
export function compares({ state }: Linked): boolean {
  return state.view.peek() === "compare";
}

export const COMPARE_FIELDS: readonly LinkField[] = [
  oneOf("against", ["epoch", "clip", "run"], {
    read: ({ compare }) => compare.choice.kind.peek(),
    write: ({ compare: { choice } }, kind) => {
      choice.chooseKind(kind);
      const why = choice.refusals.peek()[kind];
      return why === null ? null : `another ${kind} to compare with (${why})`;
    },
    only: compares,
  }),
  {
    key: "against-step",
    stage: "steps",
    read: (panel) => (compares(panel) ? text(panel.compare.choice.step.peek()) : null),
    write: ({ state, compare }, value) => {
      const steps = state.steps.peek()?.steps ?? [];
      const entry = steps.find(({ step }) => step === Number(value));
      if (entry === undefined) return `${stepNameAs(stepUnit(steps), Number(value))}, which was compared with`;
      compare.choice.chooseStep(entry.step);
      return null;
    },
  },
  {
    key: "against-clip",
    stage: "steps",
    read: (panel) => (compares(panel) ? panel.compare.choice.clip.peek() : null),
    write: ({ state, compare }, name) => {
      if (named(state.layout.peek()?.probes ?? [], name) === null) return `clip ${name}, which was compared with`;
      compare.choice.chooseClip(name);
      return null;
    },
  },
  {
    key: "against-run",
    stage: "steps",
    read: (panel) => (compares(panel) ? panel.compare.choice.run.peek() : null),
    write: ({ state, compare }, run) => {
      if (!isLogged(state, run)) return `run ${run}, which was compared with`;
      compare.choice.chooseRun(run);
      return null;
    },
  },
  {
    // With its run: of another it would be another epoch.
    key: "against-run-step",
    stage: "steps",
    read: (panel) => {
      const { run, stepOfRun } = panel.compare.choice;
      const step = compares(panel) ? stepOfRun.peek() : null;
      return step === null ? null : `${step}:${run.peek() ?? ""}`;
    },
    write: ({ compare: { choice } }, value) => {
      const [, step, run] = /^(-?\d+):(.*)$/.exec(value) ?? [];
      if (step === undefined) return `against-run-step ${value}`;
      // The comparison itself tells where the run has no such epoch.
      if (run === choice.run.peek()) choice.chooseStepOfRun(Number(step));
      return null;
    },
  },
  oneOf("measure", MEASURES, {
    read: ({ compare }) => compare.measure.peek(),
    write: ({ compare }, measure) => {
      compare.measure.value = measure;
      return null;
    },
    only: compares,
  }),
  oneOf("tiles-show", ["difference", "a"], {
    read: ({ compare }) => compare.chosen.peek(),
    write: ({ compare }, shown) => {
      compare.show(shown);
      return null;
    },
    only: compares,
  }),
];
