/** A curve of a few pixels: values over logged steps about a zero line, so that the side of zero is seen first. */

/** CSS pixels. */
export const SPARK = { width: 46, height: 24, edge: 3 } as const;

export interface Sparkline {
  /** An SVG path of at most four points per pixel across; a gap where a value is NaN. */
  readonly path: string;
  /** The value at the upper edge; minus that at the lower edge. */
  readonly limit: number;
}

/** `steps` ascending, one value each. Edges are at -1 and 1, or as far out as the values go. */
export function sparkline(steps: readonly number[], values: Iterable<number>): Sparkline {
  let limit = 1;
  for (const value of values) if (Math.abs(value) > limit) limit = Math.abs(value);
  const places = Array.from(values, (value, index) => ({
    x: placeAcross(steps, steps[index] ?? NaN),
    y: placeUp(value, limit),
  }));
  return { path: unbroken(places).map(drawn).join(""), limit };
}

/** Where a step stands across, in CSS pixels. */
export function placeAcross(steps: readonly number[], step: number): number {
  const first = steps[0] ?? 0;
  const span = (steps.at(-1) ?? 0) - first;
  const share = span === 0 ? 0.5 : (step - first) / span;
  return SPARK.edge + share * (SPARK.width - 2 * SPARK.edge);
}

/**
 * Where a value stands down from the top, in CSS pixels. Heights are square roots of values: small ones keep their side of zero in
 * sight, and lines of one limit can still be compared.
 */
export function placeUp(value: number, limit: number): number {
  const half = SPARK.height / 2;
  return half - Math.sign(value) * Math.sqrt(Math.abs(value) / limit) * (half - SPARK.edge);
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Neighbours without a gap between them. */
function unbroken(places: readonly Place[]): readonly (readonly Place[])[] {
  const pieces: Place[][] = [];
  let piece: Place[] = [];
  for (const place of places) {
    if (Number.isNaN(place.y)) piece = [];
    else if (piece.push(place) === 1) pieces.push(piece);
  }
  return pieces;
}

/** A single point is a line to itself, which round ends make a dot. */
function drawn(piece: readonly Place[]): string {
  const points = thinned(piece).map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`);
  return `M${points[0] ?? ""}L${(points.length > 1 ? points.slice(1) : points).join(" ")}`;
}

/** The first, lowest, highest and last point of each pixel across: the same picture from fewer points. */
function thinned(piece: readonly Place[]): readonly Place[] {
  const columns: Place[][] = [];
  for (const place of piece) {
    const column = columns.at(-1);
    if (column?.[0] !== undefined && Math.floor(column[0].x) === Math.floor(place.x)) column.push(place);
    else columns.push([place]);
  }
  return columns.flatMap((column) => {
    if (column.length <= 4) return column;
    const byHeight = [...column].sort((one, other) => one.y - other.y);
    const kept = new Set([column[0], byHeight[0], byHeight.at(-1), column.at(-1)]);
    return column.filter((place) => kept.has(place));
  });
}
