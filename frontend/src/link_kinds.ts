/** What a field of a link is, and the kinds that most of them are of. */
import type { Panel } from "./panel";
import type { State } from "./state";

/** All of the panel but what is made of the link itself. */
export type Linked = Omit<Panel, "viewLink">;

/** What must be known before a field can be put back: the runs, the chosen run's steps, the chosen clip's seconds. */
export type Stage = "runs" | "steps" | "clip";

export interface LinkField {
  readonly key: string;
  readonly stage: Stage;
  /** Null where it stands as it does at first. */
  readonly read: (panel: Linked) => string | null;
  /** Returns what is not there, in words, or null. */
  readonly write: (panel: Linked, value: string) => string | null;
}

export function isLogged({ index }: State, run: string): boolean {
  return index.peek()?.runs.some((entry) => entry.run === run) ?? false;
}

export function text(value: number | null): string | null {
  return value === null ? null : String(value);
}

interface OneOf<T> {
  readonly read: (panel: Linked) => string;
  /** As of a field. */
  readonly write: (panel: Linked, value: T) => string | null;
  /** Where it is part of the view at all. */
  readonly only?: (panel: Linked) => boolean;
}

/** A field with a few values. */
export function oneOf<T extends string>(
  key: string,
  values: readonly T[],
  { read, write, only = () => true }: OneOf<T>,
): LinkField {
  return {
    key,
    stage: "steps",
    read: (panel) => (only(panel) ? read(panel) : null),
    write: (panel, value) => {
      const known = values.find((each) => each === value);
      if (known === undefined) return `${key} ${value}`;
      return write(panel, known);
    },
  };
}

/** A field with a number between two bounds. */
export function amount(
  key: string,
  stage: Stage,
  [least, most]: readonly [number, number],
  {
    read,
    write,
  }: { readonly read: (panel: Linked) => number | null; readonly write: (panel: Linked, value: number) => void },
): LinkField {
  return {
    key,
    stage,
    read: (panel) => text(read(panel)),
    write: (panel, value) => {
      const size = Number(value);
      if (value === "" || !(size >= least && size <= most)) return `${key} ${value}`;
      write(panel, size);
      return null;
    },
  };
}
