/** Above what is compared: which two, how it is shown, and on which scale. */
import type { JSX } from "preact";

import type { Exact, Ready } from "../compare";
import type { Panel } from "../panel";
import { differenceStops } from "../pure/difference_paint";
import { number, stepName } from "../words";
import { AgainButton } from "./again_button";
import { AgainstChoice } from "./compare_choices";
import { BlinkButton } from "./blink_button";
import { ModeSwitch, Size } from "./grid_bar";
import { gradient } from "./legend";
import { ViewSwitch } from "./view_switch";

export function CompareBar({ panel }: { panel: Panel }): JSX.Element {
  const { compare, state } = panel;
  const comparison = compare.comparison.value;
  const ready = comparison.status === "ready" ? comparison : null;
  const name = state.layerName.value ?? "";
  return (
    <div class="grid-bar compare-bar">
      <h2 data-testid="grid-title" title={name}>
        {name}
      </h2>
      <ViewSwitch panel={panel} />
      <AgainstChoice panel={panel} />
      {compare.choice.kind.value === "epoch" ? <ModeSwitch panel={panel} /> : null}
      {ready?.exact == null ? null : <ExactParts panel={panel} exact={ready.exact} />}
      <span class="space" />
      {ready === null ? null : <SortAgain panel={panel} ready={ready} />}
      {ready?.exact == null ? null : <Size panel={panel} />}
    </div>
  );
}

function ExactParts({ panel, exact }: { panel: Panel; exact: Exact }): JSX.Element {
  const { compare } = panel;
  const showing = compare.showing.value;
  return (
    <>
      <div class="segments" role="group" aria-label="What tiles show">
        {(["difference", "a"] as const).map((each) => (
          <button
            key={each}
            type="button"
            class="button"
            aria-pressed={showing === each}
            title={each === "a" ? "A as it was, on its own scale" : "The exact difference, in the layer's units"}
            data-testid={`show-${each}`}
            onClick={() => {
              compare.show(each);
            }}
          >
            {each === "a" ? "A" : "B − A"}
          </button>
        ))}
        <BlinkButton compare={compare} />
      </div>
      {showing === "difference" ? <DifferenceLegend exact={exact} /> : <LegendOfA panel={panel} />}
    </>
  );
}

function DifferenceLegend({ exact: { difference } }: { exact: Exact }): JSX.Element {
  const { limit } = difference;
  return (
    <div
      class="scale"
      data-testid="legend"
      data-limit={limit}
      title={
        "In the layer's own units. Colours end at the 99th percentile of |B − A| over all cells: " +
        "blue is less in B, white is none, red is more"
      }
    >
      <span>{number(-limit)}</span>
      <span class="ramp" style={{ backgroundImage: `linear-gradient(to right, ${differenceStops().join(", ")})` }} />
      <span>+{number(limit)}</span>
    </div>
  );
}

function LegendOfA({ panel: { compare, state } }: { panel: Panel }): JSX.Element | null {
  const scale = compare.scaleOfA.value;
  if (scale === null) return null;
  return (
    <div class="scale" data-testid="legend" title="A's own scale, on which B stands too while it is held up">
      <span class="ramp" style={{ backgroundImage: gradient(state.colours.value) }} />
      <span class="soft">
        A {number(scale.lowest)} to {number(scale.highest)}
      </span>
    </div>
  );
}

/** Filters keep their places when A's or B's epoch changes; this puts them in order for what is shown now. */
function SortAgain({ panel: { compare }, ready }: { panel: Panel; ready: Ready }): JSX.Element {
  const current = compare.order.value?.current ?? true;
  const { step, manifest } = ready.b;
  return (
    <AgainButton
      label="Sort again for what is shown now"
      hidden={current}
      title={`Sort by the largest difference at ${stepName(step, manifest.batch)}`}
      testId="compare-sort-again"
      onClick={compare.sortAgain}
    />
  );
}
