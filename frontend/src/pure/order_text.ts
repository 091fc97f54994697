/** An order of filters as text: of each its number in base 36, all of one length, so that hundreds fit into an address. */
const BASE = 36;

function lengthFor(count: number): number {
  return Math.max(count - 1, 0).toString(BASE).length;
}

export function writeOrder(filters: readonly number[]): string {
  const length = lengthFor(filters.length);
  return filters.map((filter) => filter.toString(BASE).padStart(length, "0")).join("");
}

/** The inverse; null where it does not name each of `count` filters once. */
export function readOrder(text: string, count: number): readonly number[] | null {
  const length = lengthFor(count);
  if (!/^[0-9a-z]*$/.test(text) || text.length !== length * count) return null;
  const filters = Array.from({ length: count }, (_, at) => parseInt(text.slice(length * at, length * (at + 1)), BASE));
  const named = new Set(filters.filter((filter) => filter < count));
  return named.size === count ? filters : null;
}
