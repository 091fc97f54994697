/** What the network took a clip for, out of `predictions.npy`, float32 `[windows of all probes, classes]`. */
import type { ProbeLayout } from "../types";
import { asFloats, NpyError, type NpyArray } from "./npy";

/** Scores `[windows, classes]` of one probe; NaN where not logged. */
export interface Predictions {
  readonly windows: number;
  readonly classes: readonly string[];
  readonly scores: Float32Array;
}

/** One class of the window at hand. */
export interface ClassBar {
  readonly index: number;
  readonly name: string;
  readonly score: number;
  /** True for a class that is among the clip's labels. */
  readonly label: boolean;
}

/** "ok": the best class of the clip is among its labels. "taken": it is another. "unlabelled": there is nothing to compare with. */
export type Verdict =
  | { readonly kind: "ok" | "taken" | "unlabelled"; readonly taken: string; readonly score: number }
  | { readonly kind: "unknown" };

export function predictionsOf(predictions: NpyArray, probe: ProbeLayout, classes: readonly string[]): Predictions {
  const [rows = 0] = predictions.shape;
  const data = asFloats(predictions, [rows, classes.length]);
  const end = probe.first_window + probe.windows;
  if (end > rows) throw new NpyError(`predictions.npy holds ${rows} windows: too few for clip ${probe.name}`);
  return {
    windows: probe.windows,
    classes,
    scores: data.subarray(probe.first_window * classes.length, end * classes.length),
  };
}

/** The classes of one window, in their own order. */
export function classBars(predictions: Predictions, window: number, labels: readonly string[]): readonly ClassBar[] {
  const { classes, scores } = predictions;
  return classes.map((name, index) => ({
    index,
    name,
    score: scores[window * classes.length + index] ?? NaN,
    label: labels.includes(name),
  }));
}

/** The mean score of each class over the windows that have one; NaN where none has. */
export function meanScores({ windows, classes, scores }: Predictions): Float64Array {
  const sums = new Float64Array(classes.length);
  const counts = new Float64Array(classes.length);
  for (let window = 0; window < windows; window++) {
    for (let index = 0; index < classes.length; index++) {
      const score = scores[window * classes.length + index] ?? NaN;
      if (Number.isNaN(score)) continue;
      sums[index] = (sums[index] ?? 0) + score;
      counts[index] = (counts[index] ?? 0) + 1;
    }
  }
  return sums.map((sum, index) => sum / (counts[index] ?? 0));
}

/** The classes' indices, the highest mean over the windows first; those without a number come last, equals keep their order. */
export function rankedClasses(predictions: Predictions): readonly number[] {
  const means = [...meanScores(predictions)].map((mean) => (Number.isNaN(mean) ? -Infinity : mean));
  const mean = (index: number): number => means[index] ?? -Infinity;
  return means.map((_, index) => index).sort((a, b) => (mean(a) === mean(b) ? a - b : mean(b) - mean(a)));
}

/** The index of the highest score, the first of equals; null where there is no number. */
export function argmax(scores: ArrayLike<number>): number | null {
  let best: number | null = null;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index] ?? NaN;
    if (Number.isNaN(score)) continue;
    if (best === null || score > (scores[best] ?? NaN)) best = index;
  }
  return best;
}

/** What one window was taken for, in words. */
export interface WindowSentence {
  readonly tone: "right" | "wrong" | "plain";
  /** "Right:" or "Wrong:"; empty where there is nothing to compare with. */
  readonly lead: string;
  readonly rest: string;
}

/** Of all classes of the window. */
export function sentenceOf(bars: readonly ClassBar[], labels: readonly string[]): WindowSentence {
  const first = bestOf(bars);
  if (first === null) return { tone: "plain", lead: "", rest: "No score for this window." };
  if (labels.length === 0) return { tone: "plain", lead: "", rest: `Taken for ${first.name}. The clip has no label.` };
  if (first.label) return { tone: "right", lead: "Right:", rest: first.name };
  const unknown = bars.some(({ label }) => label) ? "" : ", which is none of the classes";
  return { tone: "wrong", lead: "Wrong:", rest: `${first.name}, but it is ${labels.join(", ")}${unknown}` };
}

/** The clip's verdict: the best class of the mean over its windows, against its labels. */
export function verdict(predictions: Predictions, labels: readonly string[]): Verdict {
  const means = meanScores(predictions);
  const best = argmax(means);
  if (best === null) return { kind: "unknown" };
  const taken = predictions.classes[best] ?? "";
  const score = means[best] ?? NaN;
  if (labels.length === 0) return { kind: "unlabelled", taken, score };
  return { kind: labels.includes(taken) ? "ok" : "taken", taken, score };
}

export function bestOf(bars: readonly ClassBar[]): ClassBar | null {
  const best = argmax(bars.map((bar) => bar.score));
  return best === null ? null : (bars[best] ?? null);
}

/** The lengths of the bars, of the longest that there is room for: of 1, or of the highest score where that is more. */
export function sharesOf(bars: readonly ClassBar[]): readonly number[] {
  const longest = Math.max(1, ...bars.map((bar) => (Number.isFinite(bar.score) ? bar.score : 0)));
  return bars.map((bar) => Math.max(0, bar.score || 0) / longest);
}
