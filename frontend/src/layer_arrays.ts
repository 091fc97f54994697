/** Loads what one layer gave for one clip at one step, and joins it to maps. */
import type { MemberOptions, Source } from "./api";
import { ServerGone } from "./errors";
import type { NpyArray } from "./pure/npy";
import { joinOutside, unreadOutside, type Outside } from "./pure/outside";
import { rasterOfMaxima, rasterOfNumbers, rasterOfStrip, type RasterData } from "./pure/raster";
import { layerNumbers, type LayerNumbers } from "./pure/statistics";
import {
  gridOf,
  isScalarLayer,
  joinEnvelope,
  joinStrip,
  joinWindows,
  layerOf,
  mergeScalarChunks,
  stripOfEnvelope,
  windowsOfEnvelope,
  type EnvelopeData,
  type StripData,
  type WindowData,
} from "./pure/values";
import { reasonOf } from "./resource";
import type { Mode } from "./state";
import type { Edges, LayerLayout, LayerResponse, Member, ProbeResponse, StepManifest, WindowsMember } from "./types";
import { limitReached } from "./words";

/** Which arrays are meant: a layer and a probe of one step's bundle. */
export interface LayerPart {
  readonly run: string;
  readonly file: string;
  readonly manifest: StepManifest;
  readonly probe: number;
  readonly layer: number;
  readonly times: readonly Edges[];
}

/** Told with bytes received and expected in all. */
export type Progress = (received: number, total: number) => void;

interface Found {
  readonly layer: LayerLayout;
  readonly response: ProbeResponse;
  readonly members: LayerResponse;
}

/** The manifest's entry, or why this layer or clip has none at this step. */
function lookUp({ manifest, probe, layer }: LayerPart): Found | string {
  const layout = manifest.layout.layers[layer];
  const response = manifest.responses[probe];
  if (layout === undefined) return "this layer is not part of the model at this epoch";
  if (response === undefined || response === null) return "this clip was not logged at this epoch";
  const members = response.layers[layer];
  if (members === undefined || members === null) {
    return `layer ${layout.name} was not logged for this clip at this epoch`;
  }
  return { layer: layerOf(manifest.layout, probe, layer), response, members };
}

/** The manifest's entry; throws a sentence where this layer or clip was not logged at this step. */
export function findPart(part: LayerPart): Found {
  const found = lookUp(part);
  if (typeof found !== "string") return found;
  throw new Error(`${found.slice(0, 1).toUpperCase()}${found.slice(1)}.`);
}

/** Statistics, states and ranges of the layer's filters. */
export async function loadNumbers(source: Source, part: LayerPart, abort: AbortSignal): Promise<LayerNumbers> {
  const { layer } = findPart(part);
  const probe = part.manifest.layout.probes[part.probe]?.name ?? "";
  const numbers = await source.numbers(part.run, part.file, { probe, layer: layer.name }, abort);
  return layerNumbers(numbers, layer);
}

/** The clip-long maps. */
export async function loadStrip(
  source: Source,
  part: LayerPart,
  abort: AbortSignal,
  progress: Progress,
): Promise<StripData> {
  const { layer, response, members } = findPart(part);
  const { run, file, manifest, probe, times } = part;
  const grid = gridOf(manifest.layout, probe, part.layer);
  if (isScalarLayer(layer)) {
    const [chunks, { ranges }] = await Promise.all([
      loadChunks(source, part, members.windows, abort, progress),
      loadNumbers(source, part, abort),
    ]);
    return joinStrip({ layer, grid, response, times, strip: mergeScalarChunks(layer, times.length, chunks), ranges });
  }
  if (members.strip === null) throw new Error(`Of layer ${layer.name} no strips were kept for this clip.`);
  progress(0, members.strip.inflated);
  const [strip, { ranges }, outside] = await Promise.all([
    source.member(run, file, members.strip, { signal: abort, onProgress: progress }),
    loadNumbers(source, part, abort),
    readOutside(source, part, abort),
  ]);
  const joined = JOINED.get(strip);
  if (joined !== undefined && joined.outside?.problem == null) return joined;
  const made = joinStrip({ layer, grid, response, times, strip, ranges, outside });
  JOINED.set(strip, made);
  return made;
}

/** By their cells: what was fetched, pooled and searched ahead is known again when it is wanted. */
const JOINED = new WeakMap<NpyArray, StripData>();

/** A few hundred bytes: where they cannot be read, the maps are shown without marks. */
async function readOutside(source: Source, part: LayerPart, abort: AbortSignal): Promise<Outside | null> {
  const { layer, members } = findPart(part);
  if (members.outside === null) return null;
  try {
    const marks = await source.member(part.run, part.file, members.outside, { signal: abort });
    return joinOutside(layer, part.times.length, marks);
  } catch (error) {
    abort.throwIfAborted();
    // That one is asked again when it is back.
    if (error instanceof ServerGone) throw error;
    return unreadOutside(layer, part.times.length, reasonOf(error));
  }
}

async function readEnvelope(source: Source, part: LayerPart, abort: AbortSignal): Promise<EnvelopeData> {
  const { layer, members } = findPart(part);
  if (members.envelope === null) throw new Error(`Of layer ${layer.name} only statistics were kept for this clip.`);
  const envelope = await source.member(part.run, part.file, members.envelope, { signal: abort });
  return joinEnvelope(layer, part.times.length, envelope);
}

