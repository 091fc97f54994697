/**
 * How much a filter prefers one class: the class selectivity index of A. S. Morcos, D. G. T. Barrett, N. C. Rabinowitz and
 * M. Botvinick, "On the importance of single directions for generalization", ICLR 2018,
 *
 *     (mu_max - mu_-max) / (mu_max + mu_-max)
 *
 * with mu_max the largest of the filter's mean responses to the classes and mu_-max the mean of those to all others. It is
 * defined where responses are not negative, as after ReLU: a clip's response here is max(0, mean over the clip).
 */
import type { ProbeLayout } from "../types";

/** A filter responds alike to clips of one class where there are this many of them: below, clips are compared. */
const CLIPS_OF_A_CLASS = 5;

export interface ClassResponses {
  readonly classes: readonly string[];
  /** Logged clips of each class. */
  readonly clips: readonly number[];
  /** Mean response `[filters, classes]`. */
  readonly means: Float64Array;
  /** True where some class has too few clips for its mean to stand for the class. */
  readonly comparesClips: boolean;
}

export interface Selectivity {
  /** 0: the same to all classes, 1: to one alone. NaN where a filter responds to none. */
  readonly index: Float64Array;
  /** The class of each filter's largest response. */
  readonly preferred: readonly string[];
}

/** Why there is no selectivity among these clips; null where there is. `exported`: they are those of a saved page. */
export function whyNotSelective(probes: readonly Pick<ProbeLayout, "labels">[], exported = false): string | null {
  if (new Set(probes.flatMap(({ labels }) => labels)).size > 1) return null;
  return `it needs clips of at least two classes${exported ? ", and this page holds one clip" : ""}`;
}

/**
 * The mean response of each filter to each class that some clip is labelled with. `means` is the mean of each filter over
 * each clip, `[probes, filters]`, NaN where nothing finite was logged; a clip of several labels counts for each.
 */
export function classResponses(
  probes: readonly Pick<ProbeLayout, "labels">[],
  means: ArrayLike<number>,
  filters: number,
): ClassResponses {
  const meanOf = (probe: number, filter: number): number => means[probe * filters + filter] ?? NaN;
  const logged = probes.map((_, probe) =>
    Array.from({ length: filters }, (__, filter) => meanOf(probe, filter)).some((mean) => !Number.isNaN(mean)),
  );
  const classes = [...new Set(probes.flatMap(({ labels }, probe) => (logged[probe] === true ? labels : [])))];
  const members = classes.map((name) =>
    probes.flatMap(({ labels }, probe) => (logged[probe] === true && labels.includes(name) ? [probe] : [])),
  );
  const responses = new Float64Array(filters * classes.length);
  for (let filter = 0; filter < filters; filter++) {
    for (const [index, own] of members.entries()) {
      const known = own.map((probe) => meanOf(probe, filter)).filter((mean) => !Number.isNaN(mean));
      const sum = known.reduce((total, mean) => total + Math.max(mean, 0), 0);
      responses[filter * classes.length + index] = sum / known.length;
    }
  }
  const clips = members.map(({ length }) => length);
  return { classes, clips, means: responses, comparesClips: clips.some((count) => count < CLIPS_OF_A_CLASS) };
}

export function selectivity({ classes, means }: ClassResponses): Selectivity {
  const filters = classes.length === 0 ? 0 : means.length / classes.length;
  const index = new Float64Array(filters);
  const preferred: string[] = [];
  for (let filter = 0; filter < filters; filter++) {
    const own = means.subarray(filter * classes.length, (filter + 1) * classes.length);
    const best = own.reduce((most, mean, at) => (mean > (own[most] ?? NaN) ? at : most), 0);
    const largest = own[best] ?? NaN;
    const others = own.reduce((sum, mean, at) => (at === best ? sum : sum + mean), 0) / (classes.length - 1);
    index[filter] = (largest - others) / (largest + others);
    preferred.push(classes[best] ?? "");
  }
  return { index, preferred };
}
