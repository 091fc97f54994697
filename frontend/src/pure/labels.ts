/** Where labels beside an axis go. Positions are pixels from the top, of a label's middle. */

export interface Label {
  readonly at: number;
  /** Has a place in any case: it is moved by what it takes rather than left out. */
  readonly kept?: boolean;
}

/** A label's height, and how near the middles of two may come. */
export const LINE = 13;
const NEAREST = LINE - 2;

/**
 * None nearer than a line to another, none cut in half by an edge. First those that are kept, moved apart where they are too
 * near; then the others, the first of `wanted` first, where there is room. Positions outside the axis get no label.
 */
export function placeLabels<T extends Label>(wanted: readonly T[], height: number): readonly T[] {
  const inside = wanted
    .filter(({ at }) => at >= 0 && at <= height)
    .map((label) => ({ ...label, at: Math.min(Math.max(label.at, LINE / 2), height - LINE / 2) }));
  const room = Math.max(Math.floor((height - LINE) / LINE) + 1, 1);
  const kept = inside.filter((label) => label.kept === true).slice(0, room);
  const placed: T[] = movedApart(kept, height);
  for (const label of inside) {
    if (label.kept !== true && placed.every(({ at }) => Math.abs(at - label.at) >= NEAREST)) placed.push(label);
  }
  return placed;
}

/** A line apart at least, in the order of their places: pushed downwards, and back up from the lower edge. */
function movedApart<T extends Label>(labels: readonly T[], height: number): T[] {
  const sorted = labels.toSorted((a, b) => a.at - b.at);
  const at = sorted.map((label) => label.at);
  for (let index = 1; index < at.length; index++) {
    at[index] = Math.max(at[index] ?? 0, (at[index - 1] ?? 0) + LINE);
  }
  let lowest = height - LINE / 2;
  for (let index = at.length - 1; index >= 0; index--) {
    at[index] = Math.min(at[index] ?? 0, lowest);
    lowest = (at[index] ?? 0) - LINE;
  }
  return sorted.map((label, index) => ({ ...label, at: at[index] ?? label.at }));
}
