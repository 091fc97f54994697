/** The list of clips as it stands: all or those that are searched for, as logged or the wrong ones first. */
import { batch, computed, effect, signal, type ReadonlySignal } from "@preact/signals";

import type { Data, Of } from "./data";
import type { Derived } from "./derived";
import { isFound, wrongFirst, type Standing } from "./pure/clip_order";
import { isMixed } from "./pure/mapped_clips";
import { margin } from "./pure/margin";
import type { NpyArray } from "./pure/npy";
import { predictionsOf, verdict } from "./pure/predict";
import { latest, present } from "./resource";
import type { Scope } from "./scope";
import { named } from "./selection";
import type { State } from "./state";
import type { Detail, ProbeEntry, ProbeLayout } from "./types";

export type ClipOrder = "logged" | "wrong";

export interface ClipList {
  readonly shown: ReadonlySignal<readonly ProbeLayout[]>;
  /** Words that a clip's name, labels or metadata must hold or, after an arrow, the class that it is wrongly taken for. */
  readonly search: ReadonlySignal<string>;
  readonly order: ReadonlySignal<ClipOrder>;
  /** The step that the order was made for: epochs go by without clips changing places. Null where it is as logged. */
  readonly madeFor: ReadonlySignal<number | null>;
  /** Counts the orders and searches made: the list is then shown from its start. */
  readonly made: ReadonlySignal<number>;
  /** The clip as its probe bundle describes it; null while that is on its way. */
  readonly entry: (name: string) => ProbeEntry | null;
  /** What was kept of the clip at the epoch that is shown. */
  readonly kept: (name: string) => Detail;
  /** Whether maps of some clips were kept and of others not. */
  readonly mixed: ReadonlySignal<boolean>;
  readonly searchFor: (words: string) => void;
  /** Orders now, also where it was ordered so already. */
  readonly orderBy: (order: ClipOrder) => void;
  /** Chooses the clip that stands `distance` places on. */
  readonly move: (distance: number) => void;
}

interface Made {
  readonly run: string;
  readonly step: number;
  readonly names: readonly string[];
}

export function createClipList(state: State, data: Data, { verdicts }: Derived, scope: Scope): ClipList {
  const search = signal("");
  const order = signal<ClipOrder>("logged");
  const asked = signal(0);
  const made = signal<Made | null>(null);
  const count = signal(0);
  let answered = 0;

  const clips = computed(() => state.layout.value?.probes ?? []);
  const entries = computed(() => new Map((data.clips.value?.probes ?? []).map((entry) => [entry.name, entry])));

  // Until another epoch's manifest has come the former one's stands.
  const kept = computed(() => {
    const manifest = latest(data.manifest.resource.value);
    const probes = manifest?.layout.probes ?? clips.value;
    return new Map(probes.map(({ name, detail }, place) => [name, manifest?.responses[place]?.kept ?? detail]));
  });

  scope.onClose(
    effect(() => {
      const request = asked.value;
      const predictions = present(data.predictions.resource.value);
      const step = state.step.value;
      if (order.value !== "wrong" || predictions === null || step === null) return;
      // The former epoch's scores stand while the chosen one's are on their way.
      if (predictions.file !== state.entry.value?.record?.bundle?.file) return;
      if (request === answered && made.peek()?.run === predictions.run) return;
      answered = request;
      const places = wrongFirst(clips.value.map((clip) => standing(predictions, clip)));
      batch(() => {
        made.value = { run: predictions.run, step, names: places.map((place) => clips.value[place]?.name ?? "") };
        count.value += 1;
      });
    }),
  );
  const current = computed(() => (order.value === "wrong" && made.value?.run === state.run.value ? made.value : null));
  const ordered = computed((): readonly ProbeLayout[] => {
    const placed = current.value?.names;
    if (placed === undefined) return clips.value;
    const places = new Map(placed.map((name, place) => [name, place]));
    // Clips that were logged since come last.
    const placeOf = ({ name }: ProbeLayout): number => places.get(name) ?? placed.length;
    return clips.value.toSorted((a, b) => placeOf(a) - placeOf(b));
  });
  const wronglyTaken = computed(
    () =>
      new Map(verdicts.value.flatMap((one, at) => (one.kind === "taken" ? [[clips.value[at]?.name, one.taken]] : []))),
  );
  const shown = computed(() => {
    const words = search.value.trim();
    if (words === "") return ordered.value;
    return ordered.value.filter((clip) => {
      const { name } = clip;
      return isFound(words, saidOf(clip, entries.value.get(name)), wronglyTaken.value.get(name) ?? null);
    });
  });

  return {
    shown,
    search,
    order,
    madeFor: computed(() => current.value?.step ?? null),
    made: count,
    entry: (name) => entries.value.get(name) ?? null,
    kept: (name) => kept.value.get(name) ?? "summary",
    mixed: computed(() => isMixed([...kept.value.values()])),
    searchFor: (words) => {
      batch(() => {
        if (words !== search.peek()) count.value += 1;
        search.value = words;
      });
    },
    orderBy: (chosen) => {
      batch(() => {
        order.value = chosen;
        asked.value += 1;
        if (chosen === "logged") count.value += 1;
      });
    },
    move: (distance) => {
      state.moveClip(distance, shown.peek());
    },
  };
}

function standing({ layout, value }: Of<NpyArray>, { name, labels }: ProbeLayout): Standing {
  const clip = named(layout.probes, name);
  if (clip === null || layout.classes.length === 0) return { verdict: { kind: "unknown" }, margin: NaN };
  const predictions = predictionsOf(value, clip, layout.classes);
  return { verdict: verdict(predictions, labels), margin: margin(predictions, labels) };
}

function saidOf({ name, labels }: ProbeLayout, entry: ProbeEntry | undefined): readonly string[] {
  return [name, ...labels, ...facts(entry?.metadata ?? {}).map(({ text }) => text)];
}

export interface Fact {
  readonly name: string;
  readonly text: string;
}

/** Metadata in words; what is no text, number or truth is JSON. */
export function facts(metadata: Readonly<Record<string, unknown>>): readonly Fact[] {
  return Object.entries(metadata)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => ({
      name,
      text:
        typeof value === "string" ? value : typeof value === "boolean" ? (value ? "yes" : "no") : JSON.stringify(value),
    }));
}
