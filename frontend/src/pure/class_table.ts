/**
 * How filters answer to classes. A clip's response is the mean of the filter's values over the clip; its z is how many standard
 * deviations it lies above the mean response to all labelled clips; a cell is the mean z of the clips that it stands for.
 */
import type { ProbeLayout } from "../types";
import type { Verdict } from "./predict";

/** Below, a mean of clips does not speak for a class. */
export const CLIPS_OF_A_CLASS = 5;
/** Right and wrong clips of a class are told apart where there are as many of each. */
export const CLIPS_OF_A_PART = 3;

export type Part = "all" | "right" | "wrong";

/** What a column stands for: the logged clips of a class, or those of them that the network gets right, or wrong. */
export interface ClassColumn {
  readonly name: string;
  readonly part: Part;
  /** Their places among the probes. */
  readonly clips: readonly number[];
}

export type LabelledClip = Pick<ProbeLayout, "labels">;

/** One column per class that some logged clip is labelled with, in the network's order; labels that are no class of it come last. */
export function classColumns(
  clips: readonly LabelledClip[],
  logged: (clip: number) => boolean,
  classes: readonly string[],
): readonly ClassColumn[] {
  const names = new Set([...classes, ...clips.flatMap(({ labels }) => labels)]);
  return [...names]
    .map((name): ClassColumn => {
      const own = clips.flatMap(({ labels }, clip) => (labels.includes(name) && logged(clip) ? [clip] : []));
      return { name, part: "all", clips: own };
    })
    .filter((column) => column.clips.length > 0);
}

/** Each class as two columns, its right and its wrong clips, where it has enough of both; else as it is. */
export function rightAgainstWrong(
  columns: readonly ClassColumn[],
  verdict: (clip: number) => Verdict["kind"],
): readonly ClassColumn[] {
  return columns.flatMap((column) => {
    const parts = (["right", "wrong"] as const).map((part): ClassColumn => {
      const kind = part === "right" ? "ok" : "taken";
      return { ...column, part, clips: column.clips.filter((clip) => verdict(clip) === kind) };
    });
    return parts.every(({ clips }) => clips.length >= CLIPS_OF_A_PART) ? parts : [column];
  });
}

export interface ClassTable {
  readonly columns: readonly ClassColumn[];
  readonly filters: number;
  /** `[filters, columns]`; NaN where a filter answers to all clips alike, or to none of these with a finite number. */
  readonly z: Float64Array;
  /** Mean response `[filters, columns]`. */
  readonly means: Float64Array;
}

/** `responses` are `[probes, filters]`, NaN where nothing finite was logged; z is over the clips that have a label. */
export function classTable(
  responses: ArrayLike<number>,
  filters: number,
  clips: readonly LabelledClip[],
  columns: readonly ClassColumn[],
): ClassTable {
  const labelled = clips.flatMap(({ labels }, clip) => (labels.length > 0 ? [clip] : []));
  const z = new Float64Array(filters * columns.length);
  const means = new Float64Array(filters * columns.length);
  for (let filter = 0; filter < filters; filter++) {
    const known = (own: readonly number[]): readonly number[] =>
      own.map((clip) => responses[clip * filters + filter] ?? NaN).filter((value) => Number.isFinite(value));
    const all = known(labelled);
    const mean = meanOf(all);
    const deviation = Math.sqrt(meanOf(all.map((value) => (value - mean) ** 2)));
    // The same number for every clip may differ in its last bit.
    const spread = deviation > 1e-6 * Math.abs(mean) ? deviation : NaN;
    columns.forEach((column, index) => {
      const at = filter * columns.length + index;
      means[at] = meanOf(known(column.clips));
      z[at] = ((means[at] ?? NaN) - mean) / spread;
    });
  }
  return { columns, filters, z, means };
}

/** The column of each filter's largest z; -1 where it has none. */
export function preferredColumns({ columns, filters, z }: ClassTable): readonly number[] {
  return Array.from({ length: filters }, (_, filter) => {
    let best = -1;
    for (let index = 0; index < columns.length; index++) {
      const value = z[filter * columns.length + index] ?? NaN;
      if (!Number.isNaN(value) && !(value <= (z[filter * columns.length + best] ?? NaN) && best >= 0)) best = index;
    }
    return best;
  });
}

/** Filters by the class that they prefer, in the order of the columns; of one class by that z, largest first; last those without. */
export function byPreferredClass(table: ClassTable): readonly number[] {
  const preferred = preferredColumns(table);
  const key = (filter: number): readonly [number, number] => {
    const column = preferred[filter] ?? -1;
    return column < 0 ? [table.columns.length, 0] : [column, table.z[filter * table.columns.length + column] ?? 0];
  };
  return preferred
    .map((_, filter) => filter)
    .sort((a, b) => {
      const [[columnA, zA], [columnB, zB]] = [key(a), key(b)];
      return columnA - columnB || zB - zA || a - b;
    });
}

/** The clip of a column to which a filter answers most; null where it answers to none with a finite number. */
export function strongestClip(
  responses: ArrayLike<number>,
  filters: number,
  filter: number,
  { clips }: ClassColumn,
): number | null {
  let best: number | null = null;
  let most = -Infinity;
  for (const clip of clips) {
    const value = responses[clip * filters + filter] ?? NaN;
    if (value > most) [best, most] = [clip, value];
  }
  return best;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Colours reach this far on either side of zero. */
export const LARGEST_Z = 2;
const BELOW = [33, 102, 172] as const;
const ABOVE = [178, 24, 43] as const;

/** White at zero, red above, blue below, in equal steps up to `LARGEST_Z`; null where there is no z. */
export function zColour(z: number): string | null {
  if (Number.isNaN(z)) return null;
  const share = Math.min(Math.abs(z) / LARGEST_Z, 1);
  const end = z < 0 ? BELOW : ABOVE;
  return `rgb(${end.map((part) => Math.round(255 + share * (part - 255))).join(" ")})`;
}
