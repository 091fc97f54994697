/** The colours of the grid, which can be chosen, and the range they stand for: always printed. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { legendStops, MAP_NAMES, type MapName } from "../pure/colormap";
import { SHARED_WORDS } from "../shared_scale";
import { asSentence, number } from "../words";
import { Choice } from "./choice";

/** What is below zero. */
const BELOW: Readonly<Record<MapName, string>> = { magma: "teal", viridis: "vermilion", cividis: "vermilion" };

const COLOURS = MAP_NAMES.map((name) => [name, name] as const);

/** From below zero over black to the largest. */
export function gradient(map: MapName): string {
  return `linear-gradient(to right, ${legendStops(map).join(", ")})`;
}

export function Legend({ panel: { derived, state } }: { panel: Panel }): JSX.Element | null {
  const scale = derived.scale.value;
  if (scale === null) return null;
  const { mode, acrossEpochs, lowest, highest, divisors } = scale;
  const colours = state.colours.value;
  const covered = acrossEpochs ? "all epochs" : "layer";
  const range = `${number(lowest)} to ${number(highest)}`;
  // Also where the range has no room.
  const whole = `${covered} ${range}\nSmallest and largest value of the layer over this clip${acrossEpochs ? ", at any logged epoch" : ""}`;
  const shared = derived.shared.value;
  const meaning =
    mode === "layer"
      ? `${shared === null ? "" : `${asSentence(SHARED_WORDS[shared])} `}All filters share this scale: zero is black, ${BELOW[colours]} below, bright above`
      : `Each filter has its own scale: from zero, black, to its largest value; ${BELOW[colours]} below zero`;
  return (
    <div
      class="scale yielding"
      data-testid="legend"
      data-lowest={lowest}
      data-highest={highest}
      title={`${whole}\n${meaning}`}
    >
      <Choice
        testId="colours"
        class="ramp"
        label={`Colours: ${colours}. Zero is black, below it is ${BELOW[colours]}, bright is above`}
        style={{ backgroundImage: gradient(colours) }}
        options={COLOURS}
        chosen={colours}
        choose={state.chooseColours}
      />
      {mode === "layer" ? <span>±{number(divisors[0] ?? 0)}</span> : null}
      <span class="soft">
        <span class="hint">{shared === null ? covered : `${covered}, one scale`}</span> {range}
      </span>
    </div>
  );
}
