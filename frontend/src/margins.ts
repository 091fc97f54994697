/**
 * What the chosen clip and those in view were taken for at all logged steps, and by which margin: loaded one clip at a time while
 * nothing else is on its way.
 */
import { computed, signal } from "@preact/signals";

import type { Source } from "./api";
import { ByteCache } from "./cache";
import type { Data } from "./data";
import { isAbort, ServerGone } from "./errors";
import { readableFiles } from "./late";
import { noStandings, stand, standingsOverSteps, type Standings } from "./pure/margin";
import { predictionsOf, type Predictions } from "./pure/predict";
import { createLoader, type Wanted } from "./resource";
import { whenOver } from "./returning";
import type { Scope } from "./scope";
import { named } from "./selection";
import type { State } from "./state";
import type { Layout, ProbeLayout } from "./types";

export interface Margins {
  /** Names of the clips in view: theirs are loaded, and the chosen one's. */
  readonly look: (clips: readonly string[]) => void;
  /**
   * One number per logged step of the chosen run, NaN where it is not known: for what the clip and the classes are at the newest
   * step. Null while nothing is known of the clip, and where there is no margin: without a label, or with a single step.
   */
  readonly of: (clip: string) => Float64Array | null;
  /** The class that the clip was taken for, one per logged step, also of a clip without a label; "" where it is not known. */
  readonly takenFor: (clip: string) => readonly string[] | null;
}

interface Log {
  readonly run: string;
  readonly layout: Layout;
  readonly last: number;
  /** The bundle of each step: what is known of a file stays known, for files never change. Empty where there is none. */
  readonly files: readonly string[];
}

interface Known extends Standings {
  /** The bundles that this has a place for, whether or not they could be read. */
  readonly asked: readonly string[];
  /** The same; "" where it could not. */
  readonly files: readonly string[];
}

/** 200 clips of 1,000 steps take 3 MB. */
const BYTES_OF_A_STEP = 12;
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
    return { run: read.run, layout: read.layout, last, files: readableFiles(read.steps) };
  });

  const next = createLoader((): Wanted<Known> | null => {
    const now = known.value >= 0 ? log.value : null;
    const busy = state.moving.value || data.busy.value;
    if (now === null || busy) return null;
    const chosen = now.layout.classes.length > 0 ? named(now.layout.probes, state.clipName.value) : null;
    const clip = [chosen, ...inView.value.map((name) => labelled(now.layout, name))].find(
      (candidate) => candidate !== null && cache.get(keyOf(now, candidate))?.asked !== now.files,
    );
    if (clip == null) return null;
    const key = keyOf(now, clip);
    return {
      key: JSON.stringify([key, now.files]),
      load: async (abort) => {
        const entry = await loaded(source, now, clip, cache.get(key), abort);
        cache.set(key, entry, BYTES_OF_A_STEP * entry.margins.length);
        known.value += 1;
        return entry;
      },
    };
  });
  scope.onClose(next.close);
  scope.onClose(whenOver(() => state.connection.value.status === "gone", next.retry));

  function standings(pick: (layout: Layout) => ProbeLayout | null): Standings | null {
    const now = known.value > 0 ? log.value : null;
    const clip = now === null ? null : pick(now.layout);
    if (now === null || clip === null) return null;
    const entry = cache.get(keyOf(now, clip));
    if (entry === undefined) return null;
    return entry.asked === now.files ? entry : aligned(entry, now.files);
  }

  return {
    look: (clips) => {
      inView.value = clips;
    },
    of: (name) => standings((layout) => labelled(layout, name))?.margins ?? null,
    takenFor: (name) => {
      const taken = standings(({ probes }) => named(probes, name))?.taken;
      const classes = log.value?.layout.classes ?? [];
      return taken === undefined ? null : Array.from(taken, (index) => classes[index] ?? "");
    },
  };
}

function labelled({ probes, classes }: Layout, name: string): ProbeLayout | null {
  const clip = named(probes, name);
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
  const { run, last, layout, files } = log;
  const missing = files.filter((file) => file !== "" && former?.files.includes(file) !== true);
  const known = former === undefined ? noStandings(files.length) : aligned(former, files);
  const gaps = new Set<string>();
  if (former === undefined || missing.length > FEW_STEPS) {
    const scores = source.overSteps(run, last, clip.name, null, abort);
    const all = await readable(
      scores.then((array) => standingsOverSteps(array, files.length, layout.classes, clip.labels)),
    );
    if (all !== null) return { asked: files, files, ...all };
    for (const file of missing) gaps.add(file);
  } else {
    for (const file of missing) {
      const own = await readable(predictionsIn(source, log, clip, file, abort));
      if (own === null) gaps.add(file);
      else if (own !== "other") stand(known, files.indexOf(file), own, clip.labels);
    }
  }
  return { asked: files, files: files.map((file) => (gaps.has(file) ? "" : file)), ...known };
}

/** Null for what cannot be read: a gap in a small curve, which is told where that step is chosen. */
async function readable<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isAbort(error) || error instanceof ServerGone) throw error;
    return null;
  }
}

/** "other" where the clip or the classes were others then. */
async function predictionsIn(
  source: Source,
  { run, layout }: Log,
  { name, identity }: ProbeLayout,
  file: string,
  abort: AbortSignal,
): Promise<Predictions | "other"> {
  const { layout: own } = await source.manifest(run, file, abort);
  const clip = own.probes.find((candidate) => candidate.name === name && candidate.identity === identity);
  if (clip === undefined || JSON.stringify(own.classes) !== JSON.stringify(layout.classes)) return "other";
  const predictions = await source.member(run, file, "predictions.npy", { signal: abort });
  return predictionsOf(predictions, clip, own.classes);
}

function aligned({ files, margins, taken }: Known, wanted: readonly string[]): Standings {
  const places = new Map(files.map((file, index) => [file, index]));
  const standings = noStandings(wanted.length);
  for (const [step, file] of wanted.entries()) {
    const place = file === "" ? undefined : places.get(file);
    if (place === undefined) continue;
    standings.margins[step] = margins[place] ?? NaN;
    standings.taken[step] = taken[place] ?? -1;
  }
  return standings;
}
