/** The order from onset to harmonic: where there is none, and what each filter shown scores in it. */
import { computed, type ReadonlySignal } from "@preact/signals";

import type { Data } from "./data";
import { onsetScores, whyNotByOnset } from "./pure/sort";
import { latest } from "./resource";
import type { Order, Shown } from "./derived";

export interface Onset {
  /** Why the chosen layer cannot be sorted so; null where it can, and while that is not known. */
  readonly problem: ReadonlySignal<string | null>;
  /** Of what the grid shows; null where it is not in this order. */
  readonly scores: ReadonlySignal<Float64Array | null>;
}

export function createOnset(
  data: Data,
  shown: ReadonlySignal<Shown | null>,
  order: ReadonlySignal<Order | null>,
): Onset {
  const strip = computed(() => latest(data.strip.resource.value));
  return {
    problem: computed(() => (strip.value === null ? null : whyNotByOnset(strip.value.maps))),
    scores: computed(() => {
      const now = shown.value?.picture;
      const own = strip.value;
      if (now === undefined || own === null || order.value?.sort !== "onset") return null;
      const same = own.run === now.run && own.step === now.step && own.clip === now.clip && own.name === now.name;
      return same ? onsetScores(own.maps) : null;
    }),
  };
}
