/** The only place that fetches. A Source answers what http_api.md names; views get answers through state only. */
import { ByteCache, type Shelf } from "./cache";
import { RequestError, ServerGone, WireError } from "./errors";
import { parseGlance } from "./glance";
import { parseIndex, parseProbesManifest, parseScalars, parseStepManifest, parseSteps } from "./parse";
import type { LinkValues } from "./pure/link_text";
import { parseNpy, type NpyArray } from "./pure/npy";
import { arranged } from "./pure/upright";
import { reasonOf } from "./resource";
import { SharedRequests, type Asker, type Report } from "./shared_requests";
import type { Index, Member, ProbesManifest, Scalars, StepManifest, Steps } from "./types";

/** One of the three plain members that every step's bundle holds. */
export type PlainMember = "statistics.npy" | "predictions.npy" | "ranges.npy";

/** `onProgress` is told of inflated bytes. */
export type MemberOptions = Asker;

/** A layer and a probe, by their names. */
export interface NumbersOf {
  readonly probe: string;
  readonly layer: string;
}

export type PanelFile = "index.js" | "LICENSES.txt";

/**
 * Where the panel's data come from: a server, or a page that carries them. Every method rejects with an AbortError when
 * its signal aborts, with ServerGone where nobody answers, with RequestError where the server refuses, with WireError or
 * NpyError where the answer is not what it should be.
 */
export interface Source {
  index(signal: AbortSignal): Promise<Index>;
  steps(run: string, signal: AbortSignal): Promise<Steps>;
  /** With `glanced`, what is drawn of a layer and a probe in passing may come along, so that it is at hand afterwards. */
  manifest(run: string, file: string, signal: AbortSignal, glanced?: NumbersOf | null): Promise<StepManifest>;
  /** The manifest of a probe bundle. */
  probes(run: string, file: string, signal: AbortSignal): Promise<ProbesManifest>;
  /** One array of a bundle: by its manifest entry, whose `inflated` caps what is read, or a plain member by name. */
  member(run: string, file: string, member: Member | PlainMember, options: MemberOptions): Promise<NpyArray>;
  /** What stands beside a layer's maps for a probe, `[8 + 2 * blocks, filters]`. */
  numbers(run: string, file: string, of: NumbersOf, signal: AbortSignal): Promise<NpyArray>;
  /** The statistics of a layer over each probe, `[probes, filters, 6]`. */
  statistics(run: string, file: string, layer: string, signal: AbortSignal): Promise<NpyArray>;
  /** The statistics of all layers over a probe, `[1, filters of all layers, 6]`. */
  probeStatistics(run: string, file: string, probe: string, signal: AbortSignal): Promise<NpyArray>;
  /** An address for an audio element. */
  audioUrl(run: string, file: string, probe: string): string;
  /** The same sound, a WAV file. */
  audio(run: string, file: string, probe: string, signal: AbortSignal): Promise<Uint8Array>;
  /** The text of a file that the panel itself consists of; absent where these are not to be had. */
  panelFile?(name: PanelFile, signal: AbortSignal): Promise<string>;
  /** Set where the data are carried by the page: nothing new will come. */
  readonly exported?: true;
  /** What such a page shows first. */
  readonly view?: LinkValues;
  scalars(run: string, signal: AbortSignal): Promise<Scalars>;
  /** Statistics `[steps, filters, 6]` of a layer or, where `layer` is null, predictions `[steps, windows, classes]`. */
  overSteps(run: string, last: number, probe: string, layer: string | null, signal: AbortSignal): Promise<NpyArray>;
}

/** No single array may be larger, whatever a damaged manifest says. */
const MOST_BYTES = 1 << 30;
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

export interface HttpSourceOptions {
  /** Put before every route. Empty: relative to the page, whose base is `plugin/cnnviz/` under any path prefix. */
  readonly base?: string;
  readonly cacheBytes?: number;
}

/** How an array is named to the user, how many bytes it should have (0: not known), and what is made of it once it has come. */
interface Wanted {
  readonly name: string;
  readonly total: number;
  readonly arrange?: (stored: NpyArray) => Promise<NpyArray>;
}

