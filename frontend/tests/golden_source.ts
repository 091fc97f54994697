/** The golden run as a Source: real bundles without a server. Steps can be added, arrays damaged, answers held back. */
import type { MemberOptions, NumbersOf, PlainMember, Source } from "../src/api";
import { RequestError, ServerGone } from "../src/errors";
import { parseProbesManifest, parseStepManifest } from "../src/parse";
import type { NpyArray } from "../src/pure/npy";
import { arranged } from "../src/pure/upright";
import type { Index, Member, ProbesManifest, Scalars, StepEntry, StepManifest, Steps } from "../src/types";
import { StoredZip } from "./golden";
import { numbersOf, statisticsOf } from "./numbers";

const bundle = new StoredZip("bundle.zip");
const probes = new StoredZip("probes.zip");

export const RUN = "run1/cnnviz";

function bundleFile(step: number): string {
  return `${step}-0123456789abcdef.zip`;
}

function stepOf(file: string): number {
  return Number(/^-?\d+/.exec(file)?.[0]);
}

export class GoldenSource implements Source {
  logged: number[] = [0];
  /** Names of members that cannot be read. */
  readonly damaged = new Set<string>();
  /** Steps of which nothing but the record was kept. */
  readonly recordsOnly = new Set<number>();
  /** Steps whose bundle has not come yet. */
  readonly late = new Set<number>();
  gone = false;
  /** What each member request waits for: resolved unless a test holds it back. */
  hold: (file: string, name: string) => Promise<void> = () => Promise.resolve();
  /** What an array is told to be: itself unless a test changes it. */
  change: (file: string, name: string, array: NpyArray) => NpyArray = (_file, _name, array) => array;
  /** What a step's manifest, and the clips that it names, are told to be. */
  changeManifest: (step: number, manifest: StepManifest) => StepManifest = (_step, manifest) => manifest;
  changeProbes: (file: string, manifest: ProbesManifest) => ProbesManifest = (_file, manifest) => manifest;
  /** Name of the file of a step's clips. */
  probesFile: (step: number) => string = () => "probes-0123456789abcdef.zip";
  readonly asked: string[] = [];
  /** File, clip and layer of each manifest with which what is drawn in passing was asked for. */
  readonly glanced: string[] = [];

  index(): Promise<Index> {
    if (this.gone) return Promise.reject(new ServerGone("TensorBoard does not answer."));
    const last = this.logged.at(-1);
    return Promise.resolve({
      logdir: "/logs",
      runs: last === undefined ? [] : [{ run: RUN, last_step: last, wall_time: 1000 + last }],
    });
  }

