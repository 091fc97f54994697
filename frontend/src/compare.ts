/**
 * B, which is what the panel has chosen, against A: cell by cell where both are one clip at two epochs of a run, else by the
 * numbers of each filter, since cells of two clips and filters that merely share a number have nothing to do with each other.
 */
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";

import type { Source } from "./api";
import { createCompareChoice, type CompareChoice } from "./compare_choice";
import { loadSide, type Side } from "./compare_side";
import { targetOf, type Problem } from "./compare_target";
import type { Data } from "./data";
import type { Derived, Shown } from "./derived";
import type { Picture } from "./pictures";
import { differenceOf, whyNoDifference, type Difference } from "./pure/difference";
import { paintDifference } from "./pure/difference_paint";
import type { Paint } from "./pure/draw";
import { layerScale, type LayerScale } from "./pure/scale";
import { byScore } from "./pure/sort";
import type { FilterState } from "./pure/statistics";
import { measured, type Measure } from "./pure/summaries";
import { latest, reasonOf, type Wanted } from "./resource";
import { createReturningLoader } from "./returning";
import type { Scope } from "./scope";
import { scaleFor } from "./shared_scale";
import type { State } from "./state";
import type { Steps } from "./types";

/** What tiles show: B - A, or A; while B is held up it stands on A's scale, whatever else. */
export type Showing = "difference" | "a" | "b";

/** One clip at two epochs. */
export interface Exact {
  readonly a: Shown;
  readonly b: Shown;
  /** B's place and shape, for the difference to be drawn in. */
  readonly frame: Shown;
  readonly difference: Difference;
  readonly paint: Paint;
  readonly scale: LayerScale;
}

export type Comparison =
  | { readonly status: "waiting" }
  | ({ readonly status: "problem"; readonly retry?: () => void } & Problem)
  | {
      readonly status: "ready";
      readonly side: Side;
      readonly b: Picture<unknown>;
      /** Null where only the filters' numbers are compared. */
      readonly exact: Exact | null;
      /** Why not cell by cell though it was to be. */
      readonly why: string | null;
    };

export type Ready = Extract<Comparison, { status: "ready" }>;

/** An order, and whether it is that of what is shown now. */
export interface CompareOrder {
  readonly filters: readonly number[];
  readonly current: boolean;
}

export interface Compare {
  readonly choice: CompareChoice;
  /** The steps of the other run that A may be of. */
  readonly otherSteps: ReadonlySignal<Steps | null>;
  /** Cell by cell, where that is what is shown. */
  readonly exact: ReadonlySignal<Exact | null>;
  /** While it is on its way the former one. */
  readonly comparison: ReadonlySignal<Comparison>;
  /** True while the former one stands in. */
  readonly stale: ReadonlySignal<boolean>;
  /** Filters by how much they differ; frozen until asked for, as others are. */
  readonly order: ReadonlySignal<CompareOrder | null>;
  readonly sortAgain: () => void;
  readonly showing: ReadonlySignal<Showing>;
  /** What tiles show while B is not held up. */
  readonly chosen: ReadonlySignal<"difference" | "a">;
  readonly show: (showing: "difference" | "a") => void;
  /** Holds B up, or no longer. */
  readonly blink: (on: boolean) => void;
  /** How A's maps are coloured, and B's where they blink in A's place; null where only numbers are shown. */
  readonly scaleOfA: ReadonlySignal<LayerScale | null>;
  readonly paintOfA: ReadonlySignal<Paint | null>;
  /** What the filters' numbers are sorted by. */
  readonly measure: Signal<Measure>;
}

