/** Gathers all that a page is to carry: what the panel would ask of its source, of one clip, some layers and some steps. */
import type { PlainMember, Source } from "../api";
import { RequestError } from "../errors";
import type { NpyArray } from "../pure/npy";
import type { LinkValues } from "../pure/link_text";
import { predictionsOf } from "../pure/predict";
import type { Member, ProbesManifest, Scalars, StepEntry, StepManifest, Steps } from "../types";
import { count } from "../words";
import { cutManifest, cutProbe, membersOf, type Cut } from "./cut";
import { pack, toBase64, type PackedShape } from "./packing";
import { arrayKey, type PageData } from "./page_data";
import type { Report } from "./task";

export interface PageRequest extends Cut {
  readonly run: string;
  /** Ascending. */
  readonly steps: readonly StepEntry[];
  readonly scalars: Scalars;
  /** What the page shows first. */
  readonly view: LinkValues;
}

export interface Collected {
  readonly data: PageData;
  /** Base64, by their numbers. */
  readonly blocks: readonly string[];
}

/** Rejects with an AbortError, or with what the source says. */
export async function collect(
  source: Source,
  request: PageRequest,
  abort: AbortSignal,
  report: Report,
): Promise<Collected> {
  const { run, steps, scalars, view, clip } = request;
  const blocks: string[] = [];
  const arrays: Record<string, PackedShape & { block: number }> = {};
  const keep = async (key: string, array: NpyArray): Promise<void> => {
    if (key in arrays) return;
    const { shape, text } = await pack(array);
    arrays[key] = { ...shape, block: blocks.length };
    blocks.push(text);
  };
  const manifests: Record<string, StepManifest> = {};
  const probes: Record<string, ProbesManifest> = {};
  const sounds: Record<string, number> = {};
  const member = (file: string, one: Member | PlainMember) => source.member(run, file, one, { signal: abort });

  for (const [at, { record }] of steps.entries()) {
    report(`Reading epoch ${at + 1} of ${steps.length}`, at / steps.length);
    const file = record?.bundle?.file;
    if (record == null || file === undefined) continue;
    const whole = await source.manifest(run, file, abort);
    const manifest = cutManifest(whole, request);
    if (manifest !== null) {
      manifests[file] = manifest;
      for (const one of membersOf(manifest)) await keep(arrayKey(file, "member", one.name), await member(file, one));
      for (const { name } of manifest.layout.layers) {
        const numbers = await source.numbers(run, file, { probe: clip, layer: name }, abort);
        await keep(arrayKey(file, "numbers", name), numbers);
      }
      const { classes, probes: clips } = whole.layout;
      const own = clips.find(({ name }) => name === clip);
      if (own !== undefined && classes.length > 0) {
        const { scores, windows } = predictionsOf(await member(file, "predictions.npy"), own, classes);
        await keep(arrayKey(file, "member", "predictions.npy"), { shape: [windows, classes.length], data: scores });
      }
    }
    if (record.probes in probes) continue;
    const entry = cutProbe((await source.probes(run, record.probes, abort)).probes, clip);
    probes[record.probes] = { probes: entry === null ? [] : [entry] };
    for (const one of [entry?.image, entry?.waveform]) {
      if (one != null) await keep(arrayKey(record.probes, "member", one.name), await member(record.probes, one));
    }
    if (entry?.audio == null) continue;
    sounds[record.probes] = blocks.length;
    blocks.push(toBase64(await soundOf(source, run, record.probes, clip, abort)));
  }
  const layout = Object.values(manifests).at(-1)?.layout ?? null;
  if (layout === null) throw new Error(`Clip ${clip} was logged at none of ${count(steps.length, "epoch")}.`);
  const own: Steps = { run, problem: null, layout, steps };
  return { data: { steps: own, manifests, probes, scalars, arrays, sounds, view }, blocks };
}

async function soundOf(
  source: Source,
  run: string,
  file: string,
  probe: string,
  abort: AbortSignal,
): Promise<Uint8Array> {
  try {
    return await source.audio(run, file, probe, abort);
  } catch (error) {
    if (error instanceof RequestError) throw new Error(`The sound cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}
