/**
 * The order of the tiles: made when a layer is first seen and whenever it is asked for. Epochs and clips go by without tiles
 * changing places.
 */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";

import type { Data } from "./data";
import type { Shown } from "./derived";
import { byIndex } from "./pure/sort";
import type { Rankings } from "./ranking";
import type { Scope } from "./scope";
import type { Sort, State } from "./state";

/** The order in which a layer's filters stand, and what it was made from. */
export interface Order {
  readonly filters: readonly number[];
  /** As it was asked for, but by index where the layer cannot be sorted so. */
  readonly sort: Sort;
  /** The class that it is about, where it is about one. */
  readonly about: string | null;
  /** Why it is not as it was asked for, or null. */
  readonly why: string | null;
  readonly step: number;
  readonly clip: string;
  /** What tiles showed: strips and rows differ in how much a filter changed. */
  readonly kind: Shown["kind"];
}

interface Made extends Order {
  /** The request that it answers. */
  readonly request: number;
}

export function frozenOrder(
  state: State,
  data: Data,
  shown: ReadonlySignal<Shown | null>,
  { rank, problems }: Rankings,
  scope: Scope,
): ReadonlySignal<Order | null> {
  const orders = signal<ReadonlyMap<string, Made>>(new Map());
  /** What is possible of what was asked for. Standing by number must not fix the order of clips that can be sorted. */
  const possible = computed((): Sort => (problems.value[state.sort.value] === null ? state.sort.value : "index"));

  /** The order that was made for the present request; reads signals. */
  function current(now: Shown, known: ReadonlyMap<string, Made>): Made | undefined {
    return [state.sort.value, possible.value]
      .map((sort) => known.get(keyOf(now, sort)))
      .find((made) => made?.request === state.sortRequest.value);
  }

  scope.onClose(
    effect(() => {
      const now = shown.value;
      if (now === null || (now.kind !== "raster" && now.picture.maps.fromEnvelope)) return;
      if (current(now, orders.peek()) !== undefined) {
        data.needStrips.value = false;
        return;
      }
      const ranking = rank(possible.value);
      const byStrips = possible.value === "onset" || (possible.value === "change" && data.mode.value === "window");
      data.needStrips.value = byStrips && ranking.status === "waiting";
      if (ranking.status === "waiting") return;
      const { step, clip, maps } = now.picture;
      const order: Made = {
        ...(ranking.status === "ready"
          ? {
              filters: ranking.filters,
              sort: possible.value,
              about: ranking.about,
              why: problems.value[state.sort.value],
            }
          : { filters: byIndex(maps.filters), sort: "index", about: null, why: ranking.why }),
        step,
        clip,
        kind: now.kind,
        request: state.sortRequest.value,
      };
      orders.value = new Map([...orders.peek(), [keyOf(now, possible.value), order], [keyOf(now, null), order]]);
    }),
  );

  return computed(() => {
    const now = shown.value;
    if (now === null) return null;
    // Until an order that was asked for is ready the former one stands.
    return current(now, orders.value) ?? orders.value.get(keyOf(now, null)) ?? null;
  });
}

/** `sort` null: whichever order of the layer was made last. */
function keyOf({ picture: { run, name, maps } }: Shown, sort: Sort | null): string {
  return JSON.stringify([run, name, maps.filters, sort]);
}
