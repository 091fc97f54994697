/** Over which logged steps a clip has been taken for what it is taken for at one of them. */
import { count, stepName } from "../words";

export interface VerdictSpan {
  readonly ok: boolean;
  readonly taken: string;
  /** Places of the first and the last step of this verdict, among the logged ones. */
  readonly first: number;
  readonly last: number;
  /** What stands beyond either end: another verdict, only steps that are not known, or such steps and then another verdict. */
  readonly before: Beyond;
  readonly after: Beyond;
  /** How many of all logged steps, and of those in between, are not known. */
  readonly unknown: number;
  readonly unknownWithin: number;
}

/** "end": no other verdict. "other": one right beyond. "open": one, after steps that are not known. */
type Beyond = "end" | "other" | "open";

/**
 * `taken` is the class at each logged step, "" where it is not known. A clip that is ok stays so, whichever of its labels it is taken
 * for; one that is not stays taken for the same class. Steps that are not known end no span. Null where step `at` is not known.
 */
export function verdictSpan(taken: readonly string[], at: number, labels: readonly string[]): VerdictSpan | null {
  const now = taken[at] ?? "";
  if (now === "") return null;
  const ok = labels.includes(now);
  const isSame = (name: string): boolean => name === now || (ok && labels.includes(name));
  const [first, before] = reach(taken, at, -1, isSame);
  const [last, after] = reach(taken, at, 1, isSame);
  const unknown = (names: readonly string[]): number => names.filter((name) => name === "").length;
  const within = unknown(taken.slice(first, last + 1));
  return { ok, taken: now, first, last, before, after, unknown: unknown(taken), unknownWithin: within };
}

/** The farthest step of the same verdict, and what stands beyond it. */
function reach(
  taken: readonly string[],
  at: number,
  direction: 1 | -1,
  isSame: (name: string) => boolean,
): readonly [farthest: number, beyond: Beyond] {
  let farthest = at;
  for (let place = at + direction; place >= 0 && place < taken.length; place += direction) {
    const name = taken[place] ?? "";
    if (name === "") continue;
    if (!isSame(name)) return [farthest, place === farthest + direction ? "other" : "open"];
    farthest = place;
  }
  return [farthest, "end"];
}

interface Told {
  /** The steps that are known: all logged ones or, `exported`, those that a saved page holds. */
  readonly steps: readonly number[];
  readonly exported: boolean;
  /** As of `stepName`. */
  readonly batch: number | null;
}

/** "taken for clarinet since epoch 7". */
export function spanWords(span: VerdictSpan, told: Told): string {
  return `${span.ok ? "ok" : `taken for ${span.taken}`} ${stretch(span, told)}`;
}

function stretch({ first, last, before, after, unknown, unknownWithin }: VerdictSpan, told: Told): string {
  const { steps, exported, batch } = told;
  const unit = batch === null ? "epoch" : "step";
  if (before === "end" && after === "end") {
    return `at every ${exported ? `${unit} on this page` : `logged ${unit}`}${unknown === 0 ? "" : " that has predictions"}`;
  }
  const of = exported ? " (on this page)" : "";
  const name = (place: number): string => stepName(steps[place] ?? 0, batch);
  const gaps = unknownWithin === 0 ? "" : `, but for ${count(unknownWithin, unit)} without predictions`;
  const from = `${name(first)}${before === "open" ? " or before" : ""}`;
  const to = `${name(last)}${after === "open" ? " or later" : ""}`;
  if (after === "end") return `since ${from}${gaps}${of}`;
  if (first === last && before !== "open" && after !== "open")
    return `only ${(steps[first] ?? 0) < 0 ? "" : "at "}${from}${of}`;
  return `from ${from} to ${to}${gaps}${of}`;
}
