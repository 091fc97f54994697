import { describe, expect, test } from "vitest";

import { blocksOfWindows, decode, encode, LARGEST_CODE } from "../src/pure/codes";

const RANGES: readonly (readonly [number, number])[] = [
  [0, 1],
  [-2.1, 8.4],
  [-3, -1],
  [1e-30, 2e-30],
  [-3.4e38, 3.4e38],
];

describe.each(RANGES)("codes of the range %d to %d", (lo, hi) => {
  test("come back from their values", () => {
    for (let code = 0; code <= LARGEST_CODE; code++) expect(encode(decode(code, lo, hi), lo, hi)).toBe(code);
  });

  test("end at lo and hi exactly and rise between", () => {
    expect(decode(0, lo, hi)).toBe(lo);
    expect(decode(LARGEST_CODE, lo, hi)).toBeCloseTo(hi, 10);
    for (let code = 1; code <= LARGEST_CODE; code++) {
      expect(decode(code, lo, hi)).toBeGreaterThan(decode(code - 1, lo, hi));
    }
  });

  test("lose at most half a step", () => {
    const half = (hi - lo) / LARGEST_CODE / 2;
    for (let part = 0; part <= 1000; part++) {
      const value = lo + (part / 1000) * (hi - lo);
      expect(Math.abs(decode(encode(value, lo, hi), lo, hi) - value)).toBeLessThanOrEqual(half * (1 + 1e-9));
    }
  });
});

test.each([
  [253, -Infinity],
  [254, Infinity],
  [255, NaN],
])("code %d means %d whatever the range", (code, value) => {
  for (const [lo, hi] of [...RANGES, [NaN, NaN] as const]) {
    expect(decode(code, lo, hi)).toBe(value);
    expect(encode(value, lo, hi)).toBe(code);
  }
});

test("every code of a constant filter is its value", () => {
  for (const code of [0, 100, LARGEST_CODE]) expect(decode(code, 0.75, 0.75)).toBe(0.75);
  expect(encode(0.75, 0.75, 0.75)).toBe(0);
});

test("windows know their block", () => {
  expect([...blocksOfWindows([0, 2, 3, 6], 6)]).toEqual([0, 0, 1, 2, 2, 2]);
  expect([...blocksOfWindows([0, 3], 3)]).toEqual([0, 0, 0]);
});
