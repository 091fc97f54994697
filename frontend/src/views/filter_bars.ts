/** The bars beside filters' numbers and rows: their strengths or, where filters are sorted by other scores, these. */
import type { ScoreBars } from "../ranking";
import type { TileDrawing } from "./grid_drawing";

/** A colour, and the part of a bar that has it for a filter, in shares of the bar. */
export interface BarPart {
  readonly token: `--${string}`;
  readonly of: (filters: readonly number[]) => Span;
}

export type Span = readonly [start: number, length: number];

/** Where zero stands; 0 is the bar's beginning. */
export function zeroOf({ bars }: Pick<TileDrawing, "bars">): number {
  return bars?.signed === true ? 0.5 : 0;
}

export function barParts(drawing: Pick<TileDrawing, "scale" | "peaks" | "bars">): readonly BarPart[] {
  const { bars } = drawing;
  return [
    { token: "--bar-soft", of: () => [0, 1] },
    ...(bars === null ? strengths(drawing) : [{ token: "--bar", of: scores(bars) } as const]),
  ];
}

function strengths({ scale, peaks }: Pick<TileDrawing, "scale" | "peaks">): readonly BarPart[] {
  const share = (value: number): number => (scale.strongest > 0 ? value / scale.strongest : 0);
  const strengthOf = (filter: number): number => scale.strengths[filter] ?? 0;
  // What the strip leaves out is told apart: a dark strip may belong to a strong filter.
  const drawnOf = (filter: number): number => Math.min(Math.max(peaks?.[filter] ?? Infinity, 0), strengthOf(filter));
  return [
    { token: "--bar-hidden", of: (filters) => [0, share(furthest(filters, strengthOf))] },
    { token: "--bar", of: (filters) => [0, share(furthest(filters, drawnOf))] },
  ];
}

function scores({ values, most, signed }: ScoreBars): (filters: readonly number[]) => Span {
  const room = signed ? 0.5 : 1;
  return (filters) => {
    const share = most > 0 ? (room * furthest(filters, (filter) => values[filter] ?? NaN)) / most : 0;
    return [1 - room + Math.min(share, 0), Math.abs(share)];
  };
}

/** Of filters that share a pixel the one furthest from zero; NaN counts for nothing. */
function furthest(filters: readonly number[], of: (filter: number) => number): number {
  return filters.map(of).reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
}
