/** What is shown of the inspected filter: its strip, its single windows, its kernel; and what the pointer reads of them. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";

import type { Source } from "./api";
import type { Data } from "./data";
import type { Derived, Shown } from "./derived";
import type { Finding } from "./finding";
import { chunkWith, loadWindows } from "./layer_arrays";
import { loadPicture, type Picture } from "./pictures";
import { pointAt, type Pointed } from "./pointing";
import type { Paint } from "./pure/draw";
import { kernelOf, type Kernel } from "./pure/kernel";
import type { NpyArray } from "./pure/npy";
import { layerScale } from "./pure/scale";
import type { WindowData } from "./pure/values";
import { latest, type Wanted } from "./resource";
import { createReturningLoader } from "./returning";
import type { Scope } from "./scope";
import { scaleFor } from "./shared_scale";
import type { State } from "./state";

/** One large map. */
export interface Inspected {
  readonly filter: number;
  readonly shown: Shown;
  readonly paint: Paint;
}

/** A point of one of the large maps, as fractions from its top left. */
export interface InspectedPoint {
  readonly of: "strip" | "window";
  readonly x: number;
  readonly y: number;
}

export interface Inspection {
  /** The clip-long map: a strip or, where none was kept, a row; null while it is on its way and where there is neither. */
  readonly strip: ReadonlySignal<Inspected | null>;
  readonly window: ReadonlySignal<Inspected | null>;
  readonly kernel: ReadonlySignal<Kernel | null>;
  /** Why it is not there, or null. */
  readonly noStrip: ReadonlySignal<string | null>;
  readonly noWindow: ReadonlySignal<string | null>;
  readonly noKernel: ReadonlySignal<string | null>;
  /** What the pointer reads; null where it is on neither map. */
  readonly pointed: ReadonlySignal<Pointed | null>;
  readonly point: (at: InspectedPoint | null) => void;
  /** Goes on by `distance` filters as they stand in the grid. */
  readonly move: (distance: number) => void;
  /** Opens with the filter that was found or else the first one of the grid, or closes. */
  readonly toggle: () => void;
}

interface InspectionOptions {
  readonly source: Source;
  readonly state: State;
  readonly data: Data;
  readonly derived: Derived;
  readonly window: ReadonlySignal<number | null>;
  readonly found: Finding["found"];
  readonly scope: Scope;
}

export function createInspection({
  source,
  state,
  data,
  derived,
  window,
  found,
  scope,
}: InspectionOptions): Inspection {
  const ownPart = () => (state.inspected.value === null || data.part.value === "waiting" ? null : data.part.value);

  const { resource: chunk } = createReturningLoader(state, scope, (): Wanted<Picture<WindowData>> | null => {
    const part = ownPart();
    const filter = state.inspected.value;
    if (part === null || filter === null || state.moving.value || data.mode.value === "window") return null;
    const member = chunkWith(part, filter);
    if (member === null) return null;
    return {
      key: JSON.stringify([part.run, part.file, member]),
      load: async (abort) =>
        loadPicture(source, part, (own, ended) => loadWindows(source, own, ended, () => undefined, filter), abort),
    };
  });
  const { resource: kernelMember } = createReturningLoader(state, scope, (): Wanted<NpyArray> | null => {
    const part = ownPart();
    const member = part?.manifest.kernels?.[String(part.layer)];
    if (part === null || member === undefined) return null;
    return {
      key: JSON.stringify([part.run, part.file, member.name]),
      load: (signal) => source.member(part.run, part.file, member, { signal }),
    };
  });

  /** Nothing of another layer or clip stands under this one's name. */
  function chosen<T>(picture: Picture<T> | null): Picture<T> | null {
    const same =
      picture !== null &&
      picture.run === state.run.value &&
      picture.name === state.layerName.value &&
      picture.clip === state.clipName.value;
    return same ? picture : null;
  }

  const strip = computed((): Shown | null => {
    const shown = derived.shown.value;
    // A row of a map is no more than its maxima: where there is a strip, that tells more.
    const isRow = shown?.kind === "raster" && (shown.picture.maps.gives !== "maximum" || data.noStrips.value !== null);
    if (shown?.kind === "strip" || isRow) return chosen<unknown>(shown.picture) === null ? null : shown;
    const picture = chosen(latest(data.strip.resource.value));
    return picture === null ? null : { kind: "strip", picture };
  });
  const windows = computed((): Shown | null => {
    const picture = chosen(latest((data.mode.value === "window" ? data.windows.resource : chunk).value));
    return picture === null ? null : { kind: "window", picture };
  });
  const kernel = computed((): Kernel | null => {
    const filter = state.inspected.value;
    const member = latest(kernelMember.value);
    return member === null || filter === null || filter >= (member.shape[0] ?? 0) ? null : kernelOf(member, filter);
  });

  /** The grid's own colours where it shows the same epoch of the same maps. */
  function inspected(shown: ReadonlySignal<Shown | null>): ReadonlySignal<Inspected | null> {
    const paint = computed((): Paint | null => {
      const picture = shown.value?.picture;
      const grid = derived.shown.value?.picture;
      if (picture === undefined) return null;
      if (grid?.file === picture.file && grid.probe === picture.probe && grid.layer === picture.layer) {
        return derived.paint.value;
      }
      const wanted = scaleFor(state, picture.manifest.layout, picture.maps.layer);
      return { map: state.colours.value, divisors: layerScale(picture.statistics, wanted).divisors };
    });
    return computed(() => {
      const filter = state.inspected.value;
      if (filter === null || shown.value === null || paint.value === null) return null;
      return { filter, shown: shown.value, paint: paint.value };
    });
  }
  const large = { strip: inspected(strip), window: inspected(windows) };

  const pointer = signal<InspectedPoint | null>(null);
  const pointed = computed((): Pointed | null => {
    const at = pointer.value;
    const own = at === null ? null : large[at.of].value;
    if (at === null || own === null) return null;
    const context = {
      ...own,
      seconds: derived.seconds.value,
      window: window.value ?? 0,
      hertz: data.probe.value?.image?.hertz ?? null,
      scores: derived.scores.value,
      against: null,
    };
    return pointAt(context, { ...at, filter: own.filter, sharing: [own.filter] });
  });

  const noKernel = computed((): string | null => {
    const part = ownPart();
    if (part === null || part.manifest.kernels?.[String(part.layer)] !== undefined) {
      return kernelMember.value.status === "failed" ? kernelMember.value.reason : null;
    }
    return part.manifest.kernels === null
      ? "this log is from before kernels were kept"
      : "kept only of layers that see at most three channels";
  });
  const failure = (status: { readonly status: string; readonly reason?: string }) =>
    status.status === "failed" ? (status.reason ?? null) : null;

  return {
    ...large,
    kernel,
    noStrip: computed(() => data.noStrips.value ?? failure(data.strip.resource.value)),
    noWindow: computed(
      () => data.noWindows.value ?? failure((data.mode.value === "window" ? data.windows.resource : chunk).value),
    ),
    noKernel,
    pointed,
    point: (at) => {
      pointer.value = at;
    },
    move: (distance) => {
      const order = derived.order.peek()?.filters ?? [];
      const place = order.indexOf(state.inspected.peek() ?? -1);
      const next = order[place < 0 ? 0 : Math.min(Math.max(place + distance, 0), order.length - 1)];
      if (next !== undefined) state.inspect(next);
    },
    toggle: () => {
      const first = found.peek()?.filter ?? derived.order.peek()?.filters[0];
      state.inspect(state.inspected.peek() === null ? (first ?? null) : null);
    },
  };
}
