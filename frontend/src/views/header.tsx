/** Which run, which epoch, and whether the newest is followed. */
import type { JSX } from "preact";

import { Export } from "../export/menu";
import type { Panel } from "../panel";
import { isTraining } from "../selection";
import { ClipSelect, LayerSelect } from "./compact";
import { CopyLink } from "./copy_link";
import { EpochBar } from "./epoch_bar";
import { HELP_BUTTON } from "./help";

export function Header({ panel }: { panel: Panel }): JSX.Element {
  const { state } = panel;
  const steps = state.steps.value?.steps ?? [];
  return (
    <header class="header">
      <RunSelect panel={panel} />
      {isTraining(steps) ? <EpochBar panel={panel} /> : null}
      <span class="space" />
      <Export panel={panel} />
      {panel.source.exported === true ? null : <CopyLink panel={panel} />}
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
        title={state.run.value ?? ""}
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
