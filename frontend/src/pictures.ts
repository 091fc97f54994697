/** The maps of the chosen layer and clip, as strips, single windows or rows. */
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";

import type { Source } from "./api";
import {
  loadEnvelope,
  loadNumbers,
  loadRaster,
  loadStrip,
  loadWindowEnvelope,
  loadWindows,
  standIn,
  whyNoStrips,
  whyNoWindows,
  type LayerPart,
  type Progress,
} from "./layer_arrays";
import { readableFiles } from "./late";
import type { RasterData } from "./pure/raster";
import type { Extremes } from "./pure/scale";
import { extremesOverSteps, meansOfProbes } from "./pure/statistics";
import type { FilterState, LayerStatistics } from "./pure/statistics";
import type { ClipMaps, StripData, WindowData } from "./pure/values";
import type { Loader, Wanted } from "./resource";
import { stepBefore } from "./selection";
import type { Mode, State } from "./state";
import type { StepRecord } from "./types";

/** Whose maps these are. */
export interface Owner {
  readonly run: string;
  readonly clip: string;
  /** Of the layer. */
  readonly name: string;
}

/** Whether these are of one layer and clip, at whatever step. */
export function areSameMaps(a: Owner, b: Owner): boolean {
  return a.run === b.run && a.clip === b.clip && a.name === b.name;
}

/** Maps of one layer and clip, with all that is needed to draw them. */
export interface Picture<T> extends LayerPart, Owner {
  readonly step: number;
  readonly maps: T;
  /** Over this clip. */
  readonly statistics: LayerStatistics;
  /** Over every logged clip. */
  readonly states: readonly FilterState[];
}

/** How far the values of a layer and clip reach at any step up to the newest. */
export interface OverSteps extends Owner {
  readonly extremes: Extremes;
}

/** The mean of each filter of a layer over each clip of a step, `[probes, filters]`. */
export interface Means extends Owner {
  readonly step: number;
  readonly value: Float32Array;
}

export interface LoadingProgress {
  readonly what: string;
  readonly received: number;
  readonly total: number;
}

export interface Pictures {
  readonly strip: Loader<Picture<StripData>>;
  /** Maxima per window: what is shown while the epoch is dragged. */
  readonly envelope: Loader<Picture<StripData>>;
  readonly windows: Loader<Picture<WindowData>>;
  /** The same in the place of single windows. */
  readonly windowEnvelope: Loader<Picture<WindowData>>;
  readonly raster: Loader<Picture<RasterData>>;
  /** The same as is shown, of the epoch that changes are counted from; only while tiles are sorted by them. */
  readonly former: Loader<Picture<ClipMaps>>;
  /** Only while tiles are sorted by selectivity. */
  readonly means: Loader<Means>;
  /** A number per filter and window; only while tiles are sorted by the class that the clip was taken for. */
  readonly perWindow: Loader<Picture<RasterData>>;
  /** Statistics `[steps, filters, 6]` over all logged steps; only where the scale reaches across them. */
  readonly overSteps: Loader<OverSteps>;
  /** Set where strips are needed beside a raster, as an order may be made from them. */
  readonly needStrips: Signal<boolean>;
  /** The chosen mode, or where its arrays were not kept the next best. */
  readonly mode: ReadonlySignal<Mode>;
  /** Why Window mode has nothing to show for the present choice; null where it has. */
  readonly noWindows: ReadonlySignal<string | null>;
  /** The same of Strip mode. */
  readonly noStrips: ReadonlySignal<string | null>;
}

type Wish<T> = Wanted<T> | "waiting" | null;

interface PicturesOptions {
  readonly source: Source;
  readonly state: State;
  /** The chosen layer and clip of the chosen step. */
  readonly part: ReadonlySignal<LayerPart | "waiting" | null>;
  /** False while the epoch is dragged: then only the cheap arrays are wanted. */
  readonly resting: ReadonlySignal<boolean>;
  readonly loader: <T>(wanted: () => Wish<T>) => Loader<T>;
  readonly progress: Signal<LoadingProgress | null>;
}

