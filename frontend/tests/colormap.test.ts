import { describe, expect, test } from "vitest";

import { encode } from "../src/pure/codes";
import {
  BLACK,
  codeTable,
  colourOf,
  legendStops,
  MAP_NAMES,
  NAN_COLOUR,
  NEGATIVE_ENDS,
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

  test("negatives run to their end on the same divisor and clip there", () => {
    const end = NEGATIVE_ENDS[map];
    expect(colourOf(-3, 3, map)).toBe(end);
    expect(colourOf(-30, 3, map)).toBe(end);
    expect(unpacked(end)).toEqual(map === "magma" ? [0, 153, 173] : [213, 94, 0]);
    expect(unpacked(colourOf(-1.5, 3, map))).toEqual(map === "magma" ? [0, 77, 87] : [107, 47, 0]);
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

/** What those see who lack one kind of cones, of linear RGB: G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, 2009. */
const SIGHTS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  "all cones": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
/** Of D65, from linear sRGB to X, Y and Z over those of white. */
const TO_XYZ = [
  [0.4339, 0.3762, 0.1899],
  [0.2127, 0.7152, 0.0722],
  [0.0178, 0.1095, 0.8727],
];

function times(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, each, at) => sum + each * (vector[at] ?? 0), 0));
}

/** CIELAB. */
function seen(colour: number, sight: readonly (readonly number[])[]): readonly number[] {
  const linear = unpacked(colour).map((part) =>
    part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  const own = times(sight, linear).map((part) => Math.min(Math.max(part, 0), 1));
  const [x = 0, y = 0, z = 0] = times(TO_XYZ, own).map((part) =>
    part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116,
  );
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** From where on a colour is no longer nearly black. */
const BRIGHT = Array.from({ length: 23 }, (_, index) => Math.min(80 + 8 * index, 255) / 255);

test.each([
  ["magma", "all cones", 50],
  ["magma", "tritanopia", 40],
  ...(["viridis", "cividis"] as const).flatMap((map) => Object.keys(SIGHTS).map((sight) => [map, sight, 20] as const)),
] as const)("of %s no positive value looks like a negative one to %s", (map, name, least) => {
  const sight = SIGHTS[name] ?? [];
  const [above, below] = [1, -1].map((sign) => BRIGHT.map((share) => seen(colourOf(sign * share, 1, map), sight)));
  const apart = (above ?? []).flatMap((one) =>
    (below ?? []).map((other) => Math.hypot(...one.map((part, at) => part - (other[at] ?? 0)))),
  );
  expect(Math.min(...apart)).toBeGreaterThan(least);
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
