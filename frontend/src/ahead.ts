/**
 * Fetches what will be wanted next if the choice goes on the way it went: after a step its neighbour on the same side, after a
 * layer or a clip likewise. Only while nothing else is on its way, and no more after one choice than the link brings in a moment,
 * so that whoever changes their mind never waits for it.
 */
import { effect, signal, untracked, type ReadonlySignal } from "@preact/signals";

import type { Source } from "./api";
import type { Data } from "./data";
import { arraysOf, loadStrip, standIn, whyNoStrips, whyNoWindows } from "./layer_arrays";
import type { Link } from "./link";
import { partOf } from "./pictures";
import { stripPeaks } from "./pure/strip_peaks";
import type { StripData } from "./pure/values";
import type { Scope } from "./scope";
import { named, neighbourName, neighbourStep } from "./selection";
import type { Mode, State } from "./state";
import type { Member } from "./types";

/** What the link brings in this time is at stake. */
const BUDGET_MILLISECONDS = 300;
/** So long nothing may have happened. */
const IDLE_MILLISECONDS = 150;

interface Travel {
  readonly axis: "step" | "layer" | "clip";
  readonly direction: 1 | -1;
}

interface Place {
  readonly run: string;
  readonly step: number;
  readonly clip: string;
  readonly layer: string;
  readonly mode: Mode;
}

export interface AheadOptions {
  readonly source: Source;
  readonly state: State;
  readonly data: Data;
  readonly link: Link;
  readonly scope: Scope;
}

