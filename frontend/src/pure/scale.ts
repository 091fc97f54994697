/** How far the colours reach: divisors and strengths of a layer's filters, and limits of a spectrogram. */

export type ScaleMode = "filter" | "layer";

/** Smallest and largest finite value of each filter over a clip, at one epoch or at all. */
export interface Extremes {
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
}

export interface LayerScale {
  readonly mode: ScaleMode;
  /** True where it reaches as far as the values of any logged epoch do. */
  readonly acrossEpochs: boolean;
  /** What each filter's values are divided by; always positive. */
  readonly divisors: Float64Array;
  /** max(0, largest value) of each filter over the clip, at the epoch that is shown. */
  readonly strengths: Float64Array;
  /** What strengths are measured against: that of the strongest filter of all that the scale covers. */
  readonly strongest: number;
  /** Smallest and largest value of the layer over all that the scale covers: the range that is printed. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The divisors of panel.md's scale. Per filter: its largest positive value; a filter never above zero is divided by the
 * layer's largest magnitude, so that what never fires stays dark. Per layer: the layer's largest positive value, or its
 * largest magnitude where none is positive. Largest over the clip as it is shown, or where given over `allEpochs` too.
 */
export function layerScale(shown: Extremes, mode: ScaleMode, allEpochs: Extremes | null = null): LayerScale {
  const reach = [shown, ...(allEpochs === null ? [] : [allEpochs])];
  const lowest = least(reach.flatMap(({ min }) => Array.from(min)));
  const highest = -least(reach.flatMap(({ max }) => Array.from(max, (value) => -value)));
  const [low, high] = lowest <= highest ? [lowest, highest] : [0, 0];
  const strongest = Math.max(high, 0);
  const magnitude = positiveOr(Math.max(Math.abs(low), Math.abs(high)), 1);
  const wholeLayer = positiveOr(strongest, magnitude);
  const strengths = strengthsOf(shown);
  const largest =
    allEpochs === null ? strengths : strengthsOf(allEpochs).map((most, at) => Math.max(most, strengths[at] ?? 0));
  return {
    mode,
    acrossEpochs: allEpochs !== null,
    divisors: largest.map((strength) => (mode === "layer" ? wholeLayer : positiveOr(strength, magnitude))),
    strengths,
    strongest,
    lowest: low,
    highest: high,
  };
}

/** Of the finite ones; Infinity where there is none. */
function least(values: readonly number[]): number {
  return values.reduce((smallest, value) => (Number.isFinite(value) && value < smallest ? value : smallest), Infinity);
}

function strengthsOf({ max }: Extremes): Float64Array {
  return Float64Array.from(max, (high) => (Number.isFinite(high) ? Math.max(high, 0) : 0));
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
