import { describe, expect, test } from "vitest";

import { differenceOf, newFrame, readDifferences, whyNoDifference } from "../src/pure/difference";
import { BELOW_NOISE, differenceColour, NO_DIFFERENCE, paintDifference } from "../src/pure/difference_paint";
import { packed, TRANSPARENT, unpacked } from "../src/pure/colormap";
import { percentileOf } from "../src/pure/percentile";
import { evenAxis, evenGrid, layerLayout, stripOf, windowsOf } from "./fixtures";

const WHITE = packed(255, 255, 255);

describe("a percentile", () => {
  const of = (percent: number, numbers: readonly number[]) => {
    const sizes = numbers.map(Math.abs).filter((size) => !Number.isNaN(size));
    return percentileOf(percent, { count: sizes.length, most: Math.max(0, ...sizes) }, (visit) => {
      for (let at = 0; at < numbers.length; at += 3) visit(Float64Array.from(numbers.slice(at, at + 3)));
    });
  };

  test("is NumPy's, linear between neighbours, of sizes in whatever pieces they come", () => {
    // numpy.percentile([1, 2, 3, 4, 10], 99) and others.
    expect(of(99, [1, -2, 3, NaN, 4, -10])).toBeCloseTo(9.76, 12);
    expect(of(50, [1, -2, 3, 4])).toBe(2.5);
    expect(of(99, [7])).toBe(7);
    expect(of(99, [0, 0])).toBe(0);
    expect(of(99, [NaN])).toBeNaN();
  });

  test("is found among numbers of very different sizes", () => {
    const numbers = Array.from({ length: 1001 }, (_, index) => 1e-9 * index);
    expect(of(99, [...numbers, 1e6])).toBeCloseTo(1e-9 * (0.99 * 1001), 18);
  });
});

describe("the difference of two epochs", () => {
  const a = stripOf([
    [
      [0, 252, 10],
      [0, 252, 10],
    ],
    [
      [0, 1, 2],
      [0, 1, 2],
    ],
  ]);
  const b = stripOf([
    [
      [0, 2.52, 2],
      [2.52, 0, 1],
    ],
    [
      [5, NaN, 2],
      [5, 1, 2],
    ],
  ]);

  test("is B - A of each cell, in the units of the layer, each side by its own codes", () => {
    const frame = newFrame(b);
    readDifferences(a, b)(0, 0, frame);
    const expected = [0, -249.48, -8, 2.52, -252, -9];
    for (const [at, value] of expected.entries())
      expect(Math.abs((frame.differences[at] ?? NaN) - value)).toBeLessThan(0.006);
    // Half a step of the finer side: below that neither side tells.
    expect(frame.noise[0]).toBeCloseTo(2.52 / 504, 6);
    readDifferences(a, b)(1, 0, frame);
    expect(frame.differences[1]).toBeNaN();
  });

  test("reaches to the 99th percentile, and tells each filter's largest", () => {
    const { limit, largest, cells, below } = differenceOf(a, b);
    expect(cells).toBe(11);
    expect(below).toBe(5 - 1);
    expect(largest[0]).toBeCloseTo(252, 2);
    expect(largest[1]).toBeCloseTo(5, 2);
    expect(limit).toBeCloseTo(249.48 + 0.9 * 2.52, 1);
  });

  test("leaves out columns that are not reached and rows that no tile shows", () => {
    const frequency = { ...evenAxis(1), cells: 1, centres: [0, 1] };
    const layer = layerLayout({ filters: 2, shape: [2, 3], frequency });
    const reached = Uint8Array.of(1, 1, 0);
    const of = (maps: typeof a) => ({ ...maps, layer, reached });
    const { cells, largest } = differenceOf(of(a), of(b));
    expect(cells).toBe(3);
    expect(largest[0]).toBeCloseTo(249.48, 2);
  });

  test("of single windows is taken window by window", () => {
    const layer = layerLayout({ filters: 2, shape: [2, 2], map_shape: [2, 2] });
    const [then, now] = [windowsOf(layer, 3, [0, 252]), windowsOf(layer, 3, [1, 253])];
    const { largest, limit, cells } = differenceOf(then, now);
    expect([...largest, limit]).toEqual([1, 1, 1]);
    expect(cells).toBe(24);
  });

  test("needs filters, shapes and places that are the same", () => {
    expect(whyNoDifference(a, b)).toBeNull();
    expect(whyNoDifference(a, stripOf([[[1, 2, 3]], [[1, 2, 3]]]))).toContain("another shape");
    expect(whyNoDifference(a, stripOf([[[1, 2, 3]]]))).toContain("2 filters then and has 1");
    expect(whyNoDifference(a, { ...b, grid: evenGrid(3, { start: 0.1 }) })).toContain("other moments");
  });
});

describe("the colours of differences", () => {
  test("diverge around white, red for more and blue for less, evenly dark", () => {
    expect(differenceColour(0, 1, 0)).toBe(WHITE);
    expect(unpacked(differenceColour(1, 1, 0))).toEqual([103, 0, 31]);
    expect(unpacked(differenceColour(-1, 1, 0))).toEqual([5, 48, 97]);
    expect(differenceColour(-9, 1, 0)).toBe(differenceColour(-1, 1, 0));
    let [red, blue] = [WHITE, WHITE].map(sum);
    for (let share = 0.05; share <= 1; share += 0.05) {
      const [more, less] = [share, -share].map((value) => sum(differenceColour(value, 1, 0)));
      expect(more).toBeLessThan(red ?? 0);
      expect(less).toBeLessThan(blue ?? 0);
      [red, blue] = [more, less];
    }
  });

  test("are grey only where neither side's codes tell", () => {
    expect(differenceColour(0.09, 1, 0.1)).toBe(BELOW_NOISE);
    expect(differenceColour(-0.09, 1, 0.1)).toBe(BELOW_NOISE);
    expect(differenceColour(0.1, 1, 0.1)).not.toBe(BELOW_NOISE);
    expect(differenceColour(NaN, 1, 0.1)).toBe(NO_DIFFERENCE);
  });

  test("fill a slot with the highest row on top, and of cells that share a pixel the largest weighs most", () => {
    const then = stripOf(
      [
        [
          [0, 252],
          [0, 252],
        ],
      ],
      { reached: Uint8Array.of(1, 1) },
    );
    const now = stripOf([
      [
        [0, 0],
        [252, 252],
      ],
    ]);
    const paint = paintDifference(differenceOf(then, now));
    const pixels = new Uint32Array(4);
    paint.fill({ pixels, first: 0, pitch: 2 }, 0, 0);
    expect([...pixels]).toEqual([252, 0, 0, -252].map((value) => differenceColour(value, 252, 0.5)));
    const weights = [252, -100, 1, 0].map((value) => paint.weight(differenceColour(value, 252, 0.5)));
    expect([...weights].sort((one, other) => other - one)).toEqual(weights);
    expect(paint.weight(BELOW_NOISE)).toBeGreaterThan(paint.weight(TRANSPARENT));
    expect(paint.weightOf(0, 1, 0)).toBe(paint.weight(differenceColour(252, 252, 0.5)));
  });
});

function sum(colour: number): number {
  return unpacked(colour).reduce((total, part) => total + part, 0);
}
