/** How far the colours reach: divisors and strengths of a layer's filters, and limits of a spectrogram. */

export type ScaleMode = "filter" | "layer";

/** Smallest and largest finite value of each filter over what the scale covers (a clip; or several, merged). */
export interface Extremes {
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
}

export interface LayerScale {
  readonly mode: ScaleMode;
  /** What each filter's values are divided by; always positive. */
  readonly divisors: Float64Array;
  /** max(0, largest value) of each filter. */
  readonly strengths: Float64Array;
  /** The strongest filter's strength. */
  readonly strongest: number;
  /** Smallest and largest value of the layer: the range that is printed. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The divisors of panel.md's scale. Per filter: its largest positive value; a filter never above zero is divided by the
 * layer's largest magnitude, so that what never fires stays dark. Per layer: the layer's largest positive value, or its
 * largest magnitude where none is positive.
 */
export function layerScale({ min, max }: Extremes, mode: ScaleMode): LayerScale {
  const filters = max.length;
  const strengths = new Float64Array(filters);
  let lowest = Infinity;
  let highest = -Infinity;
  for (let filter = 0; filter < filters; filter++) {
    const low = min[filter] ?? NaN;
    const high = max[filter] ?? NaN;
    if (Number.isFinite(low)) lowest = Math.min(lowest, low);
    if (Number.isFinite(high)) {
      highest = Math.max(highest, high);
      strengths[filter] = Math.max(high, 0);
    }
  }
  if (lowest > highest) [lowest, highest] = [0, 0];
  const strongest = Math.max(highest, 0);
  const magnitude = positiveOr(Math.max(Math.abs(lowest), Math.abs(highest)), 1);
  const wholeLayer = positiveOr(strongest, magnitude);
  const divisors = strengths.map((strength) => (mode === "layer" ? wholeLayer : positiveOr(strength, magnitude)));
  return { mode, divisors, strengths, strongest, lowest, highest };
}

function positiveOr(value: number, otherwise: number): number {
  return value > 0 ? value : otherwise;
}

/** 80 decibels, librosa's `top_db`, in the units a spectrogram comes in; "ln" is the logarithm of magnitudes, as of LogMel. */
const TOP: Readonly<Record<string, number>> = { ln: 4 * Math.LN10, dB: 80 };

/** Lowest and highest value to colour: the whole range, but at most 80 dB below the top where the unit is logarithmic. */
export function spectrogramLimits(values: Float32Array, unit: string): readonly [lowest: number, highest: number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (lowest > highest) return [0, 1];
  const top = TOP[unit];
  if (top !== undefined) lowest = Math.max(lowest, highest - top);
  return highest > lowest ? [lowest, highest] : [lowest, lowest + 1];
}
