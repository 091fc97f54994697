/**
 * The colours of differences: white is none, red is more in B and blue is less, evenly darker up to the limit. The stops are
 * ColorBrewer's RdBu (C. Brewer, Apache-2.0), which colour-blind readers tell apart. Grey says nothing either way: the difference
 * is smaller than quantising either side may have made it.
 */
import type { Region } from "./atlas";
import { css, packed, TRANSPARENT, unpacked } from "./colormap";
import { newFrame, readDifferences, type Difference } from "./difference";
import type { OwnPaint } from "./draw";

const MORE = ["ffffff", "fddbc7", "f4a582", "d6604d", "b2182b", "67001f"].map(readStop);
const LESS = ["ffffff", "d1e5f0", "92c5de", "4393c3", "2166ac", "053061"].map(readStop);
export const BELOW_NOISE = packed(200, 200, 200);
/** Where either side is NaN or infinite. */
export const NO_DIFFERENCE = packed(24, 24, 24);

function readStop(digits: string): readonly number[] {
  const colour = Number.parseInt(digits, 16);
  return [colour >>> 16, (colour >>> 8) & 255, colour & 255];
}

/** 256 colours evenly along the stops. */
function ramp(stops: readonly (readonly number[])[]): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    const place = (index / 255) * (stops.length - 1);
    const at = Math.min(Math.floor(place), stops.length - 2);
    const mixed = [0, 1, 2].map((part) => {
      const [from = 0, to = 0] = [stops[at]?.[part], stops[at + 1]?.[part]];
      return Math.round(from + (place - at) * (to - from));
    });
    return packed(mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0);
  });
}

const POSITIVE = ramp(MORE);
const NEGATIVE = ramp(LESS);

/** The colour of a difference, of which sizes below `noise` say nothing. `limit` is positive. */
export function differenceColour(difference: number, limit: number, noise: number): number {
  if (Number.isNaN(difference)) return NO_DIFFERENCE;
  const size = Math.abs(difference);
  if (size < noise) return BELOW_NOISE;
  const index = Math.round(Math.min(size / limit, 1) * 255);
  return (difference < 0 ? NEGATIVE : POSITIVE)[index] ?? BELOW_NOISE;
}

/** Stops from `-limit` to `limit` for a legend. */
export function differenceStops(stops = 17): readonly string[] {
  return Array.from({ length: stops }, (_, index) => css(differenceColour((2 * index) / (stops - 1) - 1, 1, 0)));
}

/** Of cells that share a pixel the largest difference is seen: the darkest colour. Grey gives way to any that says something. */
function weight(pixel: number): number {
  if (pixel === TRANSPARENT) return -1;
  if (pixel === BELOW_NOISE) return 0;
  const [red, green, blue] = unpacked(pixel);
  return 1 + 3 * 255 - red - green - blue;
}

/** Paints frames of differences: keep one object for as long as the difference stays the same. */
export function paintDifference(difference: Difference): OwnPaint {
  const { a, b, limit } = difference;
  const { rows, columns } = b;
  const read = readDifferences(a, b);
  const frame = newFrame(b);
  const reached = "chunks" in b ? null : b.reached;
  return {
    weight,
    fill: (into, filter, index) => {
      read(filter, index, frame);
      fillRegion(into);
    },
    weightOf: (filter, row, column) => {
      read(filter, 0, frame);
      const at = row * columns + column;
      return weight(differenceColour(frame.differences[at] ?? NaN, limit, frame.noise[column] ?? 0));
    },
  };

  function fillRegion({ pixels, first, pitch }: Region): void {
    const { differences, noise } = frame;
    for (let row = 0; row < rows; row++) {
      const to = first + (rows - 1 - row) * pitch;
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        pixels[to + column] =
          reached?.[column] === 0 ? TRANSPARENT : differenceColour(differences[at] ?? NaN, limit, noise[column] ?? 0);
      }
    }
  }
}
