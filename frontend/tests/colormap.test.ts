import { describe, expect, test } from "vitest";

import { encode } from "../src/pure/codes";
import {
  BLACK,
  codeTable,
  colourOf,
  legendStops,
  MAP_NAMES,
  NAN_COLOUR,
  NEGATIVE_END,
  NEGATIVE_INFINITY_COLOUR,
  packed,
  POSITIVE_INFINITY_COLOUR,
  sequentialTable,
  unpacked,
} from "../src/pure/colormap";

function luminance(colour: number): number {
  const [red, green, blue] = unpacked(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe.each(MAP_NAMES)("%s, anchored at zero", (map) => {
  test("zero is black", () => {
    expect(colourOf(0, 3, map)).toBe(BLACK);
    expect(colourOf(-0, 3, map)).toBe(BLACK);
  });

  test("the divisor and all above it have the map's last colour", () => {
    const last = sequentialTable(map)[255];
    expect(colourOf(3, 3, map)).toBe(last);
    expect(colourOf(1e9, 3, map)).toBe(last);
  });

  test("negatives run to rgb(0, 153, 173) on the same divisor and clip there", () => {
    expect(colourOf(-3, 3, map)).toBe(NEGATIVE_END);
    expect(colourOf(-30, 3, map)).toBe(NEGATIVE_END);
    expect(unpacked(NEGATIVE_END)).toEqual([0, 153, 173]);
    expect(unpacked(colourOf(-1.5, 3, map))).toEqual([0, 77, 87]);
  });

  test("farther from zero is never darker", () => {
    for (const sign of [1, -1]) {
      for (let step = 1; step <= 255; step++) {
        const nearer = luminance(colourOf((sign * (step - 1)) / 255, 1, map));
        expect(luminance(colourOf((sign * step) / 255, 1, map))).toBeGreaterThanOrEqual(nearer - 0.5);
      }
    }
  });

  test("a code has the colour of its value, zero within the range too", () => {
    const table = codeTable(-2.1, 8.4, 8.4, map);
    for (const value of [-2.1, -1, 4.2, 8.4]) {
      const code = encode(value, -2.1, 8.4);
      expect(table[code]).toBe(colourOf(-2.1 + (code / 252) * 10.5, 8.4, map));
    }
    expect(codeTable(0, 5, 5, map)[0]).toBe(BLACK);
    expect(codeTable(-5, 0, 5, map)[252]).toBe(BLACK);
  });

  test("what is not finite has a colour of its own", () => {
    const table = codeTable(NaN, NaN, 1, map);
    expect([table[253], table[254], table[255]]).toEqual([
      NEGATIVE_INFINITY_COLOUR,
      POSITIVE_INFINITY_COLOUR,
      NAN_COLOUR,
    ]);
    const scale = new Set(legendStops(map, 511));
    for (const colour of [NEGATIVE_INFINITY_COLOUR, POSITIVE_INFINITY_COLOUR, NAN_COLOUR]) {
      expect(scale).not.toContain(`rgb(${unpacked(colour).join(", ")})`);
    }
  });
});

test("the tables are the published ones", () => {
  // First, middle and last entry as matplotlib gives them.
  const published: Record<string, readonly (readonly number[])[]> = {
    magma: [
      [0, 0, 4],
      [183, 55, 121],
      [252, 253, 191],
    ],
    viridis: [
      [68, 1, 84],
      [33, 145, 140],
      [253, 231, 37],
    ],
    cividis: [
      [0, 34, 78],
      [125, 124, 120],
      [254, 232, 56],
    ],
  };
  for (const map of MAP_NAMES) {
    const table = sequentialTable(map);
    expect(table).toHaveLength(256);
    expect([0, 128, 255].map((index) => unpacked(table[index] ?? 0))).toEqual(published[map]);
  }
});

test("a colour is stored as canvas pixels want it", () => {
  const pixel = new Uint32Array([packed(1, 2, 3)]);
  expect([...new Uint8Array(pixel.buffer)]).toEqual([1, 2, 3, 255]);
});

test("a legend runs from the negative end over black to the map's end", () => {
  const stops = legendStops("magma");
  expect([stops[0], stops[8], stops[16]]).toEqual(["rgb(0, 153, 173)", "rgb(0, 0, 0)", "rgb(252, 253, 191)"]);
});
