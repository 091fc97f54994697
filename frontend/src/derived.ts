/** What follows from state and arrays without loading anything: what is shown, its order and scale, what was predicted. */
import { computed, type ReadonlySignal } from "@preact/signals";

import type { Data, Of } from "./data";
import { frozenOrder, type Order } from "./order";
import { areSameMaps, type Picture } from "./pictures";
import type { Paint } from "./pure/draw";
import type { NpyArray } from "./pure/npy";
import { predictionsOf, rankedClasses, verdict, type Predictions, type Verdict } from "./pure/predict";
import type { RasterData } from "./pure/raster";
import { layerScale, type LayerScale } from "./pure/scale";
import { stripPeaks } from "./pure/strip_peaks";
import type { StripData, WindowData } from "./pure/values";
import { createRankings, type Problems, type ScoreBars, type Scores } from "./ranking";
import { latest, present, reasonOf, type Resource } from "./resource";
import type { Scope } from "./scope";
import { sharedScale, type SharedScale } from "./shared_scale";
import type { State } from "./state";
import type { TakenClass } from "./taken_class";
import type { Edges, LayerLayout, ProbeLayout } from "./types";

export type Shown =
  | { readonly kind: "strip"; readonly picture: Picture<StripData> }
  | { readonly kind: "window"; readonly picture: Picture<WindowData> }
  | { readonly kind: "raster"; readonly picture: Picture<RasterData> };

