/** Which run, which epoch, and whether the newest is followed. */
import type { JSX } from "preact";

import { Export } from "../export/menu";
import type { Panel } from "../panel";
import { isTraining } from "../selection";
import { ordinal, stepName } from "../words";
import { ClipSelect, LayerSelect } from "./compact";
import { HELP_BUTTON } from "./help";
import { Icon } from "./icons";

export function Header({ panel }: { panel: Panel }): JSX.Element {
  const { state } = panel;
  const steps = state.steps.value?.steps ?? [];
  return (
    <header class="header">
      <RunSelect panel={panel} />
      {isTraining(steps) ? <EpochBar panel={panel} /> : null}
      <span class="space" />
      <Export panel={panel} />
      <button
        type="button"
        class="button"
        aria-label="How to read this"
        aria-haspopup="dialog"
        data-testid={HELP_BUTTON}
        title="How to read this, and the keys (?)"
        onClick={() => {
          panel.overlay.value = "help";
        }}
      >
        <span class="wide">How to read this</span>
        <span class="narrow">?</span>
      </button>
      <div class="compact-choice">
        <ClipSelect panel={panel} />
        <LayerSelect panel={panel} />
      </div>
    </header>
  );
}

function RunSelect({ panel }: { panel: Panel }): JSX.Element {
  const { state } = panel;
  return (
    <label class="field">
      Run
      <select
        class="select"
        data-testid="run"
        value={state.run.value ?? ""}
        onChange={(event) => {
          state.chooseRun(event.currentTarget.value);
        }}
      >
        {(state.index.value?.runs ?? []).map(({ run }) => (
          <option key={run} value={run}>
            {run}
          </option>
        ))}
      </select>
    </label>
  );
}

function EpochBar({ panel }: { panel: Panel }): JSX.Element | null {
  const { state } = panel;
  const steps = state.steps.value?.steps ?? [];
  const chosen = state.step.value;
  if (chosen === null) return null;
  const place = steps.findIndex((entry) => entry.step === chosen) + 1;
  const name = stepName(chosen, state.entry.value?.record?.batch ?? null);
  const unit = name.startsWith("step") ? "step" : "epoch";
  return (
    <>
      <div class="epoch-readout" role="status" data-testid="epoch" data-step={chosen}>
        <strong>{name.toUpperCase()}</strong>
        <span class="soft">
          ({ordinal(place)} of {steps.length.toLocaleString("en")} logged)
        </span>
      </div>
      <div class="epoch-steps" role="group" aria-label="Go through the logged epochs">
        <button
          type="button"
          class="button epoch"
          aria-label={`Logged ${unit} before`}
          title={`Logged ${unit} before (Shift + ←)`}
          data-testid="epoch-before"
          disabled={place <= 1}
          onClick={() => {
            state.moveStep(-1);
          }}
        >
          <Icon name="back" />
        </button>
        <button
          type="button"
          class="button epoch"
          aria-label={`Logged ${unit} after`}
          title={`Logged ${unit} after (Shift + →)`}
          data-testid="epoch-after"
          disabled={place >= steps.length}
          onClick={() => {
            state.moveStep(1);
          }}
        >
          <Icon name="forward" />
        </button>
        <button
          type="button"
          class="button epoch follow"
          aria-pressed={state.following.value}
          title="Move on to each epoch as soon as it is logged"
          data-testid="follow"
          onClick={() => {
            state.follow(!state.following.value);
          }}
        >
          Follow newest
        </button>
      </div>
    </>
  );
}
