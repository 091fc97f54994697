/**
 * Colours. Zero is anchored: zero is black, positive values run up a perceptually even map, negative ones from black to a
 * colour that is not in it. Both are divided by the same divisor and clipped at 1.
 *
 * A colour is one 32-bit number as a little-endian Uint32Array over canvas pixels wants it: 0xAABBGGRR.
 */
import { CODE_NAN, CODE_NEGATIVE_INFINITY, CODE_POSITIVE_INFINITY, decode, LARGEST_CODE } from "./codes";
import { CIVIDIS, MAGMA, VIRIDIS } from "./colormap_tables";

export type MapName = "magma" | "viridis" | "cividis";
export const MAP_NAMES: readonly MapName[] = ["magma", "viridis", "cividis"];

export function packed(red: number, green: number, blue: number, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Red, green, blue of a packed colour. */
export function unpacked(colour: number): readonly [red: number, green: number, blue: number] {
  return [colour & 255, (colour >>> 8) & 255, (colour >>> 16) & 255];
}

export const BLACK = packed(0, 0, 0);
export const TRANSPARENT = 0;
/**
 * What negative values run to. Teal is the middle of viridis and, to those who do not see red or green, of cividis: there it
 * is the vermilion of M. Okabe and K. Ito, "Color universal design", 2008.
 */
export const NEGATIVE_ENDS: Readonly<Record<MapName, number>> = {
  magma: packed(0, 153, 173),
  viridis: packed(213, 94, 0),
  cividis: packed(213, 94, 0),
};
/** Values that are not finite: none of these colours is in any map, and they differ in lightness too. */
export const NAN_COLOUR = packed(128, 128, 128);
export const POSITIVE_INFINITY_COLOUR = packed(255, 255, 255);
export const NEGATIVE_INFINITY_COLOUR = packed(70, 90, 255);

function readTable(digits: string): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    const colour = Number.parseInt(digits.slice(6 * index, 6 * index + 6), 16);
    return packed(colour >>> 16, (colour >>> 8) & 255, colour & 255);
  });
}

function scaled(colour: number, factor: number): number {
  const [red, green, blue] = unpacked(colour);
  return packed(Math.round(red * factor), Math.round(green * factor), Math.round(blue * factor));
}

const SEQUENTIAL: Readonly<Record<MapName, Uint32Array>> = {
  magma: readTable(MAGMA),
  viridis: readTable(VIRIDIS),
  cividis: readTable(CIVIDIS),
};

/** The share of a map over which it fades in from black: magma begins there, the others do not, and zero must be black in all. */
const FADE_IN = 1 / 8;

function anchoredAtBlack(table: Uint32Array): Uint32Array {
  return table.map((colour, index) => scaled(colour, Math.min(index / 255 / FADE_IN, 1)));
}

const POSITIVE: Readonly<Record<MapName, Uint32Array>> = {
  magma: SEQUENTIAL.magma.map((colour, index) => (index === 0 ? BLACK : colour)),
  viridis: anchoredAtBlack(SEQUENTIAL.viridis),
  cividis: anchoredAtBlack(SEQUENTIAL.cividis),
};

function upTo(end: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => scaled(end, index / 255));
}

const NEGATIVE: Readonly<Record<MapName, Uint32Array>> = {
  magma: upTo(NEGATIVE_ENDS.magma),
  viridis: upTo(NEGATIVE_ENDS.viridis),
  cividis: upTo(NEGATIVE_ENDS.cividis),
};

/** The 256 colours of a map as published, lowest first: for spectrograms and class x time. */
export function sequentialTable(map: MapName): Uint32Array {
  return SEQUENTIAL[map];
}

/** The colour of a value: `value / divisor` clipped to -1 and 1, zero black. `divisor` is positive. */
export function colourOf(value: number, divisor: number, map: MapName): number {
  if (Number.isNaN(value)) return NAN_COLOUR;
  if (value === Infinity) return POSITIVE_INFINITY_COLOUR;
  if (value === -Infinity) return NEGATIVE_INFINITY_COLOUR;
  const index = Math.round(Math.min(Math.abs(value) / divisor, 1) * 255);
  return (value < 0 ? NEGATIVE : POSITIVE)[map][index] ?? BLACK;
}

/** The colours of all codes of a filter and block with the range `lo` to `hi`. */
export function codeTable(lo: number, hi: number, divisor: number, map: MapName): Uint32Array {
  const table = new Uint32Array(256);
  const [positive, negative] = [POSITIVE[map], NEGATIVE[map]];
  const [spread, levels] = [hi - lo, 255 / divisor];
  // As `colourOf` of each value, without its calls or anything that is not a number: hundreds are made for one picture.
  for (let code = 0; code <= LARGEST_CODE; code++) {
    const level = (lo + (code / LARGEST_CODE) * spread) * levels;
    if (level >= 0) table[code] = positive[level < 255 ? (level + 0.5) | 0 : 255] ?? BLACK;
    else if (level < 0) table[code] = negative[level > -255 ? (0.5 - level) | 0 : 255] ?? BLACK;
    else table[code] = NAN_COLOUR;
  }
  for (const code of [CODE_NEGATIVE_INFINITY, CODE_POSITIVE_INFINITY, CODE_NAN]) {
    table[code] = colourOf(decode(code, lo, hi), divisor, map);
  }
  return table;
}

/** Stops of the whole zero-anchored scale from `-1` to `1`, for a legend: CSS colours, evenly apart. */
export function legendStops(map: MapName, stops = 17): readonly string[] {
  return Array.from({ length: stops }, (_, index) => css(colourOf((2 * index) / (stops - 1) - 1, 1, map)));
}

export function css(colour: number): string {
  return `rgb(${unpacked(colour).join(", ")})`;
}
