/** Below the differences: what is pointed at in both, and what their colours mean. */
import type { JSX } from "preact";

import type { Exact, Showing } from "../compare";
import { insideParts } from "../caption";
import type { Panel } from "../panel";
import { number, stepName } from "../words";

export function CompareFoot({ panel, exact }: { panel: Panel; exact: Exact }): JSX.Element {
  const pointed = panel.pointed.value;
  const showing = panel.compare.showing.value;
  const text = captionOf(exact, showing);
  return (
    <div class="grid-foot">
      <output class={pointed === null ? "soft" : ""} aria-live="off" data-testid="readout">
        {pointed?.text ?? sentence(exact, showing)}
      </output>
      <span class="caption" data-testid="grid-caption" title={text}>
        {text}
      </span>
    </div>
  );
}

function sentence({ a, b }: Exact, showing: Showing): string {
  const [before, now] = [a, b].map(({ picture }) => stepName(picture.step, picture.manifest.batch));
  if (showing === "a") return `A, the reference: ${before ?? ""}. Hold X for B in its place`;
  return showing === "b"
    ? `B, what the panel shows: ${now ?? ""}, on A's scale`
    : `B − A: ${now ?? ""} minus ${before ?? ""}, the reference`;
}

function captionOf({ a, b, frame, difference }: Exact, showing: Showing): string {
  if (showing !== "difference") return insideParts(showing === "a" ? a : b).join("  ·  ");
  const { cells, below, largest } = difference;
  const most = largest.reduce((best, size) => (size > best ? size : best), 0);
  const none = largest.reduce((amount, size) => amount + (Number.isNaN(size) ? 1 : 0), 0);
  const parts = [
    "red is more in B, blue less",
    `grey: too small to tell from rounding (${cells === 0 ? 0 : Math.round((100 * below) / cells)} % of cells)`,
    `largest ${number(most)}`,
  ];
  if (none > 0) parts.push(`${none} without a finite difference (black)`);
  return [...parts, ...insideParts(frame)].join("  ·  ");
}
