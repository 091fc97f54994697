/** The arrays that the present choice needs, each loaded on its own, so that one that is damaged leaves the rest alone. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";

import type { PlainMember, Source } from "./api";
import { findPart, loadEnvelope, loadStrip, loadWindows, whyNoWindows, type LayerPart } from "./layer_arrays";
import type { NpyArray } from "./pure/npy";
import { filterStates, layerStatistics, type FilterState, type LayerStatistics } from "./pure/statistics";
import type { StripData, WindowData } from "./pure/values";
import { createLoader, latest, present, type Loader, type Wanted } from "./resource";
import { whenOver } from "./returning";
import type { Scope } from "./scope";
import { named } from "./selection";
import type { State } from "./state";
import type { LayerLayout, Layout, Member, ProbeEntry, ProbesManifest, StepManifest } from "./types";

/** An array together with what it belongs to. */
export interface Of<T> {
  readonly run: string;
  readonly file: string;
  readonly layout: Layout;
  readonly value: T;
}

/** The clips as the file describes them that they were logged with. */
export interface Clips extends ProbesManifest {
  readonly file: string;
}

/** Maps of one layer and clip, with all that is needed to draw them. */
export interface Picture<T> extends LayerPart {
  readonly step: number;
  readonly name: LayerLayout["name"];
  readonly clip: string;
  readonly maps: T;
  /** Over this clip. */
  readonly statistics: LayerStatistics;
  /** Over every logged clip. */
  readonly states: readonly FilterState[];
}

export interface LoadingProgress {
  readonly what: string;
  readonly received: number;
  readonly total: number;
}

export interface Data {
  readonly manifest: Loader<StepManifest>;
  readonly probes: Loader<Clips>;
  /** Those of the chosen step; null while they are on their way. */
  readonly clips: ReadonlySignal<Clips | null>;
  /** The chosen clip as its probe bundle describes it. */
  readonly probe: ReadonlySignal<ProbeEntry | null>;
  readonly predictions: Loader<Of<NpyArray>>;
  readonly image: Loader<NpyArray>;
  readonly waveform: Loader<NpyArray>;
  readonly strip: Loader<Picture<StripData>>;
  /** Maxima per window: what is shown while the epoch is dragged. */
  readonly envelope: Loader<Picture<StripData>>;
  readonly windows: Loader<Picture<WindowData>>;
  /** Why Window mode has nothing to show for the present choice; null where it has. */
  readonly noWindows: ReadonlySignal<string | null>;
  /** What is chosen and was not logged at this epoch, by kind and name. */
  readonly missing: ReadonlySignal<readonly string[]>;
  /** What is on its way, for the one who waits. */
  readonly progress: ReadonlySignal<LoadingProgress | null>;
}

/** A drag that rests this long wants the whole strip. */
const REST_MILLISECONDS = 80;

