/** The axis under the training curves: how far it reaches, where it is labelled, which logged step is meant by a place on it. */
import type { Pane } from "./curves";

/** First and last step that the curves and the logged steps reach; null without any. */
export function stepRange(panes: readonly Pane[], logged: readonly number[]): readonly [number, number] | null {
  let [first, last] = [Infinity, -Infinity];
  const include = (step: number): void => {
    first = Math.min(first, step);
    last = Math.max(last, step);
  };
  logged.forEach(include);
  for (const { points } of panes.flatMap(({ lines }) => lines)) for (const [step] of points) include(step);
  return first > last ? null : [first, last];
}

/** Steps at which anything is known, ascending: logged ones, and those that a curve has a value at. */
export function knownSteps(panes: readonly Pane[], logged: readonly number[]): readonly number[] {
  const valued = panes.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([step]) => step)));
  return [...new Set([...logged, ...valued])].sort((a, b) => a - b);
}

/** Columns as uPlot wants them: steps ascending, then each line's values; null where it has none or one that is not finite. */
export function alignedColumns(pane: Pane): [number[], ...(number | null)[][]] {
  const steps = [...new Set(pane.lines.flatMap(({ points }) => points.map(([step]) => step)))].sort((a, b) => a - b);
  const columns = pane.lines.map(({ points }) => {
    const values = new Map(points);
    return steps.map((step) => {
      const value = values.get(step);
      return value !== undefined && Number.isFinite(value) ? value : null;
    });
  });
  return [steps, ...columns];
}

/** The step nearest to a place on the axis, the earlier of two; null without any. */
export function nearestStep(steps: readonly number[], at: number): number | null {
  let nearest: number | null = null;
  for (const step of steps) {
    if (nearest === null || Math.abs(step - at) < Math.abs(nearest - at)) nearest = step;
  }
  return nearest;
}

/** Where the axis is labelled: -1 ("before training") and multiples of `increment`, none so near to -1 that the labels meet. */
export function labelledSteps(
  [first, last]: readonly [number, number],
  increment: number,
  least: number,
): readonly number[] {
  const whole = Math.max(Math.round(increment), 1);
  const start = Math.ceil(Math.max(first, 0) / whole) * whole;
  const regular: number[] = [];
  for (let step = start; step <= last; step += whole) if (first >= 0 || step + 1 >= least) regular.push(step);
  return first < 0 ? [-1, ...regular] : regular;
}
