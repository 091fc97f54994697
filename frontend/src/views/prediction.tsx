/** What the network says about the present window, against the clip's labels, in bars and in words. */
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";

import { clipSpan } from "../clip_span";
import type { Panel } from "../panel";
import { classBars, sentenceOf, type Predictions } from "../pure/predict";
import { isMistaken } from "../questions";
import { stepName } from "../words";
import { Bars, ORDERED } from "./bars";

export function Prediction({ panel }: { panel: Panel }): JSX.Element {
  const { data, derived } = panel;
  const predictions = derived.predictions.value;
  // Until they have come another epoch's stand.
  const stale = data.predictions.resource.value.status === "loading";
  const known = useComputed(() => panel.window.value !== null).value;
  return (
    <section
      class={`now${stale ? " stale" : ""}`}
      aria-label="Prediction for the present window"
      aria-busy={stale}
      data-testid="prediction"
    >
      <div class="apart">
        <div class="head">
          <h2 class="title">This window</h2>
          <Place panel={panel} />
        </div>
        {predictions === null || !known ? (
          <p class="sentence soft">{withoutPredictions(panel)}</p>
        ) : (
          <>
            <Verdict panel={panel} predictions={predictions} />
            <ClipSaid panel={panel} />
            <Bars panel={panel} predictions={predictions} />
          </>
        )}
      </div>
    </section>
  );
}

function Place({ panel: { windowInWords, state } }: { panel: Panel }): JSX.Element {
  const window = windowInWords.value;
  return <span class="soft">{window === null ? "" : `${window + 1} of ${state.clip.value?.windows ?? 0}`}</span>;
}

export function withoutPredictions({ derived, state }: Panel): string {
  const problem = derived.predictionsProblem.value;
  if (problem !== null) return `Predictions: ${problem}.`;
  return state.layout.value?.classes.length === 0 ? "No predictions were logged." : "";
}

/** A line of its own in every training, so that the bars stay where they are while it is not known. */
function ClipSaid({ panel }: { panel: Panel }): JSX.Element {
  const { state } = panel;
  if ((state.steps.value?.steps.length ?? 0) < 2) return <BarsOrder panel={panel} />;
  const said = clipSpan(panel, state.clipName.value ?? "");
  const text = said === null ? "" : `Clip ${said}`;
  return (
    <div class="clip-said">
      <div>
        <p class="clip-span" data-testid="clip-span" title={text === "" ? undefined : `${text}. ${MEAN}`}>
          {text}
        </p>
        <BarsOrder panel={panel} />
      </div>
      <Why panel={panel} />
    </div>
  );
}

/** What the bars stand by: of the present window and epoch alone it would read as a broken order. */
function BarsOrder({ panel: { state, derived } }: { panel: Panel }): JSX.Element {
  const step = derived.classOrderStep.value;
  const entry = state.steps.value?.steps.find((each) => each.step === step);
  const when = step === null ? null : stepName(step, entry?.record?.batch ?? null);
  const order = `order: mean score${when === null ? "" : `, ${when}`}`;
  return (
    <p class="bars-order" title={`${order}. ${ORDERED}`} data-testid="bars-order">
      {order}
    </p>
  );
}

/** Of a clip that is taken for something else: from the class to the filters that go with it. */
function Why({ panel }: { panel: Panel }): JSX.Element | null {
  const { derived, questions, state } = panel;
  const { answered, toggle } = questions.why;
  if (!isMistaken(panel)) return null;
  const whyNot = derived.problems.value.taken;
  const what =
    whyNot === null
      ? `The filters of the chosen layer, ${state.layerName.value ?? ""}, that rise and fall with ${derived.taken.value?.name ?? "that class"} over the clip, first`
      : `The class's right clips beside its wrong ones, filter by filter; filters that go with the class cannot be named: ${whyNot}`;
  return (
    <button
      type="button"
      class="button why"
      aria-pressed={answered.value}
      title={`${what} (W${answered.value ? " goes back" : ""})`}
      data-testid="why"
      onClick={toggle}
    >
      Why?
    </button>
  );
}

const MEAN = "What the best mean score over its windows is of.";

interface VerdictProps {
  readonly panel: Panel;
  readonly predictions: Predictions;
}

function Verdict({ panel: { windowInWords, state }, predictions }: VerdictProps): JSX.Element {
  const labels = state.clip.value?.labels ?? [];
  const { tone, lead, rest } = sentenceOf(classBars(predictions, windowInWords.value ?? 0, labels), labels);
  return (
    <p
      class="sentence"
      data-testid="verdict"
      title="Of this window; the list of clips tells the mean of each clip's windows"
    >
      {lead === "" ? null : <span class={tone}>{lead}</span>} {rest}
    </p>
  );
}
