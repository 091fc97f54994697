/** The data that an exported page carries, as a Source: nothing is fetched. */
import type { MemberOptions, NumbersOf, PlainMember, Source } from "../api";
import { ByteCache } from "../cache";
import { RequestError } from "../errors";
import type { LinkValues } from "../pure/link_text";
import type { NpyArray } from "../pure/npy";
import { asFloats } from "../pure/npy";
import { STATISTICS } from "../pure/statistics";
import type { Index, Member, ProbesManifest, Scalars, StepManifest, Steps } from "../types";
import { fromBase64, unpack } from "./packing";
import { arrayKey, blockId, DATA_BLOCK, parsePageJson, type PageData } from "./page_data";

/** Null in a page that carries none. */
export function findExported(page: Document): ExportedSource | null {
  const json = page.getElementById(DATA_BLOCK)?.textContent ?? null;
  if (json === null) return null;
  return new ExportedSource(parsePageJson(json), (block) => page.getElementById(blockId(block))?.textContent ?? "");
}

export class ExportedSource implements Source {
  readonly exported = true;
  readonly #data: PageData;
  readonly #block: (block: number) => string;
  readonly #arrays = new ByteCache<NpyArray>(256 << 20);
  readonly #sounds = new Map<string, string>();

  /** `block` answers the base64 text of a block. */
  constructor(data: PageData, block: (block: number) => string) {
    this.#data = data;
    this.#block = block;
  }

  get view(): LinkValues {
    return this.#data.view;
  }

  index(): Promise<Index> {
    const { run, steps } = this.#data.steps;
    const last = steps.at(-1);
    return Promise.resolve({
      logdir: "",
      runs: [{ run, last_step: last?.step ?? 0, wall_time: last?.wall_time ?? 0 }],
    });
  }

  steps(): Promise<Steps> {
    return Promise.resolve(this.#data.steps);
  }

  async manifest(_run: string, file: string): Promise<StepManifest> {
    return Promise.resolve(found(this.#data.manifests[file], file));
  }

  async probes(_run: string, file: string): Promise<ProbesManifest> {
    return Promise.resolve(found(this.#data.probes[file], file));
  }

  async member(_run: string, file: string, member: Member | PlainMember, options: MemberOptions): Promise<NpyArray> {
    const name = typeof member === "string" ? member : member.name;
    return this.#array(arrayKey(file, "member", name), name, options.signal);
  }

  async numbers(_run: string, file: string, { layer }: NumbersOf, signal: AbortSignal): Promise<NpyArray> {
    return this.#array(arrayKey(file, "numbers", layer), `layer ${layer}`, signal);
  }

  /** Over the page's one clip. */
  async statistics(run: string, file: string, layer: string, signal: AbortSignal): Promise<NpyArray> {
    return stacked([await this.numbers(run, file, { probe: "", layer }, signal)]);
  }

  /** Of the page's one clip; NaN for the layers that the page does not hold. */
  async probeStatistics(run: string, file: string, probe: string, signal: AbortSignal): Promise<NpyArray> {
    const { layers } = found(this.#data.manifests[file], file).layout;
    const filters = Math.max(0, ...layers.map((layer) => layer.first_filter + layer.filters));
    const data = new Float32Array(filters * STATISTICS).fill(NaN);
    for (const { name, first_filter: first } of layers) {
      if (!(arrayKey(file, "numbers", name) in this.#data.arrays)) continue;
      const own = stacked([await this.numbers(run, file, { probe, layer: name }, signal)]);
      data.set(own.data, STATISTICS * first);
    }
    return { shape: [1, filters, STATISTICS], data };
  }

  audioUrl(_run: string, file: string): string {
    const known = this.#sounds.get(file);
    if (known !== undefined) return known;
    const url = URL.createObjectURL(new Blob([this.#sound(file)], { type: "audio/wav" }));
    this.#sounds.set(file, url);
    return url;
  }

  async audio(_run: string, file: string): Promise<Uint8Array> {
    return Promise.resolve(this.#sound(file));
  }

  scalars(): Promise<Scalars> {
    return Promise.resolve(this.#data.scalars);
  }

  async overSteps(
    _run: string,
    last: number,
    _probe: string,
    layer: string | null,
    signal: AbortSignal,
  ): Promise<NpyArray> {
    const steps = this.#data.steps.steps.filter(({ step }) => step <= last);
    const newest = this.#data.steps.layout;
    const own = await Promise.all(
      steps.map(async ({ record }) => {
        const file = record?.bundle?.file ?? "";
        const manifest = this.#data.manifests[file];
        const key = layer === null ? arrayKey(file, "member", "predictions.npy") : arrayKey(file, "numbers", layer);
        if (manifest === undefined || !(key in this.#data.arrays)) return null;
        const same = (of: (layout: StepManifest["layout"]) => unknown): boolean =>
          newest !== null && JSON.stringify(of(manifest.layout)) === JSON.stringify(of(newest));
        const alike = same(({ classes, probes, layers }) => {
          const kept = layers.find(({ name }) => name === layer);
          return [layer === null ? classes : [kept?.kind, kept?.filters], probes[0]?.identity];
        });
        return alike ? this.#array(key, layer ?? "predictions", signal) : null;
      }),
    );
    if (layer !== null) return stacked(own);
    const [rows = 0, classes = 0] = own.findLast((array) => array !== null)?.shape ?? [];
    const data = new Float32Array(own.length * rows * classes).fill(NaN);
    for (const [step, array] of own.entries()) {
      if (array !== null) data.set(asFloats(array, [rows, classes]), step * rows * classes);
    }
    return { shape: [own.length, rows, classes], data };
  }

  async #array(key: string, name: string, signal: AbortSignal): Promise<NpyArray> {
    signal.throwIfAborted();
    const known = this.#arrays.get(key);
    if (known !== undefined) return known;
    const { block, ...shape } = found(this.#data.arrays[key], name);
    const array = await unpack(shape, this.#block(block));
    signal.throwIfAborted();
    this.#arrays.set(key, array, array.data.byteLength);
    return array;
  }

  #sound(file: string): Uint8Array<ArrayBuffer> {
    return fromBase64(this.#block(found(this.#data.sounds[file], "the sound")));
  }
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RequestError(`This page does not hold ${name}.`, 404);
  return value;
}

/** The statistics among numbers, one after another: `[arrays, filters, 6]`, NaN for those that are not there. */
function stacked(numbers: readonly (NpyArray | null)[]): NpyArray {
  const [rows = 0, filters = 0] = numbers.findLast((array) => array !== null)?.shape ?? [];
  const data = new Float32Array(numbers.length * filters * STATISTICS).fill(NaN);
  for (const [at, array] of numbers.entries()) {
    if (array === null) continue;
    const values = asFloats(array, [array.shape[0] ?? rows, filters]);
    for (let filter = 0; filter < filters; filter++) {
      for (let which = 0; which < STATISTICS; which++) {
        data[STATISTICS * (at * filters + filter) + which] = values[which * filters + filter] ?? NaN;
      }
    }
  }
  return { shape: [numbers.length, filters, STATISTICS], data };
}
