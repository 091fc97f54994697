/** What filters are sorted by: the score of each, and where there is none the reason. */
import { computed, type ReadonlySignal } from "@preact/signals";

import type { Data } from "./data";
import type { Shown } from "./derived";
import { meanChange, rootMeanSquare, whyNotCompared } from "./pure/change";
import { correlationsWith } from "./pure/correlation";
import { layerScale } from "./pure/scale";
import { classResponses, selectivity, whyNotSelective } from "./pure/selectivity";
import { byIndex, byScore, byStrength, onsetScore, onsetScores, whyNotByOnset } from "./pure/sort";
import { gridOf, type StripData } from "./pure/values";
import { areSameMaps, type Owner, type Picture } from "./pictures";
import { latest, type Resource } from "./resource";
import { stepBefore } from "./selection";
import type { Sort, State } from "./state";
import { takenClass, type TakenClass } from "./taken_class";
import type { LayerLayout } from "./types";
import { number, percent, score, signedScore, SORT_WORDS, stepName } from "./words";

export type Problems = Readonly<Record<Sort, string | null>>;

/** "waiting": what it is made from is on its way. */
export type Ranking =
  | { readonly status: "waiting" }
  | { readonly status: "impossible"; readonly why: string }
  /** `about`: the class that it is about, where it is about one. */
  | { readonly status: "ready"; readonly filters: readonly number[]; readonly about: string | null };

export interface Scores {
  readonly values: ArrayLike<number>;
  /** A filter's score in words; null where it has none. */
  readonly say: (filter: number) => string | null;
  /** What must be known to read them, or null. */
  readonly note: string | null;
}

/** What filters are sorted by as bars. */
export interface ScoreBars {
  readonly heading: string;
  /** One per filter; none while they are on their way. */
  readonly values: ArrayLike<number>;
  /** Of a whole bar. */
  readonly most: number;
  /** Whether they are below zero as well: zero stands in the middle. */
  readonly signed: boolean;
  readonly say: (value: number) => string;
}

export interface Rankings {
  /** Why the layer that is shown cannot be sorted so; null where it can. */
  readonly problems: ReadonlySignal<Problems>;
  /** The order by `sort` of what is shown; reads signals. */
  readonly rank: (sort: Sort) => Ranking;
  /** The class that the clip which is shown was taken for; null where filters cannot be sorted by it. */
  readonly taken: ReadonlySignal<TakenClass | null>;
  /** The scores of what is shown; null where they are not at hand. Reads signals. */
  readonly scores: (sort: Sort) => Scores | null;
  /** The same as bars; null where these are strengths. Reads signals. */
  readonly bars: (sort: Sort) => ScoreBars | null;
}

