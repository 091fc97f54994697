/** Logged steps as a list that is typed: "0, 3, 10-14". */

/** Steps besides the present one where nothing else is asked for. */
const FEW = 8;

/** Eight evenly chosen and the present one, ascending. */
export function fewSteps(steps: readonly number[], present: number | null): readonly number[] {
  const last = steps.length - 1;
  const even = Array.from({ length: Math.min(FEW, steps.length) }, (_, index) => {
    const share = last < FEW ? index / Math.max(last, 1) : index / (FEW - 1);
    return steps[Math.round(share * last)] ?? 0;
  });
  const chosen = new Set(present === null || !steps.includes(present) ? even : [...even, present]);
  return steps.filter((step) => chosen.has(step));
}

/** Runs of logged steps that follow each other are written as one: "-1-3, 8". */
export function writeSteps(chosen: readonly number[], steps: readonly number[]): string {
  const parts: string[] = [];
  const places = chosen.map((step) => steps.indexOf(step));
  for (let from = 0; from < places.length;) {
    let to = from;
    while (to + 1 < places.length && places[to + 1] === (places[to] ?? 0) + 1) to += 1;
    const [first = 0, last = 0] = [chosen[from], chosen[to]];
    parts.push(to - from < 2 ? chosen.slice(from, to + 1).join(", ") : `${first}-${last}`);
    from = to + 1;
  }
  return parts.join(", ");
}

const PART = /^(-?\d+)(?:\s*[-–]\s*(-?\d+))?$/;

/** The logged steps that the text names, ascending; a sentence where it names none, or something else. */
export function readSteps(text: string, steps: readonly number[]): readonly number[] | string {
  const named = new Set<number>();
  for (const part of text.split(",").map((each) => each.trim())) {
    if (part === "") continue;
    const [, from, to = from] = PART.exec(part) ?? [];
    if (from === undefined) return `“${part}” is no epoch: write them like 0, 3, 10-14.`;
    const own = steps.filter((step) => step >= Number(from) && step <= Number(to));
    if (own.length === 0) return `${part} is not among the logged epochs.`;
    for (const step of own) named.add(step);
  }
  return named.size === 0 ? "At least one epoch is needed." : steps.filter((step) => named.has(step));
}