export function createData(source: Source, state: State, scope: Scope): Data {
  const progress = signal<LoadingProgress | null>(null);
  const loaders: Loader<unknown>[] = [];
  const loader = <T>(wanted: () => Wanted<T> | "waiting" | null): Loader<T> => {
    const made = createLoader(wanted);
    scope.onClose(made.close);
    loaders.push(made);
    return made;
  };
  // A server that has just started answers before it has read the log.
  const troubled = () => state.connection.value.status === "gone" || state.stepsProblem.value !== null;
  const retryFailed = () => {
    for (const each of loaders) if (each.resource.peek().status === "failed") each.retry();
  };
  scope.onClose(whenOver(troubled, retryFailed));

  const bundle = computed(() => {
    const run = state.run.value;
    const record = state.entry.value?.record ?? null;
    if (run === null || record === null) return null;
    return { run, step: state.step.value ?? 0, file: record.bundle?.file ?? null, probes: record.probes };
  });

  const manifest = loader<StepManifest>(() => {
    const at = bundle.value;
    if (at?.file == null) return null;
    const { run, file } = at;
    return { key: JSON.stringify([run, file]), load: (abort) => source.manifest(run, file, abort) };
  });
  scope.onClose(
    effect(() => {
      const latestManifest = latest(manifest.resource.value);
      state.useLayout(latestManifest?.layout ?? null);
    }),
  );

  const probes = loader<Clips>(() => {
    const at = bundle.value;
    if (at === null) return null;
    const { run, probes: file } = at;
    return {
      key: JSON.stringify([run, file]),
      load: async (abort) => ({ ...(await source.probes(run, file, abort)), file }),
    };
  });
  // The same clip lies elsewhere in another file: nothing of one may be read by what the other says.
  const clips = computed(() => {
    const known = present(probes.resource.value);
    return known?.file === bundle.value?.probes ? known : null;
  });
  const probe = computed(() => named(latest(probes.resource.value)?.probes ?? [], state.clipName.value));

  const plain = (name: PlainMember): Loader<Of<NpyArray>> =>
    loader(() => {
      const at = bundle.value;
      const known = manifest.resource.value;
      if (at?.file == null || known.status === "failed") return null;
      const { run, file } = at;
      const layout = present(known)?.layout;
      if (layout === undefined) return "waiting";
      return {
        key: JSON.stringify([run, file]),
        load: async (abort) => ({ run, file, layout, value: await source.member(run, file, name, { signal: abort }) }),
      };
    });
  const predictions = plain("predictions.npy");

  const ofProbe = (pick: (entry: ProbeEntry) => Member | null): Loader<NpyArray> =>
    loader(() => {
      const at = bundle.value;
      if (at === null || probes.resource.value.status === "failed") return null;
      if (clips.value === null) return "waiting";
      const entry = probe.value;
      if (entry === null) return null;
      const member = pick(entry);
      if (member === null) return null;
      const { run, probes: file } = at;
      return {
        key: JSON.stringify([run, file, member.name]),
        load: (abort) => source.member(run, file, member, { signal: abort }),
      };
    });

  const part = computed((): LayerPart | "waiting" | null => {
    const at = bundle.value;
    const known = manifest.resource.value;
    if (at?.file == null || known.status === "failed" || probes.resource.value.status === "failed") return null;
    const value = present(known);
    if (value === null || clips.value === null) return "waiting";
    const entry = probe.value;
    const probeIndex = value.layout.probes.findIndex(({ name }) => name === state.clipName.value);
    const layer = value.layout.layers.findIndex(({ name }) => name === state.layerName.value);
    if (entry === null || probeIndex < 0 || layer < 0) return null;
    return { run: at.run, file: at.file, manifest: value, probe: probeIndex, layer, times: entry.times };
  });

  const missing = computed((): readonly string[] => {
    const layout = present(manifest.resource.value)?.layout;
    if (layout === undefined) return [];
    const { clipName, layerName } = state;
    return [
      ...(named(layout.probes, clipName.value) === null ? [`clip ${clipName.value ?? ""}`] : []),
      ...(named(layout.layers, layerName.value) === null ? [`layer ${layerName.value ?? ""}`] : []),
    ];
  });

  /** The chosen layer and clip of the chosen step. */
  function ofLayer<T>(
    load: (own: LayerPart, abort: AbortSignal) => Promise<T>,
  ): () => Wanted<Picture<T>> | "waiting" | null {
    return () => {
      const own = part.value;
      if (own === null || own === "waiting") return own;
      return {
        key: JSON.stringify([own.run, own.file, own.probe, own.layer]),
        load: async (abort) => {
          const { layer } = findPart(own);
          const [maps, statistics] = await Promise.all([
            load(own, abort),
            source.member(own.run, own.file, "statistics.npy", { signal: abort }),
          ]);
          return {
            ...own,
            step: own.manifest.step,
            name: layer.name,
            clip: own.manifest.layout.probes[own.probe]?.name ?? "",
            maps,
            statistics: layerStatistics(statistics, own.probe, layer),
            states: filterStates(statistics, layer),
          };
        },
      };
    };
  }

  /** Reports on one load and clears the report when it ends. */
  async function reported<T>(
    what: string,
    load: (report: (received: number, total: number) => void) => Promise<T>,
  ): Promise<T> {
    const clear = () => {
      if (progress.peek()?.what === what) progress.value = null;
    };
    progress.value = { what, received: 0, total: 0 };
    try {
      return await load((received, total) => {
        progress.value = { what, received, total };
      });
    } finally {
      clear();
    }
  }

  const strip = loader(
    ofLayer(async (own, abort) => {
      if (state.moving.peek()) await rest(scope, abort);
      return reported(`layer ${nameOf(own)}`, (report) => loadStrip(source, own, abort, report));
    }),
  );
  const wantedEnvelope = ofLayer((own, abort) => loadEnvelope(source, own, abort));
  let dragged = false;
  const envelope = loader(() => {
    if (state.moving.value) dragged = true;
    // After the drag it stays until the strip has come, so that nothing older shows in between.
    else if (strip.resource.value.status !== "loading") dragged = false;
    return dragged ? wantedEnvelope() : null;
  });

  const noWindows = computed(() => (part.value === null || part.value === "waiting" ? null : whyNoWindows(part.value)));
  const wantedWindows = ofLayer((own, abort) =>
    reported(`the windows of layer ${nameOf(own)}`, (report) => loadWindows(source, own, abort, report)),
  );
  const windows = loader(() => (state.mode.value === "window" && noWindows.value === null ? wantedWindows() : null));

  return {
    manifest,
    probes,
    clips,
    probe,
    predictions,
    image: ofProbe((entry) => entry.image),
    waveform: ofProbe((entry) => entry.waveform),
    strip,
    envelope,
    windows,
    noWindows,
    missing,
    progress,
  };
}

function nameOf({ manifest, layer }: LayerPart): string {
  return manifest.layout.layers[layer]?.name ?? "";
}

async function rest(scope: Scope, abort: AbortSignal): Promise<void> {
  const own = scope.child();
  try {
    await new Promise<void>((resolve, reject) => {
      own.timeout(REST_MILLISECONDS, resolve);
      own.listen(abort, "abort", () => {
        reject(new DOMException("The drag went on.", "AbortError"));
      });
    });
  } finally {
    own.close();
  }
}
