/** What the log says, cut to one clip and some layers: with places of its own, as if nothing else had been logged. */
import type {
  LayerResponse,
  Layout,
  Maps,
  Member,
  ProbeEntry,
  ProbeLayout,
  ProbeResponse,
  StepManifest,
} from "../types";

/** The clip and the layers are named; `windows`: also the maps of single windows. */
export interface Cut {
  readonly clip: string;
  readonly layers: ReadonlySet<string>;
  readonly windows: boolean;
}

/** Said in the place of what a page leaves out. */
export const LEFT_OUT = "left out of this page";

function placesOf({ layers }: Layout, wanted: ReadonlySet<string>): readonly number[] {
  return layers.flatMap(({ name }, place) => (wanted.has(name) ? [place] : []));
}

/** Null where the clip is not part of the layout. */
export function cutLayout(layout: Layout, cut: Cut): Layout | null {
  const probe = layout.probes.find(({ name }) => name === cut.clip);
  if (probe === undefined) return null;
  const places = placesOf(layout, cut.layers);
  const used = [...new Set(places.map((place) => probe.grids[place] ?? 0))];
  let first = 0;
  const layers = places.flatMap((place) => {
    const layer = layout.layers[place];
    if (layer === undefined) return [];
    const own = { ...layer, first_filter: first };
    first += layer.filters;
    return [own];
  });
  const own: ProbeLayout = {
    ...probe,
    first_window: 0,
    grids: places.map((place) => used.indexOf(probe.grids[place] ?? 0)),
    maps: renumbered<Maps>(probe.maps, places),
  };
  return {
    layers,
    output: layout.output,
    classes: layout.classes,
    probes: [own],
    grids: used.flatMap((grid) => layout.grids[grid] ?? []),
  };
}

/** Null where the clip is not part of the step's layout. */
export function cutManifest(manifest: StepManifest, cut: Cut): StepManifest | null {
  const layout = cutLayout(manifest.layout, cut);
  if (layout === null) return null;
  const places = placesOf(manifest.layout, cut.layers);
  const probe = manifest.layout.probes.findIndex(({ name }) => name === cut.clip);
  const response = manifest.responses[probe] ?? null;
  return {
    ...manifest,
    layout,
    kernels: manifest.kernels === null ? null : renumbered<Member>(manifest.kernels, places),
    responses: [response === null ? null : cutResponse(response, manifest.layout, places, cut)],
  };
}

function cutResponse(
  response: ProbeResponse,
  { layers }: Layout,
  places: readonly number[],
  { windows }: Cut,
): ProbeResponse {
  const keeps = (place: number): boolean => windows || layers[place]?.axes.length === 0;
  return {
    ...response,
    // That they were kept, and are not here, is another reason than the log's own.
    why: windows || response.kept !== "windows" ? response.why : LEFT_OUT,
    first_block: 0,
    layers: places.map((place): LayerResponse | null => {
      const members = response.layers[place] ?? null;
      return members === null || keeps(place) ? members : { ...members, windows: [] };
    }),
  };
}

export function cutProbe(probes: readonly ProbeEntry[], clip: string): ProbeEntry | null {
  return probes.find(({ name }) => name === clip) ?? null;
}

function renumbered<T>(byPlace: Readonly<Record<string, T>>, places: readonly number[]): Readonly<Record<string, T>> {
  return Object.fromEntries(
    places.flatMap((place, now) => {
      const own = byPlace[String(place)];
      return own === undefined ? [] : [[String(now), own]];
    }),
  );
}

/** All arrays that the manifest names. */
export function membersOf({ responses, kernels }: StepManifest): readonly Member[] {
  const layers = responses.flatMap((response) => response?.layers ?? []);
  const maps = layers.flatMap((layer) =>
    layer === null ? [] : [...layer.windows, layer.strip, layer.envelope, layer.outside],
  );
  return [...maps.filter((member) => member !== null), ...Object.values(kernels ?? {})];
}
