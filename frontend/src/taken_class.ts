/** The class that the clip which is shown was taken for, as far as filters can be sorted by it. */
import { computed, type ReadonlySignal } from "@preact/signals";

import type { Data } from "./data";
import type { Shown } from "./derived";
import { correlation, LEAST_WINDOWS } from "./pure/correlation";
import { argmax, meanScores, predictionsOf } from "./pure/predict";
import { latest } from "./resource";
import { named } from "./selection";

export interface TakenClass {
  readonly name: string;
  /** One per window of the clip. */
  readonly scores: Float64Array;
}

/** Null while it is on its way, a sentence where there is none or nothing can go with it. */
export function takenClass(
  data: Data,
  shown: ReadonlySignal<Shown | null>,
): ReadonlySignal<TakenClass | string | null> {
  return computed(() => {
    const picture = shown.value?.picture;
    if (picture === undefined) return null;
    const { classes } = picture.manifest.layout;
    if (classes.length === 0) return "no predictions were logged";
    const resource = data.predictions.resource.value;
    if (resource.status === "none" || resource.status === "failed") return "no predictions can be read at this epoch";
    const all = latest(resource);
    // Another epoch's stand while those of what is shown are on their way.
    if (all?.run !== picture.run || all.file !== picture.file) return null;
    const clip = named(all.layout.probes, picture.clip);
    if (clip === null) return "the clip was not logged at this epoch";
    const own = predictionsOf(all.value, clip, classes);
    const best = argmax(meanScores(own));
    if (best === null) return "the clip has no predictions at this epoch";
    if (own.windows < LEAST_WINDOWS) return `it needs clips of at least ${LEAST_WINDOWS} windows`;
    const name = classes[best] ?? "";
    const scores = Float64Array.from({ length: own.windows }, (_, at) => own.scores[at * classes.length + best] ?? NaN);
    const varies = !Number.isNaN(correlation(scores, scores));
    return varies ? { name, scores } : `the score of ${name} is the same in all windows`;
  });
}
