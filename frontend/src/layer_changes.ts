/** How much each layer changed for the chosen clip since the epoch logged before: two short arrays an epoch. */
import type { ReadonlySignal } from "@preact/signals";
import { computed } from "@preact/signals";

import type { Source } from "./api";
import type { Data } from "./data";
import type { Derived } from "./derived";
import { layerChange } from "./pure/layer_change";
import { latest, present, type Wanted } from "./resource";
import { createReturningLoader } from "./returning";
import type { Scope } from "./scope";
import { named, stepBefore } from "./selection";
import type { State } from "./state";
import type { Layout, StepEntry, StepRecord } from "./types";

export interface LayerChanges {
  readonly clip: string;
  /** The step that the changes are counted from. */
  readonly since: StepEntry;
  /** By the layer's name; a layer that was not there then, or was another, has none. */
  readonly of: ReadonlyMap<string, number>;
}

/** Null before the second logged epoch, and where a clip or epoch has nothing to compare. */
export function createLayerChanges(
  source: Source,
  state: State,
  data: Data,
  derived: Derived,
  scope: Scope,
): ReadonlySignal<LayerChanges | null> {
  const loader = createReturningLoader(state, scope, (): Wanted<LayerChanges> | "waiting" | null => {
    const [run, step, clip] = [state.run.value, state.step.value, state.clipName.value];
    const steps = state.steps.value?.steps ?? [];
    if (run === null || step === null || clip === null) return null;
    const before = stepBefore(steps, step, null);
    const since = steps.find((entry) => entry.step === before);
    const record = state.entry.value?.record;
    const former = since?.record;
    if (since === undefined || record?.bundle == null || former?.bundle == null) return null;
    const layout = present(data.manifest.resource.value)?.layout;
    // Of epochs that are dragged through nothing is asked, and of others the grid comes first.
    if (layout === undefined || state.moving.value || derived.stale.value) return "waiting";
    return {
      key: JSON.stringify([run, clip, record.bundle.file, former.bundle.file]),
      load: async (abort) => {
        const layoutThen =
          former.layout === record.layout
            ? layout
            : (await source.manifest(run, former.bundle?.file ?? "", abort)).layout;
        const of = await changes(source, { run, clip, abort }, [record, layout], [former, layoutThen]);
        return { clip, since, of };
      },
    };
  });
  return computed(() => latest(loader.resource.value));
}

interface Asked {
  readonly run: string;
  readonly clip: string;
  readonly abort: AbortSignal;
}

type Logged = readonly [record: StepRecord, layout: Layout];

async function changes(
  source: Source,
  { run, clip, abort }: Asked,
  [now, layout]: Logged,
  [then, layoutThen]: Logged,
): Promise<ReadonlyMap<string, number>> {
  const probe = named(layout.probes, clip);
  if (probe === null || named(layoutThen.probes, clip)?.identity !== probe.identity) return new Map();
  const [a, b] = await Promise.all(
    [now, then].map(({ bundle }) => source.probeStatistics(run, bundle?.file ?? "", clip, abort)),
  );
  if (a === undefined || b === undefined) return new Map();
  return new Map(
    layout.layers.flatMap((layer): [string, number][] => {
      const former = named(layoutThen.layers, layer.name);
      if (former?.kind !== layer.kind || former.filters !== layer.filters) return [];
      const change = layerChange(a, layer, b, former);
      return Number.isNaN(change) ? [] : [[layer.name, change]];
    }),
  );
}
