import { describe, expect, test } from "vitest";

import { asCodes, asFloats, parseNpy } from "../src/pure/npy";
import { createNpy } from "./npy";

describe("an array survives being written and read", () => {
  const shapes = [[], [0], [7], [2, 3], [1, 2, 3, 4], [5, 0, 2]];
  test.each(shapes.flatMap((shape) => [1, 2].map((version) => ({ shape, version }))))(
    "shape $shape, version $version",
    ({ shape, version }) => {
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      const codes = Uint8Array.from({ length: size }, (_, index) => (index * 89) % 256);
      const floats = Float32Array.from({ length: size }, (_, index) => (index === 1 ? NaN : index / 3));
      expect(parseNpy(createNpy(codes, shape, { version }))).toEqual({ shape, data: codes });
      expect(parseNpy(createNpy(floats, shape, { version }))).toEqual({ shape, data: floats });
    },
  );

  test("also from the middle of a larger buffer, where floats are not aligned", () => {
    const floats = Float32Array.of(1.5, -2, Infinity);
    const file = createNpy(floats, [3]);
    const larger = new Uint8Array(file.length + 3);
    larger.set(file, 3);
    expect(parseNpy(larger.subarray(3)).data).toEqual(floats);
  });
});

describe("what is damaged or of another kind is refused with its reason", () => {
  const good = createNpy(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
  const changed = (at: number, value: number): Uint8Array => {
    const bytes = good.slice();
    bytes[at] = value;
    return bytes;
  };
  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /not a \.npy/],
    ["another file", new TextEncoder().encode("PK\x03\x04 and so on"), /not a \.npy/],
    ["a version to come", changed(6, 3), /version 3/],
    ["cut in the header's length", good.slice(0, 9), /cut short/],
    ["cut in the header", good.slice(0, 40), /cut short/],
    ["cut in the data", good.slice(0, -1), /needs 6 bytes, but 5 came/],
    ["too long", Uint8Array.of(...good, 0), /needs 6 bytes, but 7 came/],
    ["Fortran order", createNpy(Uint8Array.of(1, 2, 3, 4), [2, 2], { fortran: true }), /Fortran/],
    ["doubles", createNpy(new Float32Array(4), [2], { descr: "<f8" }), /holds <f8/],
    ["big-endian floats", createNpy(new Float32Array(2), [2], { descr: ">f4" }), /holds >f4/],
    ["a pickled object", createNpy(new Uint8Array(8), [1], { descr: "|O" }), /holds \|O/],
    ["no header fields", changed(12, 0), /header cannot be read/],
  ])("%s", (_, bytes, reason) => {
    expect(() => parseNpy(bytes)).toThrow(reason);
  });
});

test("an array of another shape or type than promised is refused", () => {
  const codes = parseNpy(createNpy(new Uint8Array(6), [2, 3]));
  expect(asCodes(codes, [2, 3])).toHaveLength(6);
  expect(() => asCodes(codes, [3, 2])).toThrow("uint8 (2, 3); uint8 (3, 2) is expected");
  expect(() => asFloats(codes, [2, 3])).toThrow("float32 (2, 3) is expected");
});
