/** How much a link brings in a time, from what was seen on it. */

/** One transfer, or several that overlapped and so shared the link. */
export interface Burst {
  /** On the wire. */
  readonly bytes: number;
  /** Milliseconds on one clock: when the first was asked for, and when the last byte had come. */
  readonly start: number;
  readonly end: number;
}

/** Of smaller ones the time is mostly the link's delay: they count only while there are no others. */
const TELLING_BYTES = 32 << 10;
const MOST_BURSTS = 3;

/** With one more transfer: what overlaps is joined, the oldest are left out. */
export function withTransfer(known: readonly Burst[], transfer: Burst): readonly Burst[] {
  const overlaps = ({ start, end }: Burst): boolean => start < transfer.end && end > transfer.start;
  const joined = known.filter(overlaps).reduce(
    (sum, burst) => ({
      bytes: sum.bytes + burst.bytes,
      start: Math.min(sum.start, burst.start),
      end: Math.max(sum.end, burst.end),
    }),
    transfer,
  );
  const all = [...known.filter((burst) => !overlaps(burst)), joined].filter(({ start, end }) => end > start);
  const telling = all.filter(({ bytes }) => bytes >= TELLING_BYTES);
  return (telling.length > 0 ? telling : all).slice(-MOST_BURSTS);
}

/**
 * Bytes per millisecond, the waiting for the first byte included; null where nothing was seen. The slowest of the latest: a
 * link that has become slow is believed at once.
 */
export function throughput(bursts: readonly Burst[]): number | null {
  const rates = bursts.map(({ bytes, start, end }) => bytes / (end - start));
  return rates.length === 0 ? null : Math.min(...rates);
}
