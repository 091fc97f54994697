/** What the network says about the present window, against the clip's labels, in bars and in words. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";

import { clipSpan } from "../clip_span";
import type { Panel } from "../panel";
import { argmax, classBars, sentenceOf, type ClassBar } from "../pure/predict";
import { rowsInView, rowsToDraw } from "../pure/rows";
import { isMistaken, showWhy } from "../show_changes";
import { score, stepName } from "../words";
import { useSize } from "./size";

export function Prediction({ panel }: { panel: Panel }): JSX.Element {
  const { data, derived, state } = panel;
  const predictions = derived.predictions.value;
  // Until they have come another epoch's stand.
  const stale = data.predictions.resource.value.status === "loading";
  const window = panel.window.value;
  const labels = state.clip.value?.labels ?? [];
  return (
    <section
      class={`now${stale ? " stale" : ""}`}
      aria-label="Prediction for the present window"
      aria-busy={stale}
      data-testid="prediction"
    >
      <div class="head">
        <h2 class="title">This window</h2>
        <span class="soft">{window === null ? "" : `${window + 1} of ${state.clip.value?.windows ?? 0}`}</span>
      </div>
      {predictions === null || window === null ? (
        <p class="sentence soft">{withoutPredictions(panel)}</p>
      ) : (
        <Bars
          panel={panel}
          order={derived.classOrder.value}
          bars={classBars(predictions, window, labels)}
          labels={labels}
        >
          <ClipSaid panel={panel} />
        </Bars>
      )}
    </section>
  );
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
  return (
    <p
      class="bars-order"
      title={when === null ? ORDERED : `${ORDERED} Then that was ${when}.`}
      data-testid="bars-order"
    >
      order: mean score{when === null ? "" : `, ${when}`}
    </p>
  );
}

/** Of a clip that is taken for something else: from the class to the filters that go with it. */
function Why({ panel }: { panel: Panel }): JSX.Element | null {
  const { derived, state } = panel;
  if (!isMistaken(panel)) return null;
  const whyNot = derived.problems.value.taken;
  return (
    <button
      type="button"
      class="button why"
      title={
        whyNot === null
          ? `The filters of the chosen layer, ${state.layerName.value ?? ""}, that rise and fall with ${derived.taken.value?.name ?? "that class"} over the clip, first (W)`
          : `The class's right clips beside its wrong ones, filter by filter (W); filters that go with the class cannot be named: ${whyNot}`
      }
      data-testid="why"
      onClick={() => {
        showWhy(panel);
      }}
    >
      Why?
    </button>
  );
}

const ORDERED =
  "Classes stand by the mean of their scores over the clip's windows, at the epoch at which the clip was chosen. " +
  "Their bars are of the present window: they change their length and never their place.";

const MEAN = "What the best mean score over its windows is of.";

interface BarsProps {
  readonly panel: Panel;
  /** Classes' indices. */
  readonly order: readonly number[];
  readonly bars: readonly ClassBar[];
  readonly labels: readonly string[];
  readonly children: ComponentChildren;
}

/** Of more classes only the rows in view are in the page, each as high as the others, CSS pixels. */
const MOST_ROWS = 64;
const ROW = 19;
const SPARE_ROWS = 4;

/** Bars change their length and never their place while the clip plays or epochs go by. */
function Bars({ panel, order, bars, labels, children }: BarsProps): JSX.Element {
  const { ref, size } = useSize<HTMLUListElement>(panel);
  const top = useSignal(0);
  const best = argmax(bars.map((bar) => bar.score));
  const longest = Math.max(1, ...bars.map((bar) => (Number.isFinite(bar.score) ? bar.score : 0)));
  const ranked = order.map((index) => bars[index]).filter((bar) => bar !== undefined);
  const first = best === null ? null : (bars[best] ?? null);
  const many = ranked.length > MOST_ROWS;
  const inView = rowsInView(top.value, size.value.height, ROW, ranked.length);
  const rows = many ? rowsToDraw(inView, SPARE_ROWS, ranked.length, -1) : [...ranked.keys()];
  return (
    <>
      <p
        class="sentence"
        data-testid="verdict"
        title="Of this window; the list of clips tells the mean of each clip's windows"
      >
        <Sentence first={first} labels={labels} />
      </p>
      {children}
      <ul
        ref={ref}
        class={many ? "bars many" : "bars"}
        aria-label="Scores of the classes"
        title={ORDERED}
        tabIndex={0}
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
        }}
      >
        {many ? <Room key="above" rows={rows[0] ?? 0} /> : null}
        {rows
          .map((row) => ranked[row])
          .filter((bar) => bar !== undefined)
          .map((bar) => (
            <li
              key={bar.name}
              class={bar === first ? "best" : ""}
              style={{ backgroundSize: `${(100 * Math.max(0, bar.score || 0)) / longest}% 100%` }}
              data-class={bar.name}
              data-score={bar.score}
            >
              <span class={`name${bar === first || bar.label ? " marked" : ""}`} title={bar.name}>
                {bar.name}
              </span>
              {bar.label ? <span class="tag">TRUE</span> : null}
              <span class="value">{score(bar.score)}</span>
            </li>
          ))}
        {many ? <Room key="below" rows={ranked.length - 1 - (rows.at(-1) ?? -1)} /> : null}
      </ul>
    </>
  );
}

/** In the place of rows that are out of view. */
function Room({ rows }: { rows: number }): JSX.Element {
  return <li class="out-of-view" aria-hidden="true" style={{ height: `${rows * ROW}px` }} />;
}

function Sentence({ first, labels }: { first: ClassBar | null; labels: readonly string[] }): JSX.Element {
  const { tone, lead, rest } = sentenceOf(first, labels);
  return (
    <>
      {lead === "" ? null : <span class={tone}>{lead}</span>} {rest}
    </>
  );
}