export class HttpSource implements Source {
  readonly #base: string;
  readonly #arrays: Shelf<NpyArray>;
  readonly #manifests: Shelf<StepManifest>;
  readonly #probes: Shelf<ProbesManifest>;
  readonly #underWay = new SharedRequests<NpyArray>();

  constructor({ base = "", cacheBytes = 256 << 20 }: HttpSourceOptions = {}) {
    this.#base = base;
    // One limit for all that is kept, whatever it is made of.
    const kept = new ByteCache<NpyArray | StepManifest | ProbesManifest>(cacheBytes);
    this.#arrays = kept.shelf("array");
    this.#manifests = kept.shelf("manifest");
    this.#probes = kept.shelf("probes");
  }

  async index(signal: AbortSignal): Promise<Index> {
    return parseIndex((await this.#json("index", {}, signal)).value);
  }

  async steps(run: string, signal: AbortSignal): Promise<Steps> {
    return parseSteps((await this.#json("steps", { run }, signal)).value);
  }

  async manifest(
    run: string,
    file: string,
    signal: AbortSignal,
    glanced: NumbersOf | null = null,
  ): Promise<StepManifest> {
    const known = this.#manifests.get(manifestKey(run, file));
    if (known !== undefined) return known;
    if (glanced !== null) return this.#glance(run, file, glanced, signal);
    return this.#kept(this.#manifests, { run, file }, parseStepManifest, signal);
  }

  /** One request in place of four: keeps the arrays as if each had been asked for. */
  async #glance(run: string, file: string, { probe, layer }: NumbersOf, signal: AbortSignal): Promise<StepManifest> {
    const response = await this.#get("glance", { run, file, probe, layer }, signal);
    const bytes = await read(response, { name: "glance", total: 0, signal, onProgress: undefined });
    const { manifest: text, arrays } = parseGlance(bytes);
    const manifest = parseStepManifest(parseJson(text, "manifest"));
    this.#manifests.set(manifestKey(run, file), manifest, 2 * text.length);
    for (const [name, array] of arrays) {
      const [route, of] = name === "numbers" ? [name, { probe, layer }] : ["member", { name }];
      this.#arrays.set(this.#url(route, { run, file, ...of }), array, array.data.byteLength);
    }
    return manifest;
  }

  async probes(run: string, file: string, signal: AbortSignal): Promise<ProbesManifest> {
    return this.#kept(this.#probes, { run, file }, parseProbesManifest, signal);
  }

  async member(run: string, file: string, member: Member | PlainMember, options: MemberOptions): Promise<NpyArray> {
    const name = nameOf(member);
    const total = typeof member === "string" ? 0 : member.inflated;
    const wanted = { name, total, arrange: async (stored: NpyArray) => arranged(stored, member) };
    return this.#array("member", { run, file, name }, wanted, options);
  }

  numbers(run: string, file: string, { probe, layer }: NumbersOf, signal: AbortSignal): Promise<NpyArray> {
    return this.#array("numbers", { run, file, probe, layer }, { name: "numbers", total: 0 }, { signal });
  }

  statistics(run: string, file: string, layer: string, signal: AbortSignal): Promise<NpyArray> {
    return this.#array("statistics", { run, file, layer }, { name: "statistics", total: 0 }, { signal });
  }

  probeStatistics(run: string, file: string, probe: string, signal: AbortSignal): Promise<NpyArray> {
    return this.#array("statistics", { run, file, probe }, { name: "statistics", total: 0 }, { signal });
  }

  /** An array that never changes: kept, and asked for once however many wait for it. */
  async #array(
    route: string,
    parameters: Readonly<Record<string, string>>,
    { name, total, arrange }: Wanted,
    options: MemberOptions,
  ): Promise<NpyArray> {
    const key = this.#url(route, parameters);
    const known = this.#arrays.get(key);
    if (known !== undefined) return known;
    return this.#underWay.ask(key, options, async (signal, onProgress) => {
      const response = await this.#get(route, parameters, signal);
      const said = `${name} of ${parameters["file"] ?? ""}`;
      const bytes = await read(response, { name: said, total, signal, onProgress });
      const stored = parsed(bytes, said);
      const array = arrange === undefined ? stored : await arrange(stored);
      this.#arrays.set(key, array, array.data.byteLength);
      return array;
    });
  }

  audioUrl(run: string, file: string, probe: string): string {
    return this.#url("audio", { run, file, probe });
  }

