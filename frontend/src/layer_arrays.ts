/** Loads what one layer gave for one clip at one step, and joins it to maps. */
import type { MemberOptions, Source } from "./api";
import type { NpyArray } from "./pure/npy";
import {
  gridOf,
  isScalarLayer,
  joinEnvelope,
  joinStrip,
  joinWindows,
  layerOf,
  mergeScalarChunks,
  stripOfEnvelope,
  type StripData,
  type WindowData,
} from "./pure/values";
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

/** The manifest's entry; throws a sentence where this layer or clip was not logged at this step. */
export function findPart({ manifest, probe, layer }: LayerPart): Found {
  const layout = manifest.layout.layers[layer];
  const response = manifest.responses[probe];
  if (layout === undefined) throw new Error("This layer is not part of the model at this epoch.");
  if (response === undefined || response === null) throw new Error("This clip was not logged at this epoch.");
  const members = response.layers[layer];
  if (members === undefined || members === null) {
    throw new Error(`Layer ${layout.name} was not logged for this clip at this epoch.`);
  }
  return { layer: layerOf(manifest.layout, probe, layer), response, members };
}

/** The clip-long maps; where only a summary was kept, the maxima per window. */
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
    const [chunks, ranges] = await Promise.all([
      loadChunks(source, part, members.windows, abort, progress),
      source.member(run, file, "ranges.npy", { signal: abort }),
    ]);
    return joinStrip({ layer, grid, response, times, strip: mergeScalarChunks(layer, times.length, chunks), ranges });
  }
  if (members.strip === null) return loadEnvelope(source, part, abort);
  progress(0, members.strip.inflated);
  const [strip, ranges] = await Promise.all([
    source.member(run, file, members.strip, { signal: abort, onProgress: progress }),
    source.member(run, file, "ranges.npy", { signal: abort }),
  ]);
  return joinStrip({ layer, grid, response, times, strip, ranges });
}

/** The maxima per window in a strip's place. */
export async function loadEnvelope(source: Source, part: LayerPart, abort: AbortSignal): Promise<StripData> {
  const { layer, members } = findPart(part);
  if (members.envelope === null) throw new Error(`Of layer ${layer.name} only statistics were kept for this clip.`);
  const envelope = await source.member(part.run, part.file, members.envelope, { signal: abort });
  return stripOfEnvelope(joinEnvelope(layer, part.times.length, envelope), part.times);
}

/** All windows' maps. */
export async function loadWindows(
  source: Source,
  part: LayerPart,
  abort: AbortSignal,
  progress: Progress,
): Promise<WindowData> {
  const { layer, response, members } = findPart(part);
  const [chunks, ranges] = await Promise.all([
    loadChunks(source, part, members.windows, abort, progress),
    source.member(part.run, part.file, "ranges.npy", { signal: abort }),
  ]);
  return joinWindows({ layer, response, windows: part.times.length, chunks, ranges });
}

/** Why the maps of single windows cannot be shown; null where they can. */
export function whyNoWindows(part: LayerPart): string | null {
  const { manifest, probe, layer } = part;
  const response = manifest.responses[probe];
  if (response === undefined || response === null) return "this clip was not logged at this epoch";
  const members = response.layers[layer];
  if (members === undefined || members === null) return "this layer was not logged for this clip";
  if (members.windows.length > 0) return null;
  if (response.why !== null) return `windows were not kept at this epoch: ${limitReached(response.why)}`;
  return response.kept === "summary" ? "logged as summary" : "logged as strips";
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