export function createRankings(state: State, data: Data, shown: ReadonlySignal<Shown | null>): Rankings {
  /** A value that belongs to what is shown, not to what is chosen. */
  function own<T extends Owner & { readonly step: number }>(resource: Resource<T>, step?: number): T | null {
    const now = shown.value?.picture;
    const value = latest(resource);
    if (now === undefined || value === null || !areSameMaps(value, now)) return null;
    return value.step === (step ?? now.step) ? value : null;
  }

  const sinceStep = computed(() => {
    const step = shown.value?.picture.step ?? state.step.value;
    return step === null ? null : stepBefore(state.steps.value?.steps ?? [], step, state.since.value);
  });

  const takenOrWhy = takenClass(data, shown);
  const taken = computed(() => (typeof takenOrWhy.value === "string" ? null : takenOrWhy.value));

  const problems = computed((): Problems => {
    const picture = shown.value?.picture;
    return {
      index: null,
      strength: null,
      change: changeProblem(),
      selectivity: whyNotSelective(state.layout.value?.probes ?? [], state.exported),
      taken: typeof takenOrWhy.value === "string" ? takenOrWhy.value : null,
      onset: picture === undefined ? null : onsetProblem(picture),
    };
  });

  function changeProblem(): string | null {
    if (sinceStep.value === null) return "no earlier epoch has maps";
    // Single windows are sorted by their clip's strips.
    if (data.mode.value === "window" && data.noStrips.value !== null) return data.noStrips.value;
    return sinceStep.value === shown.value?.picture.step ? "this is the epoch that changes are counted from" : null;
  }

  function onsetProblem({ manifest, probe, layer, maps }: Picture<{ readonly layer: LayerLayout }>): string | null {
    if (data.noStrips.value !== null) return data.noStrips.value;
    const columns = gridOf(manifest.layout, probe, layer).windows.length;
    return whyNotByOnset({ layer: maps.layer, rows: maps.layer.shape[0], columns });
  }

  const onset = computed((): Scores | null => {
    const strip = own(data.strip.resource.value);
    return strip === null ? null : onsetOf(strip.maps);
  });

  /** Rows may be too narrow to have bars beside them. */
  const asBars = (): string => (shown.value?.kind === "raster" ? "" : " (bars)");

  /** Null while the other epoch's maps are on their way; a sentence where they cannot be compared. */
  const change = computed((): Scores | string | null => {
    const resource = data.former.resource.value;
    if (resource.status === "failed") return resource.reason;
    const former = own(resource, sinceStep.value ?? undefined);
    const now = data.mode.value === "raster" ? own(data.raster.resource.value) : own(data.strip.resource.value);
    if (former === null || now === null) return null;
    const since = stepName(former.step, former.manifest.batch);
    const whyNot = whyNotCompared(now.maps, former.maps);
    if (whyNot !== null) return whyNot;
    const changes = meanChange(now.maps, former.maps);
    const size = rootMeanSquare(now.statistics);
    const share = (value: number): string =>
      size > 0 ? `, ${percent(value / size)} of the layer’s root mean square` : "";
    const known = [...changes].filter((value) => !Number.isNaN(value));
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    return {
      ...scoresOf(changes, (value) => `changed by ${number(value)} since ${since}${share(value)}`),
      note:
        known.length === 0
          ? null
          : `${now.name} alone, changed since ${since}${asBars()}: the most by ${number(Math.max(...known))}, the mean filter by ${number(mean)}` +
            (size > 0 ? `, ${percent(mean / size)} of the layer’s root mean square ${number(size)}` : ""),
    };
  });

  const goesWith = computed((): Scores | null => {
    const [rows, now] = [own(data.perWindow.resource.value), taken.value];
    if (rows === null || now === null) return null;
    const said = (value: number): string => `goes with ${now.name} ${signedScore(value)}`;
    const found = correlationsWith(rows.maps, now.scores);
    const most = found.reduce((best, value) => (value > best ? value : best), -1);
    return {
      ...scoresOf(found, said),
      note: `${rows.name} alone, sorted by what goes with ${now.name}${asBars()}, at most ${signedScore(most)}: 1 rises and falls with its score over the windows, 0 does not, −1 does so against it`,
    };
  });

  const selective = computed((): Scores | null => {
    const picture = shown.value?.picture;
    if (picture === undefined) return null;
    const means = own(data.means.resource.value);
    if (means === null) return null;
    const { manifest, maps } = picture;
    const responses = classResponses(manifest.layout.probes, means.value, maps.filters);
    const { index, preferred } = selectivity(responses);
    return {
      ...scoresOf(index, (value, filter) => `selectivity ${score(value)} for ${preferred[filter] ?? ""}`),
      note: responses.comparesClips
        ? "bars: selectivity, which compares clips, not classes: some class has fewer than 5"
        : "bars: selectivity",
    };
  });

  function scores(sort: Sort): Scores | null {
    if (problems.value[sort] !== null) return null;
    if (sort === "onset") return onset.value;
    if (sort === "selectivity") return selective.value;
    if (sort === "taken") return goesWith.value;
    return sort === "change" && typeof change.value !== "string" ? change.value : null;
  }

  /** An order tells who comes first; only its scores tell of how many filters it is worth speaking. */
  function bars(sort: Sort): ScoreBars | null {
    // Others would be found at each epoch for nothing.
    if (sort !== "change" && sort !== "selectivity" && sort !== "taken") return null;
    if (problems.value[sort] !== null || whyFailed(sort) !== null) return null;
    const values = scores(sort)?.values ?? [];
    if (sort === "change") {
      const most = Array.from(values).reduce((largest, value) => (value > largest ? value : largest), 0);
      return { heading: SORT_WORDS.change, values, most, signed: false, say: number };
    }
    if (sort === "selectivity") return { heading: "selectivity", values, most: 1, signed: false, say: score };
    if (taken.value === null) return null;
    return { heading: `goes with ${taken.value.name}`, values, most: 1, signed: true, say: signedScore };
  }

  function rank(sort: Sort): Ranking {
    const picture = shown.value?.picture;
    const why = problems.value[sort];
    if (picture === undefined) return { status: "waiting" };
    if (why !== null) return { status: "impossible", why };
    if (sort === "index") return { status: "ready", filters: byIndex(picture.maps.filters), about: null };
    if (sort === "strength") {
      const { strengths } = layerScale(picture.statistics, "filter");
      return { status: "ready", filters: byStrength(strengths), about: null };
    }
    const reason = whyFailed(sort);
    if (reason !== null) return { status: "impossible", why: reason };
    const found = scores(sort);
    if (found === null) return { status: "waiting" };
    // What has fallen silent since has changed: only by its own strip has it nothing to say.
    const filters = byScore(found.values, sort === "onset" ? picture.states : null);
    return { status: "ready", filters, about: sort === "taken" ? (taken.value?.name ?? null) : null };
  }

  function whyFailed(sort: Sort): string | null {
    if (sort === "change") return typeof change.value === "string" ? change.value : null;
    const { means, perWindow, strip } = data;
    const made = { selectivity: means, taken: perWindow, onset: strip, strength: null, index: null }[sort];
    const resource = made?.resource.value;
    return resource?.status === "failed" ? resource.reason : null;
  }

  return { problems, rank, scores, bars, taken };
}

/** All of them are made when first asked for: an order stands for many epochs, and a reader points at one filter. */
function onsetOf(strip: StripData): Scores {
  let made: Float64Array | null = null;
  return {
    get values() {
      return (made ??= onsetScores(strip));
    },
    say: (filter) => {
      const value = made?.[filter] ?? onsetScore(strip, filter);
      return Number.isNaN(value) ? null : `onset ${score(value)} (1 onset, 0 harmonic)`;
    },
    note: null,
  };
}

function scoresOf(values: ArrayLike<number>, words: (value: number, filter: number) => string): Scores {
  const say = (filter: number): string | null => {
    const value = values[filter] ?? NaN;
    return Number.isNaN(value) ? null : words(value, filter);
  };
  return { values, say, note: null };
}