  async audio(run: string, file: string, probe: string, signal: AbortSignal): Promise<Uint8Array> {
    const response = await this.#get("audio", { run, file, probe }, signal);
    return read(response, { name: "the sound", total: 0, signal, onProgress: undefined });
  }

  async panelFile(name: PanelFile, signal: AbortSignal): Promise<string> {
    return reached(signal, (await this.#get(name, {}, signal)).text());
  }

  async scalars(run: string, signal: AbortSignal): Promise<Scalars> {
    return parseScalars((await this.#json("scalars", { run }, signal)).value);
  }

  async overSteps(
    run: string,
    last: number,
    probe: string,
    layer: string | null,
    signal: AbortSignal,
  ): Promise<NpyArray> {
    const parameters = { run, last: String(last), probe, ...(layer === null ? {} : { layer }) };
    const response = await this.#get("over_steps", parameters, signal);
    return parseNpy(await read(response, { name: "over_steps", total: 0, signal, onProgress: undefined }));
  }

  async #kept<T>(
    cache: Shelf<T>,
    { run, file }: { run: string; file: string },
    parse: (value: unknown) => T,
    signal: AbortSignal,
  ): Promise<T> {
    const key = manifestKey(run, file);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const { value, length } = await this.#json("manifest", { run, file }, signal);
    const parsed = parse(value);
    cache.set(key, parsed, length);
    return parsed;
  }

  #url(route: string, parameters: Readonly<Record<string, string>>): string {
    const query = new URLSearchParams(parameters).toString();
    return `${this.#base}${route}${query === "" ? "" : `?${query}`}`;
  }

  async #get(route: string, parameters: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    const response = await reached(signal, fetch(this.#url(route, parameters), { signal }));
    if (response.ok) return response;
    if (GATEWAY_STATUSES.has(response.status)) throw new ServerGone("TensorBoard does not answer.");
    const sentence = (await reached(signal, response.text())).trim();
    const readable = sentence !== "" && sentence.length < 1000 && !sentence.startsWith("<");
    throw new RequestError(
      readable ? sentence : `The server answered ${response.status} to ${route}.`,
      response.status,
    );
  }

  async #json(
    route: string,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ value: unknown; length: number }> {
    const response = await this.#get(route, parameters, signal);
    const text = await reached(signal, response.text());
    return { value: parseJson(text, route), length: 2 * text.length };
  }
}

function parseJson(text: string, route: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new WireError(`${route} is not JSON: ${text.slice(0, 80)}`);
  }
}

/** What is wrong with an array is said with its name. */
function parsed(bytes: Uint8Array, name: string): NpyArray {
  try {
    return parseNpy(bytes);
  } catch (error) {
    throw new WireError(`${name} is damaged: ${reasonOf(error)}`);
  }
}

function manifestKey(run: string, file: string): string {
  return JSON.stringify([run, file]);
}

function nameOf(member: Member | PlainMember): string {
  return typeof member === "string" ? member : member.name;
}

/** Network failures come as TypeError, whatever their cause; only an abort keeps its own error. */
async function reached<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TypeError) throw new ServerGone("TensorBoard does not answer.");
    throw error;
  }
}

/** Once an answer has begun, a network failure may as well be a damaged file: the browser does not tell them apart. */
async function arriving<T>(signal: AbortSignal, work: Promise<T>, name: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TypeError) throw new WireError(`${name} is damaged, or its transfer broke off`);
    throw error;
  }
}

interface ReadOptions {
  readonly name: string;
  readonly total: number;
  readonly signal: AbortSignal;
  readonly onProgress: Report | undefined;
}

async function read(response: Response, { name, total, signal, onProgress }: ReadOptions): Promise<Uint8Array> {
  const most = total > 0 ? Math.min(total, MOST_BYTES) : MOST_BYTES;
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let received = 0;
  for (;;) {
    const { done, value } = await arriving(signal, reader.read(), name);
    if (done) break;
    received += value.byteLength;
    if (received > most) {
      await reader.cancel();
      throw new WireError(`${name} is longer than the ${most} bytes that its manifest declares`);
    }
    parts.push(value);
    onProgress?.(received, total);
  }
  const bytes = new Uint8Array(received);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
