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

export interface Orders {
  /** Of what is shown. */
  readonly order: ReadonlySignal<Order | null>;
  /** True while one that was asked for is still to be made: the former stands until then. */
  readonly ordering: ReadonlySignal<boolean>;
  /** Has the chosen layer's filters stand in an order that was made elsewhere, as the answer to what is asked for now. */
  readonly restore: (order: Order) => void;
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
): Orders {
  const orders = signal<ReadonlyMap<string, Made>>(new Map());
  /** What is possible of what was asked for. Standing by number must not fix the order of clips that can be sorted. */
  const possible = computed((): Sort => (problems.value[state.sort.value] === null ? state.sort.value : "index"));

  /** The order that was made for the present request; reads signals. */
  function current(now: Shown, known: ReadonlyMap<string, Made>): Made | undefined {
    return [state.sort.value, possible.value]
      .map((sort) => known.get(keyOf(sorted(now), sort)))
      .find((made) => made?.request === state.sortRequest.value);
  }

  scope.onClose(
    effect(() => {
      const now = shown.value;
      if (now === null || isPassing(now)) return;
      // Of single windows the bars are their strips' changes, at each epoch.
      const changesOfStrips = possible.value === "change" && data.mode.value === "window";
      if (current(now, orders.peek()) !== undefined) {
        data.needStrips.value = changesOfStrips;
        return;
      }
      const ranking = rank(possible.value);
      data.needStrips.value = changesOfStrips || (possible.value === "onset" && ranking.status === "waiting");
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
      keep(sorted(now), order, possible.value);
    }),
  );

  function keep(layer: Sorted, made: Made, sort: Sort): void {
    orders.value = new Map([...orders.peek(), [keyOf(layer, sort), made], [keyOf(layer, null), made]]);
  }

  return {
    order: computed(() => {
      const now = shown.value;
      if (now === null) return null;
      return current(now, orders.value) ?? orders.value.get(keyOf(sorted(now), null)) ?? null;
    }),
    ordering: computed(() => {
      const now = shown.value;
      return now !== null && !isPassing(now) && current(now, orders.value) === undefined;
    }),
    restore: (order) => {
      const [run, name] = [state.run.peek(), state.layerName.peek()];
      if (run === null || name === null) return;
      const layer = { run, name, filters: order.filters.length };
      keep(layer, { ...order, request: state.sortRequest.peek() }, order.sort);
    },
  };
}

/** Whether the order is the one that would be made for what is shown. */
export function isCurrent(order: Order, { kind, picture: { step, clip } }: Shown): boolean {
  return order.step === step && order.clip === clip && (order.sort !== "change" || order.kind === kind);
}

/** Maxima stand for maps while epochs are gone through: no order is made of them. */
function isPassing(now: Shown): boolean {
  return now.kind !== "raster" && now.picture.maps.fromEnvelope;
}

/** What an order is of. */
interface Sorted {
  readonly run: string;
  readonly name: string;
  readonly filters: number;
}

function sorted({ picture: { run, name, maps } }: Shown): Sorted {
  return { run, name, filters: maps.filters };
}

/** `sort` null: whichever order of the layer was made last. */
function keyOf({ run, name, filters }: Sorted, sort: Sort | null): string {
  return JSON.stringify([run, name, filters, sort]);
}