export function createPictures({ source, state, part, resting, loader, progress }: PicturesOptions): Pictures {
  /** `kind` tells apart what is loaded of one part by the same loader. */
  function wished<T>(load: (own: LayerPart, abort: AbortSignal) => Promise<T>, kind = ""): Wish<Picture<T>> {
    const own = part.value;
    if (own === null || own === "waiting") return own;
    return {
      key: JSON.stringify([own.run, own.file, own.probe, own.layer, kind]),
      load: (abort) => loadPicture(source, own, load, abort),
    };
  }

  let told: object | null = null;
  /** Reports on one load, until it ends or another begins: what was broken off has no more to say. */
  async function reported<T>(what: string, load: (report: Progress) => Promise<T>): Promise<T> {
    const own = {};
    told = own;
    progress.value = { what, received: 0, total: 0 };
    try {
      return await load((received, total) => {
        if (told === own) progress.value = { what, received, total };
      });
    } finally {
      if (told === own) progress.value = null;
    }
  }

  // While the manifest is on its way the former reason stands: parts must not change places for a moment.
  const whyNot = (reason: (own: LayerPart) => string | null): ReadonlySignal<string | null> => {
    let last: string | null = null;
    return computed(() => {
      const own = part.value;
      if (own !== "waiting") last = own === null ? null : reason(own);
      return last;
    });
  };
  const noWindows = whyNot(whyNoWindows);
  const noStrips = whyNot(whyNoStrips);
  const mode = computed(() => standIn(state.mode.value, noWindows.value, noStrips.value));

  const windows = loader(() => {
    if (mode.value !== "window") return null;
    if (!resting.value) return "waiting";
    return wished((own, abort) =>
      reported(`the windows of layer ${ownerOf(own).name}`, (report) => loadWindows(source, own, abort, report)),
    );
  });
  const needStrips = signal(false);
  const isInspected = () => state.inspected.value !== null && noStrips.value === null;
  const strip = loader(() => {
    // Strips stand in for windows that cannot be read.
    const shown = mode.value === "strip" || (mode.value === "window" && windows.resource.value.status === "failed");
    if (!shown && !needStrips.value && !isInspected()) return null;
    if (!resting.value) return "waiting";
    return wished((own, abort) =>
      reported(`layer ${ownerOf(own).name}`, (report) => loadStrip(source, own, abort, report)),
    );
  });
  const inPassing = <T>(
    shown: Mode,
    whole: Loader<unknown>,
    load: (source: Source, own: LayerPart, abort: AbortSignal) => Promise<T>,
  ) => {
    let dragged = false;
    return loader(() => {
      if (state.moving.value) dragged = true;
      // After the drag they stay until the whole has come, so that nothing older shows in between.
      else if (whole.resource.value.status !== "loading") dragged = false;
      return dragged && mode.value === shown ? wished((own, abort) => load(source, own, abort)) : null;
    });
  };
  const envelope = inPassing("strip", strip, loadEnvelope);
  const windowEnvelope = inPassing("window", windows, loadWindowEnvelope);
  const raster = loader(() => {
    if (mode.value !== "raster") return null;
    const quick = !resting.value;
    return wished(
      (own, abort) =>
        reported(`layer ${ownerOf(own).name}`, (report) => loadRaster(source, own, { abort, progress: report, quick })),
      quick ? "quick" : "",
    );
  });

  const former = loader((): Wish<Picture<ClipMaps>> => {
    const own = part.value;
    const steps = state.steps.value?.steps ?? [];
    if (state.sort.value !== "change" || state.moving.value || own === null || own === "waiting") return null;
    const since = stepBefore(steps, own.manifest.step, state.since.value);
    const record = steps.find(({ step }) => step === since)?.record ?? null;
    if (since === null || record === null) return null;
    const rows = mode.value === "raster";
    const owner = ownerOf(own);
    return {
      key: JSON.stringify([owner, record.bundle?.file, rows]),
      load: async (abort) => {
        const then = await partOf(source, record, owner, abort);
        const load = async (at: LayerPart): Promise<ClipMaps> =>
          rows
            ? loadRaster(source, at, { abort, progress: () => undefined, quick: false })
            : loadStrip(source, at, abort, () => undefined);
        return loadPicture(source, then, load, abort);
      },
    };
  });

  const means = loader((): Wish<Means> => {
    const own = part.value;
    if (state.sort.value !== "selectivity" || !resting.value || own === null || own === "waiting") return null;
    const owner = ownerOf(own);
    const { run, file, manifest } = own;
    return {
      key: JSON.stringify([owner, file]),
      load: async (abort) => {
        const statistics = await source.statistics(run, file, owner.name, abort);
        return { ...owner, step: manifest.step, value: meansOfProbes(statistics) };
      },
    };
  });

  const perWindow = loader(() => {
    if (state.sort.value !== "taken" || !resting.value) return null;
    return wished(async (own, abort) => loadRaster(source, own, { abort, progress: () => undefined, quick: true }));
  });

  const overSteps = loader((): Wish<OverSteps> => {
    const own = part.value;
    const steps = state.steps.value?.steps ?? [];
    const last = steps.at(-1)?.step;
    if (!state.acrossEpochs.value || own === null || own === "waiting" || last === undefined) return null;
    const owner = ownerOf(own);
    const { run, clip, name } = owner;
    return {
      key: JSON.stringify([owner, last, readableFiles(steps)]),
      load: async (abort) => {
        const statistics = await source.overSteps(run, last, clip, name, abort);
        return { ...owner, extremes: extremesOverSteps(statistics) };
      },
    };
  });

  return {
    strip,
    envelope,
    windows,
    windowEnvelope,
    raster,
    former,
    means,
    perWindow,
    overSteps,
    needStrips,
    mode,
    noWindows,
    noStrips,
  };
}

/** Loads maps and joins them to what their filters' statistics say. */
export async function loadPicture<T>(
  source: Source,
  own: LayerPart,
  load: (own: LayerPart, abort: AbortSignal) => Promise<T>,
  abort: AbortSignal,
): Promise<Picture<T>> {
  const [maps, { statistics, states }] = await Promise.all([load(own, abort), loadNumbers(source, own, abort)]);
  return { ...own, ...ownerOf(own), step: own.manifest.step, maps, statistics, states };
}

export function ownerOf({ run, manifest: { layout }, probe, layer }: LayerPart): Owner {
  return { run, clip: layout.probes[probe]?.name ?? "", name: layout.layers[layer]?.name ?? "" };
}

/** The layer and clip of these names at another step. */
export async function partOf(
  source: Source,
  { bundle, probes: probesFile }: StepRecord,
  { run, clip, name }: Owner,
  abort: AbortSignal,
): Promise<LayerPart> {
  if (bundle === null) throw new Error("No maps were kept at that epoch.");
  const [manifest, { probes }] = await Promise.all([
    source.manifest(run, bundle.file, abort),
    source.probes(run, probesFile, abort),
  ]);
  return {
    run,
    file: bundle.file,
    manifest,
    probe: manifest.layout.probes.findIndex((probe) => probe.name === clip),
    layer: manifest.layout.layers.findIndex((layer) => layer.name === name),
    times: probes.find((probe) => probe.name === clip)?.times ?? [],
  };
}
