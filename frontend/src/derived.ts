/** What follows from state and arrays without loading anything: what is shown, its order and scale, what was predicted. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";

import type { Data, Of, Picture } from "./data";
import { createOnset, type Onset } from "./onset";
import type { NpyArray } from "./pure/npy";
import { predictionsOf, rankedClasses, verdict, type Predictions, type Verdict } from "./pure/predict";
import { layerScale, type LayerScale } from "./pure/scale";
import { byIndex, byScore, byStrength, onsetScores, whyNotByOnset } from "./pure/sort";
import { stripPeaks } from "./pure/strip_peaks";
import type { StripData, WindowData } from "./pure/values";
import { latest, present, reasonOf } from "./resource";
import type { Scope } from "./scope";
import type { Sort, State } from "./state";
import type { Edges, LayerLayout, ProbeLayout } from "./types";

export type Shown =
  | { readonly kind: "strip"; readonly picture: Picture<StripData> }
  | { readonly kind: "window"; readonly picture: Picture<WindowData> };

/** The order in which a layer's filters stand, and what it was made from. */
export interface Order {
  readonly filters: readonly number[];
  /** As it was asked for, but by index where the layer cannot be sorted so. */
  readonly sort: Sort;
  readonly step: number;
  readonly clip: string;
}

export interface Derived {
  /** What the grid draws: the choice, or while that is on its way the former one. */
  readonly shown: ReadonlySignal<Shown | null>;
  readonly layer: ReadonlySignal<LayerLayout | null>;
  /** True while the grid shows something else than what is chosen. */
  readonly stale: ReadonlySignal<boolean>;
  readonly scale: ReadonlySignal<LayerScale | null>;
  /** The largest value that each filter's strip draws; null where single windows are shown. */
  readonly peaks: ReadonlySignal<Float64Array | null>;
  readonly order: ReadonlySignal<Order | null>;
  readonly onset: Onset;
  readonly predictions: ReadonlySignal<Predictions | null>;
  /** The classes' indices in the order of their bars, made when the clip is chosen: epochs go by without bars changing places. */
  readonly classOrder: ReadonlySignal<readonly number[]>;
  /** Why there are none though the network has an output. */
  readonly predictionsProblem: ReadonlySignal<string | null>;
  /** One per clip of the layout. */
  readonly verdicts: ReadonlySignal<readonly Verdict[]>;
  /** Seconds that every time axis shows. */
  readonly seconds: ReadonlySignal<Edges>;
  /** What one row of the input is called. */
  readonly rowWord: ReadonlySignal<string>;
}

export function createDerived(state: State, data: Data, scope: Scope): Derived {
  const shown = computed((): Shown | null => {
    const windows = state.mode.value === "window" ? latest(data.windows.resource.value) : null;
    if (windows !== null) return { kind: "window", picture: windows };
    const strip = data.strip.resource.value;
    const envelope = strip.status === "loading" ? latest(data.envelope.resource.value) : null;
    const picture = envelope ?? latest(strip);
    return picture === null ? null : { kind: "strip", picture };
  });
  const layer = computed(() => shown.value?.picture.maps.layer ?? null);
  const stale = computed(() => {
    const picture = shown.value?.picture;
    if (picture === undefined) return false;
    const { name, clip, run, step } = picture;
    return (
      name !== state.layerName.value ||
      clip !== state.clipName.value ||
      run !== state.run.value ||
      step !== state.step.value
    );
  });
  const scale = computed(() => {
    const picture = shown.value?.picture;
    return picture === undefined ? null : layerScale(picture.statistics, state.scale.value);
  });

  const predictionsOrProblem = computed((): { value: Predictions | null; problem: string | null } => {
    const failed = data.predictions.resource.value;
    if (failed.status === "failed") return { value: null, problem: failed.reason };
    if (failed.status === "none" && (state.layout.value?.classes.length ?? 0) > 0 && state.entry.value !== null) {
      return { value: null, problem: "none can be read at this epoch" };
    }
    const all = latest(failed);
    const clip = all?.layout.probes.find(({ name }) => name === state.clipName.value);
    return all === null || clip === undefined ? { value: null, problem: null } : cut(all, clip);
  });
  const verdicts = computed((): readonly Verdict[] => {
    const all = latest(data.predictions.resource.value);
    return (state.layout.value?.probes ?? []).map(({ name, labels }) => {
      const clip = all?.layout.probes.find((candidate) => candidate.name === name);
      const own = all === null || clip === undefined ? null : cut(all, clip).value;
      return own === null ? { kind: "unknown" } : verdict(own, labels);
    });
  });

  const predictions = computed(() => predictionsOrProblem.value.value);
  const order = frozenOrder(state, data, shown, scope);

  return {
    shown,
    layer,
    stale,
    scale,
    peaks: computed(() => (shown.value?.kind === "strip" ? stripPeaks(shown.value.picture.maps) : null)),
    order,
    onset: createOnset(data, shown, order),
    predictions,
    classOrder: frozenClassOrder(state, data, predictions),
    predictionsProblem: computed(() => predictionsOrProblem.value.problem),
    verdicts,
    seconds: computed(() => data.probe.value?.image?.seconds ?? [0, data.probe.value?.seconds ?? 1]),
    rowWord: computed(() => (/\bmel\b/i.test(data.probe.value?.image?.title ?? "") ? "mel row" : "row")),
  };
}