export interface Derived {
  /** What the grid draws: the choice, or while that is on its way the former one. */
  readonly shown: ReadonlySignal<Shown | null>;
  readonly layer: ReadonlySignal<LayerLayout | null>;
  /** True while the grid shows something else than what is chosen. */
  readonly stale: ReadonlySignal<boolean>;
  readonly scale: ReadonlySignal<LayerScale | null>;
  /** Why the layer's scale stands in for the filters' own, which was chosen; null where it does not. */
  readonly shared: ReadonlySignal<SharedScale | null>;
  /** How values become colours: one object for as long as neither scale nor colours change. */
  readonly paint: ReadonlySignal<Paint | null>;
  /** The largest value that each filter's strip draws; null where nothing is left out. */
  readonly peaks: ReadonlySignal<Float64Array | null>;
  readonly order: ReadonlySignal<Order | null>;
  /** This and the next as of Orders. */
  readonly ordering: ReadonlySignal<boolean>;
  readonly restoreOrder: (order: Order) => void;
  /** Why the layer cannot be sorted in some way. */
  readonly problems: ReadonlySignal<Problems>;
  /** What the tiles are sorted by, of what is shown now; null where it is no score or not at hand. */
  readonly scores: ReadonlySignal<Scores | null>;
  /** The same as bars beside filters; null where these have their strengths. */
  readonly bars: ReadonlySignal<ScoreBars | null>;
  /** The class that the clip which is shown was taken for; null where filters cannot be sorted by it. */
  readonly taken: ReadonlySignal<TakenClass | null>;
  readonly predictions: ReadonlySignal<Predictions | null>;
  /** The classes' indices in the order of their bars, made when the clip is chosen: epochs go by without bars changing places. */
  readonly classOrder: ReadonlySignal<readonly number[]>;
  /** The step whose scores that order is of; null where there is none. */
  readonly classOrderStep: ReadonlySignal<number | null>;
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
  const shown = createShown(state, data);
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
  const extremes = computed(() => {
    const picture = shown.value?.picture;
    const all = latest(data.overSteps.resource.value);
    return all !== null && picture !== undefined && areSameMaps(all, picture) ? all.extremes : null;
  });
  const shared = computed(() => {
    const now = shown.value;
    return now === null || state.scale.value === "layer" ? null : sharedScale(now, state.acrossEpochs.value);
  });
  const scale = computed(() => {
    const now = shown.value;
    if (now === null) return null;
    const { picture } = now;
    const wanted = shared.value === null ? state.scale.value : "layer";
    return layerScale(picture.statistics, wanted, state.acrossEpochs.value ? extremes.value : null);
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
  const classOrder = frozenClassOrder(state, data, predictions);
  const rankings = createRankings(state, data, shown);
  const { order, ordering, restore } = frozenOrder(state, data, shown, rankings, scope);

  return {
    shown,
    layer,
    stale,
    scale,
    shared,
    paint: computed(() => (scale.value === null ? null : { map: state.colours.value, divisors: scale.value.divisors })),
    peaks: computed(() => peaksOf(shown.value)),
    order,
    ordering,
    restoreOrder: restore,
    problems: rankings.problems,
    taken: rankings.taken,
    scores: computed(() => (order.value === null ? null : rankings.scores(order.value.sort))),
    bars: computed(() => (order.value === null ? null : rankings.bars(order.value.sort))),
    predictions,
    classOrder: computed(() => classOrder.value.order),
    classOrderStep: computed(() => classOrder.value.step),
    predictionsProblem: computed(() => predictionsOrProblem.value.problem),
    verdicts,
    seconds: computed(() => data.probe.value?.image?.seconds ?? [0, data.probe.value?.seconds ?? 1]),
    rowWord: computed(() => (/\bmel\b/i.test(data.probe.value?.image?.title ?? "") ? "mel row" : "row")),
  };
}

/**
 * What is at hand of the chosen layer and clip; while that is on its way what was shown before, whatever its kind. Where the
 * scale reaches across epochs nothing new is shown before it is known: its colours would change at once.
 */
function createShown(state: State, data: Data): ReadonlySignal<Shown | null> {
  let last: Shown | null = null;
  return computed(() => {
    const now = data.part.value === null ? null : atHand(data);
    const scaling = state.acrossEpochs.value && data.overSteps.resource.value.status === "loading";
    if (now === null || (now !== "loading" && !scaling)) last = now;
    return last;
  });
}

function atHand(data: Data): Shown | "loading" | null {
  if (data.mode.value === "raster") return settled("raster", data.raster.resource.value);
  const windows = data.windows.resource.value;
  if (data.mode.value === "window" && windows.status !== "failed") {
    return settled("window", standingIn(windows, data.windowEnvelope.resource.value));
  }
  const strip = data.strip.resource.value;
  return settled("strip", standingIn(strip, data.envelope.resource.value));
}

/** While the whole is on its way, what is shown in passing, where that has come. */
function standingIn<P>(whole: Resource<P>, inPassing: Resource<P>): Resource<P> {
  return whole.status === "loading" && present(inPassing) !== null ? inPassing : whole;
}

function settled<K extends string, P>(
  kind: K,
  resource: Resource<P>,
): { readonly kind: K; readonly picture: P } | "loading" | null {
  if (resource.status === "ready") return { kind, picture: resource.value };
  return resource.status === "failed" ? null : "loading";
}

function peaksOf(shown: Shown | null): Float64Array | null {
  if (shown === null || shown.kind === "window") return null;
  const { maps } = shown.picture;
  return "gives" in maps && maps.gives !== "column" ? null : stripPeaks(maps);
}

interface ClassOrder {
  readonly order: readonly number[];
  readonly step: number | null;
}

function frozenClassOrder(
  state: State,
  data: Data,
  predictions: ReadonlySignal<Predictions | null>,
): ReadonlySignal<ClassOrder> {
  let made: ClassOrder & { readonly key: string } = { key: "", order: [], step: null };
  return computed(() => {
    const now = predictions.value;
    // The run of the scores, not the chosen one: the former scores stand while the new ones are on their way.
    const { run, file } = latest(data.predictions.resource.value) ?? {};
    const key = JSON.stringify([run, state.clipName.value, now?.classes]);
    if (now !== null && key !== made.key) {
      const entry = state.steps.peek()?.steps.find(({ record }) => record?.bundle?.file === file);
      made = { key, order: rankedClasses(now), step: entry?.step ?? null };
    }
    return made;
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
