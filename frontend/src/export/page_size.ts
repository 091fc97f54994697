/** How large a page will be: from what the log says of its arrays, and how much tighter some of them are packed here. */
import type { Source } from "../api";
import { evenly } from "../pure/epochs";
import type { Member, ProbeEntry, StepEntry, StepManifest } from "../types";
import { cutManifest, cutProbe, type Cut } from "./cut";
import { pack } from "./packing";

export interface PageSizeRequest extends Cut {
  readonly run: string;
  /** Those of which there are maps, ascending. */
  readonly steps: readonly StepEntry[];
}

/** Of so many steps each is looked at; of more these, evenly among them. */
const MOST_LOOKED_AT = 12;

/** So many maps are packed to see how large they become. */
const PACKED = 3;

/** Characters around each array: its block's tags, its name and shape. */
const AROUND_ARRAY = 180;
/** The page's own text, curves and view. */
const AROUND_PAGE = 4e3;
/** What is left of float32 numbers by gzip, as seen in logs of trained networks. */
const FLOATS_LEFT = 0.5;

/** In bytes. Rejects with an AbortError, or with what the source says. */
export async function pageSize(source: Source, request: PageSizeRequest, abort: AbortSignal): Promise<number> {
  const { run, clip, steps } = request;
  const read = async ({ record }: StepEntry): Promise<Step | null> => {
    const file = record?.bundle?.file;
    const manifest = file === undefined ? null : cutManifest(await source.manifest(run, file, abort), request);
    return file === undefined || manifest === null ? null : { file, manifest };
  };
  const [code, licences, all, sounds] = await Promise.all([
    source.panelFile?.("index.js", abort),
    source.panelFile?.("LICENSES.txt", abort),
    Promise.all(evenly(steps, MOST_LOOKED_AT).map(read)),
    Promise.all(
      [...new Set(steps.flatMap(({ record }) => record?.probes ?? []))].map(async (file) =>
        soundSize(cutProbe((await source.probes(run, file, abort)).probes, clip)),
      ),
    ),
  ]);
  const looked = all.filter((step) => step !== null);
  const texts = (code?.length ?? 0) + (licences?.length ?? 0) + AROUND_PAGE + JSON.stringify(steps).length;
  const [maps, rest] = [sum(looked.flatMap(mapSizes)), sum(looked.map(restSize))];
  const left = await mapsLeft(source, request, looked.at(-1) ?? null, abort);
  return texts + sum(sounds) + ((maps * left + rest) * steps.length) / Math.max(all.length, 1);
}

interface Step {
  readonly file: string;
  readonly manifest: StepManifest;
}

/** Those that make a page large. */
function mapsOf({ manifest }: Step): readonly Member[] {
  const layers = manifest.responses.flatMap((response) => response?.layers ?? []);
  const maps = layers.flatMap((layer) => (layer === null ? [] : [...layer.windows, layer.strip, layer.envelope]));
  return maps.filter((member) => member !== null);
}

function mapSizes(step: Step): readonly number[] {
  return mapsOf(step).map(({ bytes }) => inText(bytes));
}

/** How many times as large maps are here as in the log, which may have packed them in haste: of some that stand for all. */
async function mapsLeft(
  source: Source,
  { run }: PageSizeRequest,
  step: Step | null,
  abort: AbortSignal,
): Promise<number> {
  if (step === null) return 1;
  const shares = await Promise.all(
    standIns(mapsOf(step)).map(async (member) => {
      const { text } = await pack(await source.member(run, step.file, member, { signal: abort }));
      return (0.75 * text.length) / member.bytes;
    }),
  );
  return shares.length === 0 ? 1 : sum(shares) / shares.length;
}

/** Each stands for an equal part of all bytes: by size, those in the midst of each part. */
function standIns(maps: readonly Member[]): readonly Member[] {
  const bySize = [...maps].sort((a, b) => b.bytes - a.bytes);
  const all = sum(bySize.map(({ bytes }) => bytes));
  let end = 0;
  const ends = bySize.map(({ bytes }) => (end += bytes));
  return Array.from({ length: PACKED }, (_, part) =>
    ends.findIndex((at) => at > ((part + 0.5) / PACKED) * all),
  ).flatMap((at) => (at < 0 ? [] : bySize.slice(at, at + 1)));
}

/** All of a step but its maps. */
function restSize({ manifest }: Step): number {
  const { layout, responses, kernels } = manifest;
  // Told by their edges.
  const blocks = Math.max((responses[0]?.blocks.length ?? 1) - 1, 0);
  const numbers = layout.layers.map(({ filters }) => inText(4 * (8 + 2 * blocks) * filters * FLOATS_LEFT));
  const scores = inText(4 * (layout.probes[0]?.windows ?? 0) * layout.classes.length);
  const own = responses.flatMap((response) => response?.layers ?? []).map((layer) => layer?.outside ?? null);
  const others = [...own, ...Object.values(kernels ?? {})].map((member) =>
    member === null ? 0 : inText(member.bytes),
  );
  return JSON.stringify(manifest).length + sum(numbers) + scores + sum(others);
}

function soundSize(entry: ProbeEntry | null): number {
  const parts = [entry?.audio, entry?.image, entry?.waveform].map((part) => (part == null ? 0 : inText(part.bytes)));
  return JSON.stringify(entry).length + sum(parts);
}

/** As a block of base64. */
function inText(bytes: number): number {
  return (4 / 3) * bytes + AROUND_ARRAY;
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