/** Returns the strip that the next choice of a step will show, once it is at hand. */
export function fetchAhead({ source, state, data, link, scope }: AheadOptions): ReadonlySignal<StripData | null> {
  const next = signal<StripData | null>(null);
  let travel: Travel | null = null;
  let former: Place | null = null;
  /** Of the present choice: what may still be fetched, and how far it has been. */
  let budget: number | null = null;
  let reached = 0;
  let own: AbortController | null = null;
  let cancel: () => void = () => undefined;

  function stop(): void {
    cancel();
    own?.abort();
    own = null;
  }

  function wait(): void {
    stop();
    if (!data.busy.peek() && !state.moving.peek() && travel !== null) cancel = scope.timeout(IDLE_MILLISECONDS, start);
  }

  function start(): void {
    const [place, way] = [former, travel];
    const abort = (own = new AbortController());
    budget ??= link.brings(BUDGET_MILLISECONDS);
    if (place === null || way === null) return;
    go(place, way, abort.signal).catch(() => {
      // What could not be fetched ahead is told when it is wanted.
    });
  }

  function spend(bytes: number): boolean {
    if (budget === null || bytes > budget) return false;
    budget -= bytes;
    return true;
  }

  async function go(place: Place, { axis, direction }: Travel, abort: AbortSignal): Promise<void> {
    let at: Place | null = place;
    for (let step = 0; step <= reached; step++) at = at === null ? null : beyond(at, axis, direction);
    while (at !== null) {
      if (!(await fetchPlace(at, abort))) return;
      if (axis === "step" && reached === 0) next.value = await stripOf(at, abort);
      reached += 1;
      at = beyond(at, axis, direction);
    }
  }

  /** False where the budget does not reach so far. */
  async function fetchPlace({ run, step, clip, layer, mode }: Place, abort: AbortSignal): Promise<boolean> {
    const record = state.steps.peek()?.steps.find((entry) => entry.step === step)?.record ?? null;
    if (record?.bundle == null) return true;
    const isOther = step !== state.step.peek();
    if (isOther && !spend(link.manifestBytes())) return false;
    const part = await partOf(source, record, { run, clip, name: layer }, abort);
    const { members, bytes } = arraysOf(part, standIn(mode, whyNoWindows(part), whyNoStrips(part)));
    // Not logged at that step: there is nothing to fetch, and the browser's console would tell of the server's refusal.
    if (bytes === 0) return true;
    const others = isOther ? (record.bundle.arrays.predictions?.[1] ?? 0) : 0;
    const input = clip === state.clipName.peek() ? [] : await inputOf(run, record.probes, clip, abort);
    if (!spend(bytes + others + input.reduce((sum, member) => sum + member.bytes, 0))) return false;
    const fetched = (file: string) => async (member: Member) => source.member(run, file, member, { signal: abort });
    await Promise.all([
      ...members.map(fetched(part.file)),
      ...input.map(fetched(record.probes)),
      source.numbers(run, part.file, { probe: clip, layer }, abort),
      ...(isOther ? [source.member(run, part.file, "predictions.npy", { signal: abort })] : []),
    ]);
    return true;
  }

  /** From what has been fetched, with what takes long to find of it; null where no strip is shown. */
  async function stripOf({ run, step, clip, layer }: Place, abort: AbortSignal): Promise<StripData | null> {
    const record = state.steps.peek()?.steps.find((entry) => entry.step === step)?.record ?? null;
    if (record?.bundle == null || data.mode.peek() !== "strip") return null;
    const part = await partOf(source, record, { run, clip, name: layer }, abort);
    if (whyNoStrips(part) !== null) return null;
    const strip = await loadStrip(source, part, abort, () => undefined);
    stripPeaks(strip);
    return strip;
  }

  /** What another clip shows of itself. */
  async function inputOf(run: string, file: string, clip: string, abort: AbortSignal): Promise<readonly Member[]> {
    const entry = named((await source.probes(run, file, abort)).probes, clip);
    return [entry?.image ?? null, entry?.waveform ?? null].filter((member) => member !== null);
  }

  function beyond(place: Place, axis: Travel["axis"], direction: 1 | -1): Place | null {
    const next = { ...place };
    const layout = state.layout.peek();
    if (axis === "step") next.step = neighbourStep(state.steps.peek()?.steps ?? [], place.step, direction);
    else if (axis === "layer") next.layer = neighbourName(layout?.layers ?? [], place.layer, direction);
    else next.clip = neighbourName(layout?.probes ?? [], place.clip, direction);
    return next[axis] === place[axis] ? null : next;
  }

  scope.onClose(
    effect(() => {
      const place = placeOf(state);
      untracked(() => {
        travel = travelOf(former, place, state) ?? travel;
        former = place;
        budget = null;
        reached = 0;
        next.value = null;
        wait();
      });
    }),
  );
  scope.onClose(
    effect(() => {
      const idle = !data.busy.value && !state.moving.value;
      untracked(idle ? wait : stop);
    }),
  );
  for (const type of ["pointerdown", "keydown"] as const) scope.listen(document, type, wait, { capture: true });
  scope.onClose(stop);
  return next;
}

/** Reads signals. */
function placeOf({ run, step, clipName, layerName, mode }: State): Place | null {
  const [ofRun, at, clip, layer] = [run.value, step.value, clipName.value, layerName.value];
  if (ofRun === null || at === null || clip === null || layer === null) return null;
  return { run: ofRun, step: at, clip, layer, mode: mode.value };
}

/** Which way the choice went; null where it stood or jumped elsewhere. */
function travelOf(from: Place | null, to: Place | null, { layout }: State): Travel | null {
  if (to === null || from?.run !== to.run) return null;
  const { layers = [], probes = [] } = layout.peek() ?? {};
  const index = (among: readonly { readonly name: string }[], name: string): number =>
    among.findIndex((candidate) => candidate.name === name);
  const moves = {
    step: to.step - from.step,
    layer: index(layers, to.layer) - index(layers, from.layer),
    clip: index(probes, to.clip) - index(probes, from.clip),
  };
  for (const axis of ["step", "layer", "clip"] as const) {
    if (moves[axis] !== 0) return { axis, direction: moves[axis] > 0 ? 1 : -1 };
  }
  return null;
}
