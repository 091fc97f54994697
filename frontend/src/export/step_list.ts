/** Logged steps as a list that is typed: "before training, 0, 3, 10-14". */
import { evenly } from "../pure/epochs";
import { count } from "../words";

const BEFORE = "before training";

/** Steps besides the present one where nothing else is asked for. */
const FEW = 8;

/** Eight evenly chosen and the present one, ascending. */
export function fewSteps(steps: readonly number[], present: number | null): readonly number[] {
  const even = evenly(steps, FEW);
  const chosen = new Set(present === null || !steps.includes(present) ? even : [...even, present]);
  return steps.filter((step) => chosen.has(step));
}

/** "8 epochs and before training"; `unit` is what one step is called. */
export function stepsWords(steps: readonly number[], unit: string): string {
  const trained = steps.filter((step) => step >= 0).length;
  if (trained === steps.length) return count(trained, unit);
  return trained === 0 ? BEFORE : `${count(trained, unit)} and ${BEFORE}`;
}

/** Runs of logged steps that follow each other are written as one: "before training, 0-3, 8". */
export function writeSteps(chosen: readonly number[], steps: readonly number[]): string {
  const epochs = chosen.filter((step) => step >= 0);
  const parts: string[] = epochs.length < chosen.length ? [BEFORE] : [];
  const places = epochs.map((step) => steps.indexOf(step));
  for (let from = 0; from < places.length;) {
    let to = from;
    while (to + 1 < places.length && places[to + 1] === (places[to] ?? 0) + 1) to += 1;
    const [first = 0, last = 0] = [epochs[from], epochs[to]];
    parts.push(to - from < 2 ? epochs.slice(from, to + 1).join(", ") : `${first}-${last}`);
    from = to + 1;
  }
  return parts.join(", ");
}

const PART = /^(\d+)(?:\s*[-–]\s*(\d+))?$/;

/** The logged steps that the text names, ascending; a sentence where it names none, or something else. */
export function readSteps(text: string, steps: readonly number[]): readonly number[] | string {
  const named = new Set<number>();
  for (const part of text.split(",").map((each) => each.trim())) {
    if (part === "") continue;
    const [, from, to = from] = part.toLowerCase() === BEFORE ? ["", "-1"] : (PART.exec(part) ?? []);
    if (from === undefined) return `“${part}” is no epoch: write them like ${BEFORE}, 0, 3, 10-14.`;
    const own = steps.filter((step) => step >= Number(from) && step <= Number(to));
    if (own.length === 0) return `${part} is not among the logged epochs.`;
    for (const step of own) named.add(step);
  }
  return named.size === 0 ? "At least one epoch is needed." : steps.filter((step) => named.has(step));
}
