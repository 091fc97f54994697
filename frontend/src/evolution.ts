/** How filters became what they are: the maps of a few epochs, one after the other as they come. */
import { computed, effect, signal, untracked, type ReadonlySignal } from "@preact/signals";

import type { Source } from "./api";
import type { Data } from "./data";
import type { Shown } from "./derived";
import { isAbort } from "./errors";
import { readableFiles, whileFailed } from "./late";
import { whyNoStrips, type LayerPart } from "./layer_arrays";
import { loadShown } from "./load_shown";
import { ownerOf, partOf } from "./pictures";
import type { Paint } from "./pure/draw";
import { aroundChanges, evenly, filterChanges } from "./pure/epochs";
import type { NpyArray } from "./pure/npy";
import { layerScale, type Extremes, type ScaleMode } from "./pure/scale";
import { extremesOverSteps } from "./pure/statistics";
import { isScalarLayer } from "./pure/values";
import { latest, reasonOf, type Wanted } from "./resource";
import { createReturningLoader } from "./returning";
import type { Scope } from "./scope";
import { scaleFor } from "./shared_scale";
import type { State } from "./state";
import type { StepEntry } from "./types";

/** One epoch: its maps, null while they are on their way, or why there are none. */
export interface EvolutionRow {
  readonly entry: StepEntry;
  readonly shown: Shown | string | null;
}

export interface Evolution {
  readonly rows: ReadonlySignal<readonly EvolutionRow[]>;
  /** How many epochs they were chosen from. */
  readonly among: ReadonlySignal<number>;
  readonly scale: ReadonlySignal<ScaleMode>;
  /** One scale for all of them; null until it is known. */
  readonly paint: ReadonlySignal<Paint | null>;
  /** Why the scale is of the rows alone, or null. */
  readonly problem: ReadonlySignal<string | null>;
}

/** Statistics `[steps, filters, 6]`, and which step each row is of. */
interface OverSteps {
  readonly steps: readonly number[];
  readonly statistics: NpyArray;
}

/** What is wanted: these epochs of one layer and clip. */
interface Choice {
  readonly key: string;
  readonly part: LayerPart;
  readonly entries: readonly StepEntry[];
}

export function createEvolution(source: Source, state: State, data: Data, scope: Scope): Evolution {
  const among = computed(() => withMaps(state.steps.value?.steps ?? []).length);
  // While another epoch's manifest is on its way the former one serves as well: nothing must flicker.
  let lastPart: LayerPart | null = null;
  const part = computed((): LayerPart | null => {
    const own = state.inspected.value === null || among.value === 0 ? null : data.part.value;
    if (own !== "waiting") lastPart = own;
    return lastPart;
  });

  const filter = computed(() => (state.spacing.value === "change" ? state.inspected.value : null));
  // Who looks back must not have epochs and colours change under the hand as new ones come.
  let seen: { readonly of: string; readonly steps: readonly StepEntry[] } | null = null;
  const steps = computed(() => {
    const all = state.steps.value?.steps ?? [];
    const of = part.value === null ? "" : JSON.stringify([ownerOf(part.value), filter.value]);
    if (seen?.of !== of || state.following.value) seen = { of, steps: all };
    return seen.steps;
  });

  const loader = createReturningLoader(state, scope, (): Wanted<OverSteps> | null => {
    const own = part.value;
    const logged = steps.value;
    const last = logged.at(-1)?.step;
    if (own === null || last === undefined) return null;
    const { run, clip, name } = ownerOf(own);
    return {
      key: JSON.stringify([run, clip, name, last, readableFiles(logged)]),
      load: async (abort) => ({
        steps: logged.map(({ step }) => step),
        statistics: await source.overSteps(run, last, clip, name, abort),
      }),
    };
  });
  const overSteps = computed(() => latest(loader.resource.value));

  const choice = computed((): Choice | null => {
    const own = part.value;
    const entries = own === null ? null : chosen(withMaps(steps.value), filter.value, overSteps.value);
    if (own === null || entries === null) return null;
    const key = JSON.stringify([ownerOf(own), entries.map(({ record }) => record?.bundle?.file)]);
    return { key, part: own, entries };
  });
  const choiceKey = computed(() => choice.value?.key ?? null);

  const loaded = signal<ReadonlyMap<string, Shown | string>>(new Map());
  // Each answer of the server says anew that it is there: what is under way must not be broken off for that.
  const isGone = computed(() => state.connection.value.status === "gone");
  let pending: AbortController | null = null;
  function start(): void {
    const wanted = choice.peek();
    if (wanted === null) return;
    const own = new AbortController();
    pending = own;
    void load(wanted, own.signal).then(() => {
      if (pending === own) pending = null;
    });
  }
  scope.onClose(() => pending?.abort());
  scope.onClose(
    effect(() => {
      const key = choiceKey.value;
      const stopped = isGone.value;
      pending?.abort();
      pending = null;
      if (key !== null && !stopped) untracked(start);
    }),
  );
  const failed = () => ([...loaded.peek().values()].some((shown) => typeof shown === "string") ? loaded.peek() : null);
  scope.onClose(
    whileFailed(state, failed, () => {
      if (pending === null) start();
    }),
  );

  /** What is at hand of the same maps stays; what failed is tried again, and stands until there is something else to say. */
  async function load({ part: own, entries }: Choice, abort: AbortSignal): Promise<void> {
    const keys = entries.map((entry) => keyOf(own, entry));
    const kept = [...loaded.peek()].filter(([key]) => keys.includes(key));
    if (kept.length < loaded.peek().size) loaded.value = new Map(kept);
    for (const entry of entries) {
      const key = keyOf(own, entry);
      const former = loaded.peek().get(key);
      if (former !== undefined && typeof former !== "string") continue;
      const shown = await loadRow(source, own, entry, abort).catch((error: unknown) =>
        isAbort(error) ? null : reasonOf(error),
      );
      if (abort.aborted || shown === null) return;
      if (shown !== former) loaded.value = new Map([...loaded.peek(), [key, shown]]);
    }
  }

  const rows = computed((): readonly EvolutionRow[] => {
    const now = choice.value;
    if (now === null) return [];
    return now.entries.map((entry) => ({ entry, shown: loaded.value.get(keyOf(now.part, entry)) ?? null }));
  });
  const problem = computed(() => {
    const statistics = loader.resource.value;
    return statistics.status === "failed" ? statistics.reason : null;
  });
  const extremes = computed((): Extremes | null => {
    const statistics = overSteps.value?.statistics;
    if (statistics !== undefined) return extremesOverSteps(statistics);
    if (problem.value === null) return null;
    return rowsExtremes(rows.value);
  });
  const scale = computed((): ScaleMode => {
    const { manifest, layer: place } = part.value ?? {};
    const layer = manifest?.layout.layers[place ?? -1];
    return manifest === undefined || layer === undefined ? state.scale.value : scaleFor(state, manifest.layout, layer);
  });
  const paint = computed((): Paint | null => {
    const reach = extremes.value;
    if (reach === null) return null;
    return { map: state.colours.value, divisors: layerScale(reach, scale.value).divisors };
  });
  return { rows, among, scale, paint, problem };
}

