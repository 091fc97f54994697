/** The margins of the clips in view over all logged steps: loaded one clip at a time while nothing else is on its way. */
import { computed, signal } from "@preact/signals";

import type { Source } from "./api";
import { ByteCache } from "./cache";
import type { Data } from "./data";
import { isAbort, ServerGone } from "./errors";
import { margin, marginsOverSteps } from "./pure/margin";
import { predictionsOf } from "./pure/predict";
import { createLoader, type Wanted } from "./resource";
import { whenOver } from "./returning";
import type { Scope } from "./scope";
import type { State } from "./state";
import type { Layout, ProbeLayout } from "./types";

export interface Margins {
  /** Names of the clips in view: only theirs are loaded. */
  readonly look: (clips: readonly string[]) => void;
  /**
   * One number per logged step of the chosen run, NaN where it is not known: for what the clip and the classes are at the newest
   * step. Null while nothing is known of the clip, and where there is no margin: without a label, or with a single step.
   */
  readonly of: (clip: string) => Float64Array | null;
}

interface Log {
  readonly run: string;
  readonly layout: Layout;
  readonly last: number;
  /** The bundle of each step: what is known of a file stays known, for files never change. Empty where there is none. */
  readonly files: readonly string[];
}

interface Known {
  /** What was asked about last, whether or not it could be read. */
  readonly asked: readonly string[];
  readonly files: readonly string[];
  readonly margins: Float64Array;
}

/** 200 clips of 1,000 steps take 2 MB. */
const MOST_BYTES = 16 << 20;
/** New epochs are read out of the predictions of all clips, which the panel mostly holds already. */
const FEW_STEPS = 2;

export function createMargins(source: Source, state: State, data: Data, scope: Scope): Margins {
  const inView = signal<readonly string[]>([]);
  const cache = new ByteCache<Known>(MOST_BYTES);
  /** Counts answers: whoever reads it looks into the cache again. */
  const known = signal(0);
  const log = computed((): Log | null => {
    const read = state.steps.value;
    const last = read?.steps.at(-1)?.step;
    if (read?.layout == null || last === undefined || read.steps.length < 2) return null;
    const files = read.steps.map(({ record, problem }) => (problem === null ? (record?.bundle?.file ?? "") : ""));
    return { run: read.run, layout: read.layout, last, files };
  });

  const next = createLoader((): Wanted<Known> | null => {
    const now = known.value >= 0 ? log.value : null;
    const busy = state.moving.value || data.busy.value;
    if (now === null || busy) return null;
    const clip = inView.value
      .map((name) => labelled(now.layout, name))
      .find((candidate) => candidate !== null && cache.get(keyOf(now, candidate))?.asked !== now.files);
    if (clip == null) return null;
    const key = keyOf(now, clip);
    return {
      key: JSON.stringify([key, now.files.length, now.files.at(-1)]),
      load: async (abort) => {
        const entry = await loaded(source, now, clip, cache.get(key), abort);
        cache.set(key, entry, 8 * entry.margins.length);
        known.value += 1;
        return entry;
      },
    };
  });
  scope.onClose(next.close);
  scope.onClose(whenOver(() => state.connection.value.status === "gone", next.retry));

  return {
    look: (clips) => {
      inView.value = clips;
    },
    of: (name) => {
      const now = known.value > 0 ? log.value : null;
      const clip = now === null ? null : labelled(now.layout, name);
      if (now === null || clip === null) return null;
      const entry = cache.get(keyOf(now, clip));
      if (entry === undefined) return null;
      return entry.files === now.files ? entry.margins : aligned(entry, now.files);
    },
  };
}

function labelled({ probes, classes }: Layout, name: string): ProbeLayout | null {
  const clip = probes.find((candidate) => candidate.name === name);
  return clip?.labels.some((label) => classes.includes(label)) === true ? clip : null;
}

function keyOf({ run, layout }: Log, { name, identity, labels }: ProbeLayout): string {
  return JSON.stringify([run, name, identity, labels, layout.classes]);
}

async function loaded(
  source: Source,
  log: Log,
  clip: ProbeLayout,
  former: Known | undefined,
  abort: AbortSignal,
): Promise<Known> {
  const { files } = log;
  try {
    const missing = files.filter((file) => file !== "" && former?.files.includes(file) !== true);
    if (former === undefined || missing.length > FEW_STEPS) {
      const scores = await source.overSteps(log.run, log.last, clip.name, null, abort);
      return { asked: files, files, margins: marginsOverSteps(scores, files.length, log.layout.classes, clip.labels) };
    }
    const margins = aligned(former, files);
    for (const file of missing) margins[files.indexOf(file)] = await marginIn(source, log, clip, file, abort);
    return { asked: files, files, margins };
  } catch (error) {
    if (isAbort(error) || error instanceof ServerGone) throw error;
    // What cannot be read is a gap in a small curve; it is told where that step is chosen.
    return { asked: files, files: former?.files ?? [], margins: former?.margins ?? new Float64Array() };
  }
}

async function marginIn(
  source: Source,
  { run, layout }: Log,
  { name, identity, labels }: ProbeLayout,
  file: string,
  abort: AbortSignal,
): Promise<number> {
  const { layout: own } = await source.manifest(run, file, abort);
  const clip = own.probes.find((candidate) => candidate.name === name && candidate.identity === identity);
  if (clip === undefined || JSON.stringify(own.classes) !== JSON.stringify(layout.classes)) return NaN;
  const predictions = await source.member(run, file, "predictions.npy", { signal: abort });
  return margin(predictionsOf(predictions, clip, own.classes), labels);
}

function aligned({ files, margins }: Known, wanted: readonly string[]): Float64Array {
  const byFile = new Map(files.map((file, index) => [file, margins[index] ?? NaN]));
  return Float64Array.from(wanted, (file) => (file === "" ? NaN : (byFile.get(file) ?? NaN)));
}
