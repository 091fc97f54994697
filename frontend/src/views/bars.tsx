/** The scores of the classes: names and numbers to be read, and behind them bars that are as fast as the sound. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { bestOf, classBars, type Predictions } from "../pure/predict";
import { rowsInView, rowsToDraw } from "../pure/rows";
import { score } from "../words";
import { BarLengths } from "./bar_lengths";
import { useSize } from "./size";

export const ORDERED =
  "Classes stand by the mean of their scores over the clip's windows, at the epoch at which the clip was chosen. " +
  "Their bars are of the present window: they change their length and never their place.";

/** Of more classes only the rows in view are in the page, each as high as the others, CSS pixels. */
const MOST_ROWS = 64;
const ROW = 19;
const SPARE_ROWS = 4;

/** Bars change their length and never their place while the clip plays or epochs go by. */
export function Bars({ panel, predictions }: { panel: Panel; predictions: Predictions }): JSX.Element {
  const { ref, size } = useSize<HTMLUListElement>(panel);
  const top = useSignal(0);
  const labels = panel.state.clip.value?.labels ?? [];
  const told = classBars(predictions, panel.windowInWords.value ?? 0, labels);
  const best = bestOf(told);
  const ranked = panel.derived.classOrder.value.map((index) => told[index]).filter((bar) => bar !== undefined);
  const many = ranked.length > MOST_ROWS;
  const inView = rowsInView(top.value, size.value.height, ROW, ranked.length);
  const rows = many ? rowsToDraw(inView, SPARE_ROWS, ranked.length, -1) : [...ranked.keys()];
  const inPage = rows.map((row) => ranked[row]).filter((bar) => bar !== undefined);
  return (
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
      <BarLengths panel={panel} list={ref} classes={inPage.map(({ index }) => index)} />
      {many ? <Room key="above" rows={rows[0] ?? 0} /> : null}
      {inPage.map((bar) => (
        <li key={bar.name} data-class={bar.name} data-score={bar.score}>
          <span class={`name${bar === best || bar.label ? " marked" : ""}`} title={bar.name}>
            {bar.name}
          </span>
          {bar.label ? <span class="tag">TRUE</span> : null}
          <span class="value">{score(bar.score)}</span>
        </li>
      ))}
      {many ? <Room key="below" rows={ranked.length - 1 - (rows.at(-1) ?? -1)} /> : null}
    </ul>
  );
}

/** In the place of rows that are out of view. */
function Room({ rows }: { rows: number }): JSX.Element {
  return <li class="out-of-view" aria-hidden="true" style={{ height: `${rows * ROW}px` }} />;
}
