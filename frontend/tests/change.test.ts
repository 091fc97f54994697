import { expect, test } from "vitest";

import { meanChange, rootMeanSquare, whyNotCompared } from "../src/pure/change";
import { stripOf } from "./fixtures";

const half = (span: number) => span / 252 / 2 + 1e-6;

test("a layer is as large as its values' root mean square, of those filters that have any", () => {
  // Two filters of the cells 3, 5 and 0, 0: means 4 and 0, deviations 1 and 0.
  const known = { mean: Float32Array.of(4, 0, NaN), deviation: Float32Array.of(1, 0, NaN) };
  expect(rootMeanSquare(known)).toBeCloseTo(Math.sqrt((9 + 25) / 4), 6);
  expect(rootMeanSquare({ mean: Float32Array.of(NaN), deviation: Float32Array.of(NaN) })).toBeNaN();
});

test("is the mean of the differences, whatever their signs and each epoch's own codes", () => {
  const then = stripOf([
    [
      [0, 1],
      [2, 3],
    ],
    [
      [5, 5],
      [5, 5],
    ],
  ]);
  const now = stripOf([
    [
      [1, 0],
      [2, -9],
    ],
    [
      [5, 5],
      [5, 5],
    ],
  ]);
  const [first = NaN, second = NaN] = meanChange(now, then);
  expect(Math.abs(first - 14 / 4)).toBeLessThan(half(12) + half(3));
  expect(second).toBe(0);
  expect([...meanChange(then, now)]).toEqual([first, second]);
});

test("counts only what is reached and finite at both epochs", () => {
  const then = stripOf([[[0, 4, NaN, 0]]], { reached: Uint8Array.of(1, 1, 1, 0) });
  const now = stripOf([[[2, Infinity, 1, 9]]]);
  expect(meanChange(now, then)[0]).toBeCloseTo(2, 1);
  expect(meanChange(stripOf([[[NaN]]]), stripOf([[[1]]]))[0]).toBeNaN();
});

test("needs maps of one shape", () => {
  expect(whyNotCompared(stripOf([[[1, 2]]]), stripOf([[[3, 4]]]))).toBeNull();
  expect(whyNotCompared(stripOf([[[1, 2]]]), stripOf([[[3], [4]]]))).toContain("another shape");
  expect(whyNotCompared(stripOf([[[1, 2]]]), stripOf([[[3, 4]], [[5, 6]]]))).toContain("another shape");
});
