/** Which filter is looked at closely, and which ones stand beside it. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";

import type { LayerLayout } from "./types";

/** How the epochs of an evolution are chosen. */
export const SPACINGS = ["even", "change"] as const;
export type Spacing = (typeof SPACINGS)[number];

export interface Inspecting {
  /** The filter of the chosen layer that the inspector shows; null while it is closed. */
  readonly inspected: ReadonlySignal<number | null>;
  /** Filters of the chosen layer that stand beside the inspected one, as they were pinned. */
  readonly pinned: ReadonlySignal<readonly number[]>;
  readonly spacing: ReadonlySignal<Spacing>;
  /** Null closes the inspector. */
  readonly inspect: (filter: number | null) => void;
  readonly pin: (filter: number, on: boolean) => void;
  readonly chooseSpacing: (spacing: Spacing) => void;
}

export function createInspecting(
  run: ReadonlySignal<string | null>,
  layer: ReadonlySignal<LayerLayout | null>,
  /** Whether the grid of filters is shown, beside which the inspector stands. */
  beside: () => boolean,
): Inspecting {
  const asked = signal<number | null>(null);
  const spacing = signal<Spacing>("even");
  // Filters of two layers have nothing but their numbers in common: each layer has pins of its own.
  const pins = signal<ReadonlyMap<string, readonly number[]>>(new Map());
  const key = computed(() => JSON.stringify([run.value, layer.value?.name]));
  const within = (filter: number): boolean => filter < (layer.value?.filters ?? 0);
  const pinned = computed(() => (pins.value.get(key.value) ?? []).filter(within));
  return {
    inspected: computed(() => {
      const filters = layer.value?.filters ?? 0;
      return asked.value === null || filters === 0 || !beside() ? null : Math.min(asked.value, filters - 1);
    }),
    pinned,
    spacing,
    inspect: (filter) => {
      asked.value = filter;
    },
    pin: (filter, on) => {
      const others = pinned.peek().filter((each) => each !== filter);
      pins.value = new Map([...pins.peek(), [key.peek(), on ? [...others, filter] : others]]);
    },
    chooseSpacing: (chosen) => {
      spacing.value = chosen;
    },
  };
}
