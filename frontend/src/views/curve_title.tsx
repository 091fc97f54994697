/** What stands above a training curve: which one it is, its lines, and the way to the filters that made it. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { choiceOf, valueAt, type Pane } from "../pure/curves";
import { stepUnit } from "../selection";
import { number } from "../words";

interface CurveTitleProps {
  readonly panel: Panel;
  readonly panes: readonly Pane[];
  readonly shown: readonly Pane[];
  readonly place: 0 | 1;
}

/** A title that opens to all curves; with one curve alone, its name. */
export function CurveTitle({ panel, panes, shown, place }: CurveTitleProps): JSX.Element {
  const title = shown[place]?.title ?? "";
  if (panes.length < 2) return <strong>{words(title)}</strong>;
  return (
    <select
      aria-label={place === 0 ? "First curve" : "Second curve"}
      data-testid={place === 0 ? "first-curve" : "second-curve"}
      title={`${title}\nChoose the ${place === 0 ? "first" : "second"} curve`}
      value={title}
      onChange={(event) => {
        panel.curves.value = choiceOf(shown, place, event.currentTarget.value);
      }}
    >
      <Group label="Losses and metrics" panes={panes.filter(({ metric }) => metric)} />
      <Group label="Other scalars" panes={panes.filter(({ metric }) => !metric)} />
    </select>
  );
}

function Group({ label, panes }: { label: string; panes: readonly Pane[] }): JSX.Element | null {
  if (panes.length === 0) return null;
  return (
    <optgroup label={label}>
      {panes.map((pane) => (
        <option key={pane.title} value={pane.title} title={pane.title}>
          {words(pane.title)}
        </option>
      ))}
    </optgroup>
  );
}

function words(title: string): string {
  return title.replaceAll("_", " ");
}

export function LineNames({ pane, chosen }: { pane: Pane; chosen: number | null }): JSX.Element {
  return (
    <>
      {pane.lines.map((line) => {
        const value = chosen === null ? null : valueAt(line, chosen);
        const words = value === null ? "" : number(value);
        return (
          <span class="curve-line" key={line.name} title={`${line.name} ${words}`}>
            <span class="name">{line.name}</span> <b>{words}</b>
          </span>
        );
      })}
    </>
  );
}

/** From a jump in a curve to the filters that made it. */
export function WhatChanged({ panel }: { panel: Panel }): JSX.Element {
  const unit = stepUnit(panel.state.steps.value?.steps ?? []);
  const why = panel.derived.problems.value.change;
  const { answered, toggle } = panel.questions.changed;
  return (
    <button
      type="button"
      class="button epoch what-changed"
      aria-label="What changed?"
      aria-pressed={answered.value}
      disabled={why !== null}
      title={
        why === null
          ? `The filters of layer ${panel.state.layerName.value ?? ""} that changed most since the ${unit} before, first (D${answered.value ? " goes back" : ", or a double click on a curve"})`
          : `No change: ${why}`
      }
      data-testid="what-changed"
      onClick={toggle}
    >
      <span class="wide">What changed?</span>
      <span class="narrow">Changed?</span>
    </button>
  );
}
