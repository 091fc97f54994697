/** The margin of a clip: how far the score of what it is stands above the best score of what it is not. */
import { asFloats, type NpyArray } from "./npy";
import { meanScores, type Predictions } from "./predict";

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

/** One margin per step out of a clip's predictions `[steps, windows, classes]`. */
export function marginsOverSteps(
  predictions: NpyArray,
  steps: number,
  classes: readonly string[],
  labels: readonly string[],
): Float64Array {
  const windows = predictions.shape[1] ?? 0;
  const scores = asFloats(predictions, [steps, windows, classes.length]);
  const size = windows * classes.length;
  return Float64Array.from({ length: steps }, (_, step) =>
    margin({ windows, classes, scores: scores.subarray(step * size, (step + 1) * size) }, labels),
  );
}
