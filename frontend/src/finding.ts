/** A filter that was looked for: marked among the tiles until another is, or another layer is shown. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";

import type { Derived } from "./derived";
import { classOf } from "./filter_title";
import { findFilters } from "./pure/find";

export interface Finding {
  /** One object for each time that it was looked for, so that it comes into view again. */
  readonly found: ReadonlySignal<{ readonly filter: number } | null>;
  /** What was found, or why nothing, in words; empty before anything was looked for. */
  readonly told: ReadonlySignal<string>;
  /** Whether filters stand for classes, whose names find them too. */
  readonly byClass: ReadonlySignal<boolean>;
  /** Marks the first filter that is meant; asked for the same again, the next. */
  readonly find: (text: string) => void;
  readonly forget: () => void;
}

interface Sought {
  readonly text: string;
  readonly layer: string;
  readonly matches: readonly number[];
  readonly place: number;
  readonly filters: number;
}

export function createFinding({ shown }: Derived): Finding {
  const sought = signal<Sought | null>(null);
  const valid = computed(() => (sought.value?.layer === shown.value?.picture.name ? sought.value : null));
  return {
    found: computed(() => {
      const filter = valid.value?.matches[valid.value.place];
      return filter === undefined ? null : { filter };
    }),
    told: computed(() => {
      const now = valid.value;
      if (now === null || now.text === "") return "";
      const { matches, place, filters } = now;
      if (matches.length === 0) return `No such filter: they are 0 to ${filters - 1}.`;
      return matches.length === 1
        ? `Filter ${matches[0] ?? 0}`
        : `Filter ${matches[place] ?? 0}, ${place + 1} of ${matches.length}`;
    }),
    byClass: computed(() => shown.value !== null && classOf(shown.value, 0) !== null),
    find: (asked) => {
      const now = shown.peek();
      if (now === null) return;
      const text = asked.trim();
      const before = valid.peek();
      const filters = now.picture.maps.filters;
      const names = Array.from({ length: filters }, (_, filter) => classOf(now, filter));
      const matches = findFilters(text, names);
      const place = before?.text === text && matches.length > 0 ? (before.place + 1) % matches.length : 0;
      sought.value = { text, layer: now.picture.name, matches, place, filters };
    },
    forget: () => {
      sought.value = null;
    },
  };
}
