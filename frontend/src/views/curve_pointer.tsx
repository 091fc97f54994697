/** What the curves say at the step under the pointer: a line through the chart with the values beside it. */
import type { JSX } from "preact";

import { valueAt, type CurveLine } from "../pure/curves";
import { number, stepNameAs } from "../words";

export interface PointedPlace {
  readonly step: number;
  /** CSS pixels from the left edge of the chart. */
  readonly left: number;
  /** Where the values stand to the left of the line. */
  readonly rightHalf: boolean;
}

interface PointedStepProps {
  readonly lines: readonly CurveLine[];
  readonly place: PointedPlace | null;
  readonly unit: "epoch" | "step";
}

export function PointedStep({ lines, place, unit }: PointedStepProps): JSX.Element | null {
  if (place === null) return null;
  return (
    <div
      class={`curve-pointer${place.rightHalf ? " to-left" : ""}`}
      style={{ left: `${place.left}px` }}
      data-testid="curve-pointed"
    >
      <p>
        {stepNameAs(unit, place.step)}
        {lines.map((line) => {
          const value = valueAt(line, place.step);
          return value === null ? null : (
            <span key={line.name}>
              {line.name} <b>{number(value)}</b>
            </span>
          );
        })}
      </p>
    </div>
  );
}
