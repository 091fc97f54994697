/** The colours of codes, made when first asked for and kept with the paint that they follow from. */
import type { Ranges } from "./codes";
import { codeTable } from "./colormap";
import type { Paint } from "./draw";
import { brightness } from "./shrink";

const COLOURS = new WeakMap<Paint, WeakMap<Ranges, (Uint32Array | undefined)[]>>();
const LIGHTS = new WeakMap<Uint32Array, Int32Array>();

/** The colour of each code of a filter and block. */
export function coloursOf(ranges: Ranges, block: number, filter: number, paint: Paint): Uint32Array {
  const byRanges = COLOURS.get(paint) ?? new WeakMap<Ranges, (Uint32Array | undefined)[]>();
  COLOURS.set(paint, byRanges);
  const tables = byRanges.get(ranges) ?? [];
  byRanges.set(ranges, tables);
  const at = block * ranges.filters + filter;
  return (tables[at] ??= codeTable(ranges.lo[at] ?? NaN, ranges.hi[at] ?? NaN, paint.divisors[filter] ?? 1, paint.map));
}

/** How much light each of these colours gives. */
export function lightsOf(colours: Uint32Array): Int32Array {
  const known = LIGHTS.get(colours) ?? Int32Array.from(colours, brightness);
  LIGHTS.set(colours, known);
  return known;
}
