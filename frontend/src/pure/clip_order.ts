/** Which clips come first in their list, and which are left in it. */
import type { Verdict } from "./predict";

export interface Standing {
  readonly verdict: Verdict;
  /** As of `margin`; NaN where there is none. */
  readonly margin: number;
}

const GROUPS: Readonly<Record<Verdict["kind"], number>> = { taken: 0, ok: 1, unlabelled: 2, unknown: 3 };

/**
 * Places in the list, those taken for something else first and of these the farthest from right; then those that are right, the
 * nearest to wrong first; then those of which neither can be said. Equal ones keep their order, those without a margin come last.
 */
export function wrongFirst(clips: readonly Standing[]): readonly number[] {
  const key = (place: number): readonly [group: number, margin: number] => {
    const clip = clips[place];
    if (clip === undefined) return [GROUPS.unknown, Infinity];
    return [GROUPS[clip.verdict.kind], Number.isNaN(clip.margin) ? Infinity : clip.margin];
  };
  return clips
    .map((_, place) => place)
    .sort((a, b) => {
      const [[groupA, marginA], [groupB, marginB]] = [key(a), key(b)];
      return groupA - groupB || (marginA === marginB ? a - b : marginA - marginB);
    });
}

/**
 * Whether every word of `search` stands somewhere in what is said of a clip, in capitals or not; the word after an arrow ("→" or
 * "->") in the class that it is wrongly taken for, which is null where there is none.
 */
export function isFound(search: string, said: readonly string[], wrongly: string | null): boolean {
  const text = said.join("\n").toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .replaceAll(/(?:→|->)\s*/g, " →")
    .split(/\s+/)
    .every((word) => {
      if (!word.startsWith("→")) return text.includes(word);
      return wrongly?.toLocaleLowerCase().includes(word.slice(1)) === true;
    });
}
