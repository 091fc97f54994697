/** Asks what a page that needs no server is to hold, and says how large it will be. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import type { Panel } from "../panel";
import { stepUnit } from "../selection";
import { bytes } from "../words";
import { Choice } from "../views/choice";
import { Entry } from "./entry";
import { estimate, savePage, type PageChoice } from "./html";
import { fewSteps, readSteps, stepsWords, writeSteps } from "./step_list";
import type { Task } from "./task";

export function PageEntry({ panel, task }: { panel: Panel; task: Task }): JSX.Element {
  const { state, data, derived } = panel;
  const entries = (state.steps.value?.steps ?? []).filter(
    ({ record, problem }) => problem === null && record?.bundle != null,
  );
  const steps = entries.map(({ step }) => step);
  const logged = state.steps.value?.steps.length ?? 0;
  const unit = stepUnit(entries);
  const typed = useSignal<string | null>(null);
  const layers = useSignal<"one" | "all">("one");
  const windows = useSignal(data.mode.peek() === "window");
  const text = typed.value ?? writeSteps(fewSteps(steps, state.step.value), steps);
  const chosen = readSteps(text, steps);
  const problem = typeof chosen === "string" ? chosen : null;
  const listed: readonly number[] = typeof chosen === "string" ? [] : chosen;
  const choice = {
    steps: entries.filter(({ step }) => listed.includes(step)),
    allLayers: layers.value === "all",
    windows: windows.value,
  };
  const size = useEstimate(panel, problem === null ? choice : null);
  // Unless said, a gap among them would look like a mistake.
  const evenly = typed.value === null && listed.length < steps.length ? ", chosen evenly" : "";
  const amount = state.layout.value?.layers.length ?? 0;
  return (
    <Entry title="Page" kind="page" task={task}>
      <p>
        One HTML file with this panel, clip {state.clipName.value} and its sound. It opens from disk and needs no
        server.
      </p>
      <label class="field">
        Layers
        <Choice
          testId="export-layers"
          options={[
            ["one", `only ${derived.layer.value?.name ?? ""}`],
            ["all", `all ${amount.toLocaleString("en")}`],
          ]}
          chosen={layers.value}
          choose={(value) => {
            layers.value = value;
          }}
        />
      </label>
      {steps.length < 2 ? null : (
        <label class="field">
          Epochs
          <input
            class="text"
            data-testid="export-epochs"
            value={text}
            aria-invalid={problem !== null}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
          <button
            type="button"
            class="button"
            title={`${entries.length === logged ? "All that are logged" : "All that have maps"}: ${stepsWords(steps, unit)}`}
            data-testid="export-all-epochs"
            onClick={() => {
              typed.value = writeSteps(steps, steps);
            }}
          >
            All
          </button>
        </label>
      )}
      {data.noWindows.value !== null ? null : (
        <label class="field">
          <input
            type="checkbox"
            checked={windows.value}
            data-testid="export-windows"
            onChange={(event) => {
              windows.value = event.currentTarget.checked;
            }}
          />
          with the maps of single windows
        </label>
      )}
      <p data-testid="export-size" class={problem === null ? "" : "wrong"}>
        {problem ??
          `${size === null ? "Size not known yet" : `About ${bytes(size)}`}: ${stepsWords(listed, unit)}${evenly}`}
      </p>
      <button
        type="button"
        class="button outlined"
        data-testid="export-page"
        disabled={problem !== null || derived.stale.value}
        onClick={() => {
          task.start("page", (abort, report) => savePage(panel, choice, abort, report));
        }}
      >
        Save page
      </button>
    </Entry>
  );
}

/** Bytes of the page; null until they are known. */
function useEstimate(panel: Panel, choice: PageChoice | null): number | null {
  const { run, clipName, layerName } = panel.state;
  const size = useSignal<{ readonly of: string; readonly bytes: number } | null>(null);
  const steps = choice?.steps.map(({ step }) => step);
  const asked = JSON.stringify([run.value, clipName.value, layerName.value, { ...choice, steps }]);
  useEffect(() => {
    if (choice === null) return undefined;
    const own = new AbortController();
    estimate(panel, choice, own.signal).then(
      (bytes) => {
        if (!own.signal.aborted) size.value = { of: asked, bytes };
      },
      // Saving will say what cannot be read.
      () => undefined,
    );
    return () => {
      own.abort();
    };
  }, [panel, asked]);
  return size.value?.of === asked ? size.value.bytes : null;
}
