/** Which A; and which B, which is what the rest of the panel has chosen. Orange marks epochs, as everywhere. */
import type { JSX } from "preact";

import type { Kind } from "../compare_choice";
import type { Panel } from "../panel";
import { stepBefore } from "../selection";
import type { StepEntry } from "../types";
import { stepName } from "../words";
import { Choice } from "./choice";

const KINDS: readonly (readonly [Kind, string])[] = [
  ["epoch", "epoch"],
  ["clip", "clip"],
  ["run", "run"],
];

export function AgainstChoice({ panel }: { panel: Panel }): JSX.Element {
  const { choice } = panel.compare;
  const kind = choice.kind.value;
  const refusals = choice.refusals.value;
  return (
    <span class="field against">
      <Choice
        testId="compare-kind"
        label="Compare with another"
        options={KINDS}
        chosen={kind}
        choose={choice.chooseKind}
        refused={(value) => refusals[value]}
      />
      <b class="letter a" title="A, the reference: B is compared with it">
        A
      </b>
      <small class="soft">reference</small>
      {kind === "epoch" ? <EpochChoice panel={panel} /> : null}
      {kind === "clip" ? <ClipChoice panel={panel} /> : null}
      {kind === "run" ? <RunChoice panel={panel} /> : null}
      <b class="letter b" title="B: what the rest of the panel shows">
        B
      </b>
      <small class="soft">shown</small>
      <ChosenSide panel={panel} kind={kind} />
    </span>
  );
}

/** B in words: it is chosen where it always is. */
function ChosenSide({ panel: { state }, kind }: { panel: Panel; kind: Kind }): JSX.Element {
  const step = stepName(state.step.value ?? 0, state.entry.value?.record?.batch ?? null);
  const names = { epoch: step, clip: state.clipName.value ?? "", run: state.run.value ?? "" };
  const where = { epoch: "the curves or the arrows above", clip: "the list of clips", run: "the list of runs" };
  return (
    <span
      class={kind === "epoch" ? "chosen-side epoch" : "chosen-side"}
      title={`${names[kind]}: chosen in ${where[kind]}`}
      data-testid="compare-b"
    >
      {names[kind]}
    </span>
  );
}

const DEFAULT = "";

function stepOptions(steps: readonly StepEntry[]): (readonly [string, string])[] {
  return steps
    .filter(({ record }) => record?.bundle != null)
    .map(({ step, record }) => [String(step), stepName(step, record?.batch ?? null)] as const);
}

function EpochChoice({ panel: { state, compare } }: { panel: Panel }): JSX.Element {
  const { choice } = compare;
  const steps = state.steps.value?.steps ?? [];
  const step = choice.step.value;
  const previous = stepBefore(steps, state.step.value ?? -Infinity, null);
  const name =
    previous === null
      ? "previous"
      : `previous (${previous < 0 ? stepName(previous, null) : previous.toLocaleString("en")})`;
  return (
    <Choice
      testId="compare-epoch"
      class="select epoch"
      label="A: the epoch that is subtracted"
      options={[[DEFAULT, name], ...stepOptions(steps)]}
      chosen={step === null ? DEFAULT : String(step)}
      choose={(value) => {
        choice.chooseStep(value === DEFAULT ? null : Number(value));
      }}
    />
  );
}

function ClipChoice({ panel: { state, compare } }: { panel: Panel }): JSX.Element {
  const { choice } = compare;
  const clips = state.layout.value?.probes ?? [];
  return (
    <Choice
      testId="compare-clip"
      label="A: the clip that is compared with"
      options={clips.map(({ name }) => [name, name] as const)}
      chosen={choice.clip.value ?? ""}
      choose={choice.chooseClip}
    />
  );
}

function RunChoice({ panel: { state, compare } }: { panel: Panel }): JSX.Element {
  const { choice } = compare;
  const runs = (state.index.value?.runs ?? []).filter(({ run }) => run !== state.run.value);
  const step = choice.stepOfRun.value;
  return (
    <>
      <Choice
        testId="compare-run"
        label="A: the run that is compared with"
        options={runs.map(({ run }) => [run, run] as const)}
        chosen={choice.run.value ?? ""}
        choose={choice.chooseRun}
      />
      <Choice
        testId="compare-run-epoch"
        class="select epoch"
        label="The epoch of run A"
        options={[[DEFAULT, "newest"], ...stepOptions(compare.otherSteps.value?.steps ?? [])]}
        chosen={step === null ? DEFAULT : String(step)}
        choose={(value) => {
          choice.chooseStepOfRun(value === DEFAULT ? null : Number(value));
        }}
      />
    </>
  );
}
