/** The margin of a clip: how far the score of what it is stands above the best score of what it is not. */
import { asFloats, type NpyArray } from "./npy";
import { argmax, meanScores, type Predictions } from "./predict";

/**
 * The best true class's mean score minus the best other's, in the units of the scores (-1 to 1 where these are probabilities): above
 * zero the clip is taken for what it is. Means are over the clip's windows. NaN without a true class, another one, or a score.
 */
export function margin(predictions: Predictions, labels: readonly string[]): number {
  let best = -Infinity;
  let other = -Infinity;
  meanScores(predictions).forEach((mean, index) => {
    // Comparisons with NaN are false: a class without a score counts for nothing.
    if (labels.includes(predictions.classes[index] ?? "")) best = mean > best ? mean : best;
    else other = mean > other ? mean : other;
  });
  const distance = best - other;
  return Number.isFinite(distance) ? distance : NaN;
}

/** A clip over the logged steps. */
export interface Standings {
  /** NaN where there is none. */
  readonly margins: Float64Array;
  /** The class that the clip was taken for, as its place among the classes; -1 where it is not known. */
  readonly taken: Int32Array;
}

/** Of as many steps, none of them known. */
export function noStandings(steps: number): Standings {
  return { margins: new Float64Array(steps).fill(NaN), taken: new Int32Array(steps).fill(-1) };
}

/** Writes what a clip's predictions at one step say. */
export function stand({ margins, taken }: Standings, step: number, own: Predictions, labels: readonly string[]): void {
  margins[step] = margin(own, labels);
  taken[step] = argmax(meanScores(own)) ?? -1;
}

/** Out of a clip's predictions `[steps, windows, classes]`. */
export function standingsOverSteps(
  predictions: NpyArray,
  steps: number,
  classes: readonly string[],
  labels: readonly string[],
): Standings {
  const windows = predictions.shape[1] ?? 0;
  const scores = asFloats(predictions, [steps, windows, classes.length]);
  const size = windows * classes.length;
  const standings = noStandings(steps);
  for (let step = 0; step < steps; step++) {
    stand(standings, step, { windows, classes, scores: scores.subarray(step * size, (step + 1) * size) }, labels);
  }
  return standings;
}
