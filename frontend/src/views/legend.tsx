/** The colours of the grid and the range they stand for: always printed. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { legendStops } from "../pure/colormap";
import { number } from "../words";

const GRADIENT = `linear-gradient(to right, ${legendStops("magma").join(", ")})`;

export function Legend({ panel }: { panel: Panel }): JSX.Element | null {
  const scale = panel.derived.scale.value;
  if (scale === null) return null;
  const { mode, lowest, highest, divisors } = scale;
  const end = number(divisors[0] ?? 0);
  return (
    <div
      class="scale"
      data-testid="legend"
      data-lowest={lowest}
      data-highest={highest}
      title={
        mode === "layer"
          ? "All filters share this scale: zero is black, teal below, bright above"
          : "Each filter has its own scale: from zero, black, to its largest value; teal below zero"
      }
    >
      <span
        class="ramp"
        style={{ background: GRADIENT }}
        role="img"
        aria-label="Teal is below zero, black is zero, bright is above"
      />
      {mode === "layer" ? <span>±{end}</span> : null}
      <span class="soft" title="Smallest and largest value of the layer over this clip">
        <span class="hint">layer</span> {number(lowest)} to {number(highest)}
      </span>
    </div>
  );
}