function frozenClassOrder(
  state: State,
  data: Data,
  predictions: ReadonlySignal<Predictions | null>,
): ReadonlySignal<readonly number[]> {
  let made: { readonly key: string; readonly order: readonly number[] } = { key: "", order: [] };
  return computed(() => {
    const now = predictions.value;
    // The run of the scores, not the chosen one: the former scores stand while the new ones are on their way.
    const run = latest(data.predictions.resource.value)?.run;
    const key = JSON.stringify([run, state.clipName.value, now?.classes]);
    if (now !== null && key !== made.key) made = { key, order: rankedClasses(now) };
    return made.order;
  });
}

function cut(
  { layout, value }: Of<NpyArray>,
  clip: ProbeLayout,
): { value: Predictions | null; problem: string | null } {
  if (layout.classes.length === 0) return { value: null, problem: null };
  try {
    return { value: predictionsOf(value, clip, layout.classes), problem: null };
  } catch (error) {
    return { value: null, problem: reasonOf(error) };
  }
}

/** Sorted when a layer is first seen and whenever that is asked for; epochs and clips go by without tiles changing places. */
function frozenOrder(
  state: State,
  data: Data,
  shown: ReadonlySignal<Shown | null>,
  scope: Scope,
): ReadonlySignal<Order | null> {
  const orders = signal<ReadonlyMap<string, Order>>(new Map());
  let request = state.sortRequest.peek();
  scope.onClose(
    effect(() => {
      const picture = present(data.strip.resource.value);
      const asked = state.sortRequest.value;
      const sort = state.sort.value;
      if (picture === null) return;
      const again = asked !== request;
      request = asked;
      const known = again ? new Map<string, Order>() : orders.peek();
      const key = keyOf(picture, picture.maps.fromEnvelope);
      if (known.has(key)) return;
      const possible = possibleSort(picture, sort);
      const order = { filters: sorted(picture, possible), sort: possible, step: picture.step, clip: picture.clip };
      orders.value = new Map([...known, [key, order]]);
    }),
  );
  return computed(() => {
    const now = shown.value;
    if (now === null) return null;
    const { picture } = now;
    const ownKind = now.kind === "strip" && now.picture.maps.fromEnvelope;
    return orders.value.get(keyOf(picture, ownKind)) ?? orders.value.get(keyOf(picture, !ownKind)) ?? null;
  });
}

/**
 * What gives only maxima per window cannot be sorted from onset to harmonic: it must not fix the order of what can. A layer
 * that was logged with other filters at other epochs has an order for each number of them.
 */
function keyOf({ run, name, states }: Picture<unknown>, fromEnvelope: boolean): string {
  return JSON.stringify([run, name, states.length, fromEnvelope]);
}

function possibleSort({ maps }: Picture<StripData>, sort: Sort): Sort {
  return sort === "onset" && whyNotByOnset(maps) !== null ? "index" : sort;
}

function sorted({ maps, statistics, states }: Picture<StripData>, sort: Sort): readonly number[] {
  if (sort === "index") return byIndex(maps.filters);
  if (sort === "strength") return byStrength(layerScale(statistics, "filter").strengths);
  return byScore(onsetScores(maps), states);
}
