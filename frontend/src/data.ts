/** The arrays that the present choice needs, each loaded on its own, so that one that is damaged leaves the rest alone. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";

import type { NumbersOf, PlainMember, Source } from "./api";
import type { LayerPart } from "./layer_arrays";
import type { NpyArray } from "./pure/npy";
import { createPace } from "./pace";
import { createPictures, type LoadingProgress, type Pictures } from "./pictures";
import { latest, present, type Loader, type Wanted } from "./resource";
import { createReturningLoader } from "./returning";
import type { Scope } from "./scope";
import { named } from "./selection";
import type { State } from "./state";
import type { Layout, Member, ProbeEntry, ProbesManifest, StepManifest } from "./types";

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

/** Files of the step whose arrays are wanted. */
interface Bundle {
  readonly run: string;
  readonly file: string | null;
  readonly probes: string;
}

export interface Data extends Pictures {
  readonly manifest: Loader<StepManifest>;
  readonly probes: Loader<Clips>;
  /** Those of the chosen step; null while they are on their way. */
  readonly clips: ReadonlySignal<Clips | null>;
  /** The chosen clip as its probe bundle describes it. */
  readonly probe: ReadonlySignal<ProbeEntry | null>;
  /** The chosen layer and clip of the chosen step; null where there is none to show. */
  readonly part: ReadonlySignal<LayerPart | "waiting" | null>;
  readonly predictions: Loader<Of<NpyArray>>;
  readonly image: Loader<NpyArray>;
  readonly waveform: Loader<NpyArray>;
  /** What is chosen and was not logged at this epoch, by kind and name. */
  readonly missing: ReadonlySignal<readonly string[]>;
  /** True while anything that the choice needs is on its way. */
  readonly busy: ReadonlySignal<boolean>;
  /** What is on its way, for the one who waits. */
  readonly progress: ReadonlySignal<LoadingProgress | null>;
}

export function createData(source: Source, state: State, scope: Scope): Data {
  const progress = signal<LoadingProgress | null>(null);
  const loaders: Loader<unknown>[] = [];
  const loader = <T>(wanted: () => Wanted<T> | "waiting" | null): Loader<T> => {
    const made = createReturningLoader(state, scope, wanted);
    loaders.push(made);
    return made;
  };
  const busy = computed(() => loaders.some(isLoading));

  const inPassing: Loader<unknown>[] = [];
  const pace = createPace(state, scope, () => inPassing.some(isLoading));
  // Each answer of the server holds new entries of the same steps: what is shown must not be drawn anew for that.
  let last: Bundle | null = null;
  const bundle = computed((): Bundle | null => {
    const run = state.run.value;
    const record = pace.entry.value?.record ?? null;
    if (run === null || record === null) return null;
    const now = { run, file: record.bundle?.file ?? null, probes: record.probes };
    if (last?.run !== now.run || last.file !== now.file || last.probes !== now.probes) last = now;
    return last;
  });

  const chosenPart = (): NumbersOf | null => {
    const [probe, layer] = [state.clipName.peek(), state.layerName.peek()];
    return probe === null || layer === null ? null : { probe, layer };
  };
  const manifest = loader<StepManifest>(() => {
    const at = bundle.value;
    if (at?.file == null) return null;
    const { run, file } = at;
    return {
      key: JSON.stringify([run, file]),
      load: (abort) => source.manifest(run, file, abort, pace.resting.peek() ? null : chosenPart()),
    };
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

  const pictures = createPictures({ source, state, part, resting: pace.resting, loader, progress });
  inPassing.push(manifest, probes, predictions, pictures.envelope, pictures.windowEnvelope, pictures.raster);

  return {
    manifest,
    probes,
    clips,
    probe,
    part,
    predictions,
    image: ofProbe((entry) => entry.image),
    waveform: ofProbe((entry) => entry.waveform),
    missing,
    busy,
    // Nobody waits for what is asked for once more unseen.
    progress: computed(() => (busy.value ? progress.value : null)),
    ...pictures,
  };
}

function isLoading({ resource }: Loader<unknown>): boolean {
  return resource.value.status === "loading";
}
