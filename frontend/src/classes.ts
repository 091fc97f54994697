/** The table of classes of the chosen layer at the chosen epoch: made of one short array, whatever the number of clips. */
import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";

import type { Source } from "./api";
import type { Data } from "./data";
import type { Derived } from "./derived";
import {
  byPreferredClass,
  classColumns,
  classTable,
  CLIPS_OF_A_CLASS,
  CLIPS_OF_A_PART,
  rightAgainstWrong,
  strongestClip,
  type ClassColumn,
  type ClassTable,
} from "./pure/class_table";
import { classResponses, selectivity, whyNotSelective } from "./pure/selectivity";
import { meansOfProbes } from "./pure/statistics";
import { latest, present, type Resource, type Wanted } from "./resource";
import { createReturningLoader } from "./returning";
import type { Scope } from "./scope";
import type { State } from "./state";
import type { LayerLayout, Layout } from "./types";

interface Loaded {
  readonly run: string;
  readonly file: string;
  readonly step: number;
  readonly layout: Layout;
  readonly layer: LayerLayout;
  /** Mean of each filter over each clip, `[probes, filters]`. */
  readonly means: Float32Array;
}

export interface Classes {
  readonly layer: LayerLayout;
  readonly step: number;
  readonly table: ClassTable;
  /** Filters as they stand, from above. */
  readonly order: readonly number[];
  /** The step that the order was made for. */
  readonly orderedAt: number;
  readonly selectivity: ArrayLike<number>;
  /** The name of the clip to which a filter answers most of those that a column stands for. */
  readonly strongest: (filter: number, column: ClassColumn) => string | null;
}

export interface ClassesView {
  readonly shown: ReadonlySignal<Classes | null>;
  readonly resource: ReadonlySignal<Resource<unknown>>;
  readonly retry: () => void;
  /** Why there is no table; null where there is one or it is on its way. */
  readonly why: ReadonlySignal<string | null>;
  /** Names of classes that have too few clips to speak for them. */
  readonly fewClips: ReadonlySignal<readonly string[]>;
  /** Whether right and wrong clips are told apart, where that can be done. */
  readonly parted: ReadonlySignal<boolean>;
  /** Why they cannot be told apart in any class; null where they can. */
  readonly whyNotParted: ReadonlySignal<string | null>;
  readonly part: (on: boolean) => void;
  readonly sortAgain: () => void;
}

export function createClasses(source: Source, state: State, data: Data, derived: Derived, scope: Scope): ClassesView {
  const loader = createReturningLoader(state, scope, (): Wanted<Loaded> | "waiting" | null => {
    const [run, file, step] = [state.run.value, state.entry.value?.record?.bundle?.file, state.step.value];
    if (state.view.value !== "classes" || run === null || file === undefined || step === null) return null;
    const manifest = data.manifest.resource.value;
    const layout = present(manifest)?.layout;
    if (manifest.status === "failed") return null;
    if (layout === undefined || state.moving.value) return "waiting";
    const layer = layout.layers.find(({ name }) => name === state.layerName.value);
    if (layer === undefined) return null;
    return {
      key: JSON.stringify([run, file, layer.name]),
      load: async (abort) => {
        const statistics = await source.statistics(run, file, layer.name, abort);
        return { run, file, step, layout, layer, means: meansOfProbes(statistics) };
      },
    };
  });

  const loaded = computed(() => latest(loader.resource.value));
  const parted = signal(false);
  const columns = computed((): readonly ClassColumn[] => {
    const now = loaded.value;
    if (now === null) return [];
    const { filters } = now.layer;
    const logged = (clip: number): boolean =>
      now.means.subarray(clip * filters, (clip + 1) * filters).some((mean) => !Number.isNaN(mean));
    return classColumns(now.layout.probes, logged, now.layout.classes);
  });
  const parts = computed(() => {
    const verdicts = new Map(
      (state.layout.value?.probes ?? []).map(({ name }, place) => [name, derived.verdicts.value[place]?.kind]),
    );
    const probes = loaded.value?.layout.probes ?? [];
    return rightAgainstWrong(columns.value, (clip) => verdicts.get(probes[clip]?.name ?? "") ?? "unknown");
  });
  const whyNotParted = computed(() =>
    parts.value.some(({ part }) => part !== "all")
      ? null
      : `No class has ${CLIPS_OF_A_PART} right and ${CLIPS_OF_A_PART} wrong clips at this epoch`,
  );

  /** Orders stay as they were made, each layer's of each run: epochs go by without filters changing places. */
  const orders = new Map<string, { readonly step: number; readonly filters: readonly number[] }>();
  const asked = signal(0);
  const whole = computed(() => {
    const now = loaded.value;
    return now === null ? null : classTable(now.means, now.layer.filters, now.layout.probes, columns.value);
  });
  const order = computed(() => {
    const [now, table] = [loaded.value, whole.value];
    if (now === null || table === null) return null;
    const key = JSON.stringify([now.run, now.layer.name, now.layer.filters, asked.value]);
    const made = orders.get(key) ?? { step: now.step, filters: byPreferredClass(table) };
    orders.set(key, made);
    return made;
  });

  const shown = computed((): Classes | null => {
    const [now, table, made] = [loaded.value, whole.value, order.value];
    if (now === null || table === null || made === null || table.columns.length === 0) return null;
    const { filters } = now.layer;
    const { probes } = now.layout;
    return {
      layer: now.layer,
      step: now.step,
      table: parted.value ? classTable(now.means, filters, probes, parts.value) : table,
      order: made.filters,
      orderedAt: made.step,
      selectivity: selectivity(classResponses(probes, now.means, filters)).index,
      strongest: (filter, column) => {
        const clip = strongestClip(now.means, filters, filter, column);
        return clip === null ? null : (probes[clip]?.name ?? null);
      },
    };
  });

  return {
    shown,
    resource: loader.resource,
    retry: loader.retry,
    why: computed(() => whyNotSelective(state.layout.value?.probes ?? [], state.exported)),
    fewClips: computed(() =>
      columns.value.filter(({ clips }) => clips.length < CLIPS_OF_A_CLASS).map(({ name }) => name),
    ),
    parted,
    whyNotParted,
    part: (on) => {
      parted.value = on;
    },
    sortAgain: () => {
      batch(() => {
        orders.clear();
        asked.value += 1;
      });
    },
  };
}