export function createCompare(source: Source, state: State, data: Data, derived: Derived, scope: Scope): Compare {
  const choice = createCompareChoice(state, derived.verdicts);
  const isOpen = computed(() => state.view.value === "compare");

  const others = createReturningLoader(state, scope, (): Wanted<Steps> | null => {
    const run = choice.run.value;
    if (!isOpen.value || choice.kind.value !== "run" || run === null) return null;
    const entry = state.index.value?.runs.find((candidate) => candidate.run === run);
    return {
      key: JSON.stringify([run, entry?.last_step, entry?.wall_time]),
      load: async (abort) => source.steps(run, abort),
    };
  });
  const otherSteps = computed(() => {
    const steps = latest(others.resource.value);
    return steps?.run === choice.run.value ? steps : null;
  });
  const target = computed(() => targetOf(state, choice, otherSteps.value));

  const sides = createReturningLoader(state, scope, (): Wanted<Side> | "waiting" | null => {
    const [a, b] = [target.value, data.part.value];
    if (!isOpen.value || b === null) return null;
    if (a === "waiting" || b === "waiting" || state.moving.value) return "waiting";
    if ("what" in a) return null;
    const mode = choice.kind.value === "epoch" ? data.mode.value : null;
    return {
      key: JSON.stringify([a.run, a.record.bundle?.file, a.clip, b.run, b.file, b.probe, b.layer, mode]),
      load: async (abort) => loadSide(source, { target: a, b, mode }, abort),
    };
  });

  const exactOf = remembering(exactly);
  const now = computed((): Comparison => {
    const a = target.value;
    if (a !== "waiting" && "what" in a) return { status: "problem", ...a };
    const run = others.resource.value;
    if (run.status === "failed") return failed("The other run cannot be read.", run.reason, others.retry);
    const side = sides.resource.value;
    if (side.status === "failed") return failed("A cannot be shown.", side.reason, sides.retry);
    const b = derived.shown.value;
    if (side.status !== "ready" || b === null || derived.stale.value) return { status: "waiting" };
    const { maps, why } = side.value;
    const common = { status: "ready", side: side.value, b: b.picture } as const;
    if (maps === null) return { ...common, exact: null, why };
    if (maps.kind !== b.kind || ("fromEnvelope" in b.picture.maps && b.picture.maps.fromEnvelope)) {
      return { status: "waiting" };
    }
    const whyNot = whyNoDifference(maps.picture.maps, b.picture.maps);
    return { ...common, exact: whyNot === null ? exactOf(maps, b) : null, why: whyNot };
  });

  let last: Comparison = { status: "waiting" };
  const comparison = computed(() => {
    if (!isOpen.value) last = { status: "waiting" };
    else if (now.value.status !== "waiting" || derived.shown.value === null) last = now.value;
    return last;
  });
  const ready = computed(() => (comparison.value.status === "ready" ? comparison.value : null));
  const exact = computed(() => ready.value?.exact ?? null);

  const measure = signal<Measure>("strength");
  const request = signal(0);
  let made: { readonly key: string; readonly of: Ready; readonly filters: readonly number[] } | null = null;
  let given: CompareOrder | null = null;
  const order = computed((): CompareOrder | null => {
    const shown = ready.value;
    if (shown === null) return null;
    const { run, name } = shown.b;
    const { kind, step, clip, run: other, stepOfRun } = choice;
    const asked = [kind.value, step.value, clip.value, other.value, stepOfRun.value, request.value];
    const key = JSON.stringify([run, name, ...asked, shown.exact === null ? measure.value : null]);
    if (made?.key !== key) made = { key, of: shown, filters: byScore(sizesOf(shown, measure.value), null) };
    const current = isSame(made.of, shown);
    // Each answer of the server holds new entries of the same steps: tiles must not be drawn anew for that.
    if (given?.filters !== made.filters || given.current !== current) given = { filters: made.filters, current };
    return given;
  });

  const scaleOfA = computed(() => (exact.value === null ? null : scaleOf(state, exact.value.a)));
  const chosen = signal<"difference" | "a">("difference");
  const held = signal(false);

  return {
    choice,
    otherSteps,
    exact,
    comparison,
    stale: computed(() => isOpen.value && now.value !== comparison.value),
    order,
    sortAgain: () => {
      request.value += 1;
    },
    chosen,
    showing: computed(() => (held.value && isOpen.value ? "b" : chosen.value)),
    show: (showing) => {
      chosen.value = showing;
    },
    blink: (on) => {
      held.value = on;
    },
    scaleOfA,
    paintOfA: computed(() =>
      scaleOfA.value === null ? null : { map: state.colours.value, divisors: scaleOfA.value.divisors },
    ),
    measure,
  };
}

function failed(what: string, reason: unknown, retry: () => void): Comparison {
  return { status: "problem", what, why: reasonOf(reason), retry };
}

/** The same answer for the same two objects: what is drawn from it is kept with it. */
function remembering<A, B, T>(make: (a: A, b: B) => T): (a: A, b: B) => T {
  let last: { readonly a: A; readonly b: B; readonly made: T } | null = null;
  return (a, b) => {
    if (last?.a !== a || last.b !== b) last = { a, b, made: make(a, b) };
    return last.made;
  };
}

function exactly(a: Shown, b: Shown): Exact {
  const difference = differenceOf(a.picture.maps, b.picture.maps);
  const { largest, limit } = difference;
  const strengths = largest.map((size) => (Number.isNaN(size) ? 0 : size));
  const strongest = Math.max(0, ...strengths);
  return {
    a,
    b,
    frame: withStates(b, largest),
    difference,
    paint: { map: "magma", divisors: new Float64Array(largest.length).fill(limit), own: paintDifference(difference) },
    scale: {
      mode: "layer",
      acrossEpochs: false,
      divisors: new Float64Array(largest.length).fill(limit),
      strengths,
      strongest,
      lowest: -strongest,
      highest: strongest,
    },
  };
}

/** A filter that has fallen silent differs all the more: its head tells by how much. Where maxima lie is no difference. */
function withStates(shown: Shown, largest: Float64Array): Shown {
  const states = Array.from(largest, (size): FilterState => (Number.isNaN(size) ? "unknown" : "active"));
  switch (shown.kind) {
    case "strip":
      return { kind: "strip", picture: { ...shown.picture, states, maps: { ...shown.picture.maps, outside: null } } };
    case "window":
      return { kind: "window", picture: { ...shown.picture, states } };
    case "raster":
      return { kind: "raster", picture: { ...shown.picture, states, maps: { ...shown.picture.maps, outside: null } } };
  }
}

function sizesOf({ exact, side, b }: Ready, measure: Measure): ArrayLike<number> {
  if (exact !== null) return exact.difference.largest;
  const [before, after] = [measured(side.numbers.statistics, measure), measured(b.statistics, measure)];
  return after.map((value, filter) => Math.abs(value - (before[filter] ?? NaN)));
}

function isSame(one: Ready, other: Ready): boolean {
  return one.side === other.side && one.b.file === other.b.file && one.b.clip === other.b.clip;
}

function scaleOf(state: State, { picture: { statistics, manifest, maps } }: Shown): LayerScale {
  return layerScale(statistics, scaleFor(state, manifest.layout, maps.layer));
}
