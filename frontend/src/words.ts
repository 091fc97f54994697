/** How numbers and shapes read on the screen. Numbers carry their units. */

/** The orders of filters. */
export const SORT_WORDS = {
  onset: "onset to harmonic",
  strength: "strength",
  change: "change",
  selectivity: "class selectivity",
  taken: "class taken for",
  index: "number",
} as const;

/** 83.456 seconds as "1:23.45": hundredths are cut, not rounded, so that a clip never shows more than it has played. */
export function clockTime(seconds: number): string {
  const hundredths = Math.max(0, Math.floor(seconds * 100 + 1e-6));
  const rest = hundredths % 6000;
  return `${Math.floor(hundredths / 6000)}:${String(Math.floor(rest / 100)).padStart(2, "0")}.${String(rest % 100).padStart(2, "0")}`;
}

export function seconds(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return `${value < 0 && Number(text) > 0 ? "−" : ""}${text} s`;
}

export function hertz(value: number): string {
  return `${Math.round(value).toLocaleString("en")} Hz`;
}

/** Tick labels stay short: "500 Hz", "2 kHz". */
export function hertzTick(value: number): string {
  return value >= 1000 ? `${Number((value / 1000).toFixed(1))} kHz` : `${Math.round(value)} Hz`;
}

/** Three significant digits, without an exponent where that stays readable. */
export function number(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  const text =
    size >= 1e5 || size < 1e-4
      ? size.toExponential(1)
      : size >= 100
        ? size.toFixed(0)
        : String(Number(size.toPrecision(3)));
  return value < 0 ? `−${text}` : text;
}

/** A score between 0 and 1 as ".71", any other as a number. */
export function score(value: number): string {
  if (!(value >= 0 && value <= 1)) return number(value);
  const text = value.toFixed(2);
  return text.startsWith("0") ? text.slice(1) : text;
}

/** Between -1 and 1, always with a sign: "+.71", "−.30". */
export function signedScore(value: number): string {
  return `${value < 0 ? "−" : "+"}${score(Math.abs(value))}`;
}

/** A share in per cent, of which small ones keep a digit: "12 %", "0.4 %". */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 10 || value === 0 ? Math.round(value).toLocaleString("en") : Number(value.toPrecision(1))} %`;
}

export function bytes(count: number): string {
  if (count < 1e3) return `${count} B`;
  return count < 1e6 ? `${(count / 1e3).toFixed(0)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

export function ordinal(position: number): string {
  const tens = position % 100;
  const ending = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][position % 10] ?? "th");
  return `${position.toLocaleString("en")}${ending}`;
}

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString("en")} ${amount === 1 ? one : many}`;
}

/** "epoch 12", "step 1,200", "before training": what one logged step is called. */
export function stepName(step: number, batch: number | null): string {
  if (step < 0) return "before training";
  return batch === null ? `epoch ${step.toLocaleString("en")}` : `step ${step.toLocaleString("en")}`;
}

/** The same of any step of a run in which a step is called so, also of one that was not logged. */
export function stepNameAs(unit: "epoch" | "step", step: number): string {
  return stepName(step, unit === "step" ? step : null);
}

/** A map's shape: "47 columns × 132 mel rows", "47 columns", "one number per window". */
export function mapShape(axes: readonly string[], shape: readonly [number, number], rowWord = "row"): string {
  const [rows, columns] = shape;
  const across = count(columns, "column");
  const up = count(rows, rowWord);
  if (axes.includes("time") && axes.includes("frequency")) return `${across} × ${up}`;
  if (axes.includes("time")) return across;
  return axes.includes("frequency") ? up : "one number per window";
}

/** A reason as it stands alone: with a capital, but for the name of a file, and a full stop. */
export function asSentence(reason: string): string {
  const [first = ""] = reason.split(" ", 1);
  const begun = /^[a-z’']+$/.test(first) ? `${first.charAt(0).toUpperCase()}${reason.slice(1)}` : reason;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** Why a step kept less than it was asked to. */
export function limitReached(why: string): string {
  if (why === "max_disk") return "max_disk reached";
  return why === "free_disk" ? "the disk was nearly full" : why;
}