/** None where it is a single one. */
function withMaps(steps: readonly StepEntry[]): readonly StepEntry[] {
  const kept = steps.filter(({ record, problem }) => problem === null && record?.bundle != null);
  return kept.length < 2 ? [] : kept;
}

/** Null while what the choice needs is on its way. */
function chosen(
  all: readonly StepEntry[],
  filter: number | null,
  known: OverSteps | null,
): readonly StepEntry[] | null {
  const places = all.map((_, place) => place);
  const picked = (chosenPlaces: readonly number[]) => chosenPlaces.flatMap((place) => all[place] ?? []);
  if (filter === null) return picked(evenly(places));
  if (known === null) return null;
  const rowsOf = all.map(({ step }) => known.steps.indexOf(step));
  return picked(aroundChanges(places, filterChanges(known.statistics, rowsOf, filter)));
}

function keyOf(part: LayerPart, { record }: StepEntry): string {
  return JSON.stringify([ownerOf(part), record?.bundle?.file]);
}

async function loadRow(source: Source, own: LayerPart, { record }: StepEntry, abort: AbortSignal): Promise<Shown> {
  if (record === null) throw new Error("its record cannot be read");
  const then = await partOf(source, record, ownerOf(own), abort);
  const [clip, clipThen] = [own, then].map(({ manifest, probe }) => manifest.layout.probes[probe]);
  const [layer, layerThen] = [own, then].map((each) => each.manifest.layout.layers[each.layer]);
  if (clipThen === undefined || layerThen === undefined) throw new Error("not logged at this epoch");
  if (clip?.identity !== clipThen.identity) throw new Error("another clip had this name");
  if (layer?.filters !== layerThen.filters || layer.kind !== layerThen.kind) {
    throw new Error("another layer had this name");
  }
  return loadShown(source, then, isScalarLayer(layerThen) || whyNoStrips(then) !== null ? "raster" : "strip", abort);
}

/** How far the values of the epochs that have come reach. */
function rowsExtremes(rows: readonly EvolutionRow[]): Extremes | null {
  const all = rows.flatMap(({ shown }) =>
    shown === null || typeof shown === "string" ? [] : [shown.picture.statistics],
  );
  const [first] = all;
  if (first === undefined) return null;
  const over = (pick: "min" | "max", best: (...values: number[]) => number) =>
    Float64Array.from(first[pick], (_, filter) => best(...all.map((each) => each[pick][filter] ?? NaN)));
  return { min: over("min", Math.min), max: over("max", Math.max) };
}
