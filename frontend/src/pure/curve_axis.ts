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

/** How often a scale is divided before its labels are taken to be too near to each other. */
const FINEST = 50;

/** Round values within a range, `least` or more apart: three or more where there is room, else two if any are that far apart. */
export function labelledValues(low: number, high: number, least: number): readonly number[] {
  let best: readonly number[] = [];
  for (let power = Math.ceil(Math.log10(high - low)); 10 ** power > (high - low) / FINEST; power--) {
    for (const factor of [5, 2, 1]) {
      const values = multiples(factor, power, low, high);
      const apart = factor * 10 ** power >= least ? values : ends(values, least);
      if (apart.length > 2) return apart;
      if (apart.length > best.length) best = apart;
    }
  }
  return best;
}

/** Of `factor * 10 ** power`; a division by a whole power of ten leaves no rest of the kind of 0.30000000000000004. */
function multiples(factor: number, power: number, low: number, high: number): number[] {
  const [times, over] = power < 0 ? [factor, 10 ** -power] : [factor * 10 ** power, 1];
  const found: number[] = [];
  for (let index = Math.ceil((low * over) / times); (index * times) / over <= high; index++) {
    found.push((index * times) / over);
  }
  return found;
}

/** The first and the last where these are far enough apart, else the last. */
function ends(values: readonly number[], least: number): readonly number[] {
  const [first, last] = [values[0], values.at(-1)];
  return first === undefined || last === undefined ? [] : last - first >= least ? [first, last] : [last];
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