  steps(run: string): Promise<Steps> {
    this.asked.push("steps");
    const newest = this.logged.at(-1) ?? 0;
    const { layout } = this.changeManifest(newest, parseStepManifest(bundle.json("manifest.json")));
    return Promise.resolve({ run, problem: null, layout, steps: this.logged.map((step) => this.#entry(step)) });
  }

  #entry(step: number): StepEntry {
    const kept = { file: bundleFile(step), bytes: 1, arrays: {} };
    return {
      step,
      wall_time: 1000 + step,
      problem: this.late.has(step) ? `${bundleFile(step)} is missing` : null,
      record: {
        layout: "00000000",
        bundle: this.recordsOnly.has(step) ? null : kept,
        probes: this.probesFile(step),
        epoch: step,
        batch: null,
        logs: {},
        why: null,
      },
    };
  }

  manifest(_run: string, file: string, _signal?: AbortSignal, glanced: NumbersOf | null = null): Promise<StepManifest> {
    if (glanced !== null) this.glanced.push(`${file} ${glanced.probe} ${glanced.layer}`);
    const step = stepOf(file);
    if (this.late.has(step)) return Promise.reject(new RequestError(`${file} is missing`, 404));
    return Promise.resolve(this.changeManifest(step, { ...parseStepManifest(bundle.json("manifest.json")), step }));
  }

  async probes(_run: string, file: string): Promise<ProbesManifest> {
    await this.hold(file, "manifest.json");
    return this.changeProbes(file, parseProbesManifest(probes.json("manifest.json")));
  }

  async member(_run: string, file: string, member: Member | PlainMember, options: MemberOptions): Promise<NpyArray> {
    const name = typeof member === "string" ? member : member.name;
    this.asked.push(`${file} ${name}`);
    await this.hold(file, name);
    options.signal.throwIfAborted();
    if (this.late.has(stepOf(file))) throw new RequestError(`${file} is missing`, 404);
    if (this.damaged.has(name)) throw new RequestError(`${name} is damaged`, 404);
    const array = await arranged((file.startsWith("probes") ? probes : bundle).array(name), member);
    return this.change(file, name, array);
  }

  async numbers(run: string, file: string, { probe, layer }: NumbersOf, signal: AbortSignal): Promise<NpyArray> {
    const manifest = await this.manifest(run, file);
    const [statistics, ranges] = [
      await this.member(run, file, "statistics.npy", { signal }),
      await this.member(run, file, "ranges.npy", { signal }),
    ];
    const { layers, probes: clips } = manifest.layout;
    const at = clips.findIndex(({ name }) => name === probe);
    const index = layers.findIndex(({ name }) => name === layer);
    return numbersOf(manifest, statistics, ranges, at, index);
  }

  async statistics(run: string, file: string, layer: string, signal: AbortSignal): Promise<NpyArray> {
    const all = await this.member(run, file, "statistics.npy", { signal });
    const own = parseStepManifest(bundle.json("manifest.json")).layout.layers.find(({ name }) => name === layer);
    if (own === undefined) throw new RequestError("not part of the golden run", 404);
    return statisticsOf(all, own);
  }

  audio(): Promise<Uint8Array> {
    return Promise.resolve(probes.bytes("p0/audio.wav"));
  }

  async probeStatistics(run: string, file: string, probe: string, signal: AbortSignal): Promise<NpyArray> {
    const all = await this.member(run, file, "statistics.npy", { signal });
    const { probes: clips } = parseStepManifest(bundle.json("manifest.json")).layout;
    const at = clips.findIndex(({ name }) => name === probe);
    const size = all.data.length / clips.length;
    return { shape: [1, size / 6, 6], data: Float32Array.from(all.data.subarray(at * size, (at + 1) * size)) };
  }

  audioUrl(): string {
    return "audio";
  }

  scalars(): Promise<Scalars> {
    return Promise.resolve({ series: [] });
  }

  /** Of every step that has come the golden one's, as `change` tells the array to be. */
  overSteps(_run: string, last: number, probe: string, layer: string | null): Promise<NpyArray> {
    this.asked.push(`over_steps ${last}`);
    const { layers, probes: clips, classes } = parseStepManifest(bundle.json("manifest.json")).layout;
    const clip = clips.findIndex(({ name }) => name === probe);
    const own = layers.find(({ name }) => name === layer);
    const { windows = 0, first_window = 0 } = clips[clip] ?? {};
    if (layer === null) {
      const first = first_window * classes.length;
      return this.#rows("predictions.npy", [windows, classes.length], () => first);
    }
    if (own === undefined) return Promise.reject(new RequestError("not part of the golden run", 404));
    return this.#rows("statistics.npy", [own.filters, 6], (all) => 6 * (clip * (all.shape[1] ?? 0) + own.first_filter));
  }

  #rows(name: string, shape: readonly [number, number], from: (all: NpyArray) => number): Promise<NpyArray> {
    const size = shape[0] * shape[1];
    const rows = this.logged.map((step) => {
      if (this.late.has(step)) return Array<number>(size).fill(NaN);
      const all = this.change(bundleFile(step), name, bundle.array(name));
      return Array.from(all.data.subarray(from(all), from(all) + size));
    });
    return Promise.resolve({ shape: [rows.length, ...shape], data: Float32Array.from(rows.flat()) });
  }
}

/** Lets everything that can be answered without waiting be answered. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
