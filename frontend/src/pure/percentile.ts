/** A percentile of more numbers than should be held at once: they are gone through twice instead. */

const BINS = 4096;

/**
 * The percentile of sizes as NumPy defines it (linear between neighbours). `each` calls `visit` with all of them, in pieces of
 * either sign; NaN count for nothing. `count` and `most` are how many there are, and the largest.
 */
export function percentileOf(
  percent: number,
  { count, most }: { readonly count: number; readonly most: number },
  each: (visit: (numbers: Float64Array) => void) => void,
): number {
  if (count === 0) return NaN;
  if (most === 0) return 0;
  const rank = (percent / 100) * (count - 1);
  const binOf = (size: number): number => Math.min(Math.floor((size / most) * BINS), BINS - 1);
  const counts = new Float64Array(BINS);
  each((numbers) => {
    for (const number of numbers) {
      const size = Math.abs(number);
      if (!Number.isNaN(size)) counts[binOf(size)] = (counts[binOf(size)] ?? 0) + 1;
    }
  });
  const { bin: first, before } = holding(counts, Math.floor(rank));
  const { bin: last } = holding(counts, Math.min(Math.floor(rank) + 1, count - 1));
  const held: number[] = [];
  each((numbers) => {
    for (const number of numbers) {
      const size = Math.abs(number);
      if (binOf(size) >= first && binOf(size) <= last) held.push(size);
    }
  });
  const sizes = Float64Array.from(held).sort();
  const at = Math.floor(rank) - before;
  const [low = NaN, high = low] = [sizes[at], sizes[at + 1]];
  return low + (rank - Math.floor(rank)) * (high - low);
}

/** The bin that holds the number of a rank, and how many numbers lie in bins before it. */
function holding(counts: Float64Array, rank: number): { readonly bin: number; readonly before: number } {
  let before = 0;
  for (const [bin, amount] of counts.entries()) {
    if (before + amount > rank) return { bin, before };
    before += amount;
  }
  return { bin: counts.length - 1, before };
}