/** The maxima per window in a strip's place. */
export async function loadEnvelope(source: Source, part: LayerPart, abort: AbortSignal): Promise<StripData> {
  return stripOfEnvelope(await readEnvelope(source, part, abort), part.times);
}

/** The same in the place of single windows' maps. */
export async function loadWindowEnvelope(source: Source, part: LayerPart, abort: AbortSignal): Promise<WindowData> {
  return windowsOfEnvelope(await readEnvelope(source, part, abort));
}

/** One row per filter; `quick`: also of strips no more than the maxima per window. */
export async function loadRaster(
  source: Source,
  part: LayerPart,
  { abort, progress, quick }: { readonly abort: AbortSignal; readonly progress: Progress; readonly quick: boolean },
): Promise<RasterData> {
  const { layer, members } = findPart(part);
  const { times } = part;
  if (isScalarLayer(layer)) {
    const chunks = await loadChunks(source, part, members.windows, abort, progress);
    return rasterOfNumbers(layer, mergeScalarChunks(layer, times.length, chunks), times);
  }
  const stripIsRow = members.strip !== null && layer.shape[0] === 1;
  if (stripIsRow && !quick) return rasterOfStrip(await loadStrip(source, part, abort, progress));
  const [envelope, outside] = await Promise.all([
    readEnvelope(source, part, abort),
    quick ? null : readOutside(source, part, abort),
  ]);
  return rasterOfMaxima(envelope, times, outside);
}

/** All windows' maps, or those of the filters that are kept together with one. */
export async function loadWindows(
  source: Source,
  part: LayerPart,
  abort: AbortSignal,
  progress: Progress,
  filter: number | null = null,
): Promise<WindowData> {
  const { layer, response, members } = findPart(part);
  const wanted = filter === null ? members.windows : members.windows.filter((member) => holds(member, filter));
  const [chunks, { ranges }] = await Promise.all([
    loadChunks(source, part, wanted, abort, progress),
    loadNumbers(source, part, abort),
  ]);
  return joinWindows({ layer, response, windows: part.times.length, chunks, ranges });
}

/**
 * The arrays that a picture of this part is made of, and the bytes that they and its numbers take on the wire: none where the
 * layer or the clip was not logged at this step.
 */
export function arraysOf(part: LayerPart, mode: Mode): { readonly members: readonly Member[]; readonly bytes: number } {
  const found = lookUp(part);
  if (typeof found === "string") return { members: [], bytes: 0 };
  const { layer, response, members } = found;
  const { strip, envelope, outside, windows } = members;
  const tiles = [mode === "raster" && layer.shape[0] !== 1 ? envelope : strip, outside];
  const wanted = isScalarLayer(layer) || mode === "window" ? windows : tiles.filter((member) => member !== null);
  const numbers = 4 * layer.filters * (8 + 2 * (response.blocks.length - 1));
  return { members: wanted, bytes: wanted.reduce((sum, { bytes }) => sum + bytes, numbers) };
}

function holds({ filters: [first, end] }: WindowsMember, filter: number): boolean {
  return filter >= first && filter < end;
}

/** The member that holds a filter's windows; null where none were kept. */
export function chunkWith(part: LayerPart, filter: number): string | null {
  const found = lookUp(part);
  return typeof found === "string" ? null : (found.members.windows.find((each) => holds(each, filter))?.name ?? null);
}

/** Why the maps of single windows cannot be shown; null where they can. */
export function whyNoWindows(part: LayerPart): string | null {
  const found = lookUp(part);
  if (typeof found === "string") return found;
  const { response, members } = found;
  if (members.windows.length > 0) return null;
  if (response.why !== null) return `windows were not kept at this epoch: ${limitReached(response.why)}`;
  return response.kept === "summary" ? "logged as summary" : "logged as strips";
}

/** Why clip-long maps cannot be shown; null where they can. */
export function whyNoStrips(part: LayerPart): string | null {
  const found = lookUp(part);
  if (typeof found === "string") return found;
  const { layer, response, members } = found;
  if (members.strip !== null || isScalarLayer(layer)) return null;
  if (response.kept === "summary") return response.why === null ? "logged as summary" : limitReached(response.why);
  return layer.axes.includes("time")
    ? "where its columns lie in time is unknown"
    : "the layer has no time axis that is known";
}

/** What is shown where the arrays of the chosen mode were not kept: the next best. */
export function standIn(chosen: Mode, noWindows: string | null, noStrips: string | null): Mode {
  if (chosen === "raster" || (chosen === "window" && noWindows === null)) return chosen;
  return noStrips === null ? "strip" : "raster";
}

async function loadChunks(
  source: Source,
  { run, file }: LayerPart,
  members: readonly WindowsMember[],
  abort: AbortSignal,
  progress: Progress,
): Promise<{ member: WindowsMember; array: NpyArray }[]> {
  const options = sharedProgress(members, abort, progress);
  return Promise.all(
    members.map(async (member, index) => ({ member, array: await source.member(run, file, member, options(index)) })),
  );
}

/** One progress over several members: each reports its own bytes, the sum is passed on. */
function sharedProgress(
  members: readonly Member[],
  signal: AbortSignal,
  progress: Progress,
): (index: number) => MemberOptions {
  const total = members.reduce((sum, { inflated }) => sum + inflated, 0);
  const received = members.map(() => 0);
  progress(0, total);
  return (index) => ({
    signal,
    onProgress: (bytes) => {
      received[index] = bytes;
      progress(
        received.reduce((sum, part) => sum + part, 0),
        total,
      );
    },
  });
}
