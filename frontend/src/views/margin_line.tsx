/** A clip's margin over the epochs as a line of a few pixels, with the present epoch marked. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import type { Panel } from "../panel";
import { placeAcross, placeUp, SPARK, sparkline } from "../pure/sparkline";
import { number, stepName } from "../words";

export function MarginLine({ panel, clip }: { panel: Panel; clip: string }): JSX.Element {
  const { state, margins } = panel;
  const entries = state.steps.value?.steps;
  const steps = useMemo(() => entries?.map(({ step }) => step) ?? [], [entries]);
  const values = margins.of(clip);
  const line = useMemo(() => (values === null ? null : sparkline(steps, values)), [steps, values]);
  // The place is kept while nothing is known: names must not move when the line arrives.
  if (values === null || line === null) return <span class="margin" />;
  const chosen = state.step.value;
  const value = (chosen === null ? null : values[steps.indexOf(chosen)]) ?? NaN;
  const x = chosen === null ? null : placeAcross(steps, chosen);
  const batch = state.entry.value?.record?.batch ?? null;
  return (
    <svg
      class="margin"
      viewBox={`0 0 ${SPARK.width} ${SPARK.height}`}
      role="img"
      aria-label={`margin ${number(value)}`}
      data-limit={line.limit}
      data-value={value}
    >
      <title>{sentence(value, chosen === null ? "" : stepName(chosen, batch), line.limit)}</title>
      <line class="zero" x1={0} x2={SPARK.width} y1={SPARK.height / 2} y2={SPARK.height / 2} />
      {x === null ? null : <line class="now" x1={x} x2={x} y1={0} y2={SPARK.height} />}
      <path d={line.path} />
      {x === null || Number.isNaN(value) ? null : <circle cx={x} cy={placeUp(value, line.limit)} r={2.2} />}
    </svg>
  );
}

function sentence(value: number, step: string, limit: number): string {
  const now = Number.isNaN(value) ? `No margin at ${step}.` : `Margin ${number(value)} at ${step}.`;
  return (
    `${now} The true score minus the best other, of the means over the clip's windows, at every logged epoch; ` +
    `above the grey zero line it is right. The edges are ±${number(limit)}, and heights are square roots: ` +
    `half-way up is ${number(limit / 4)}.`
  );
}
