import { expect, test } from "vitest";

import { barOf, barRange, measured } from "../src/pure/summaries";

const statistics = {
  min: Float32Array.of(-3, -2),
  max: Float32Array.of(4, -1),
  mean: Float32Array.of(0.5, -1.5),
  deviation: Float32Array.of(1, 1),
  active: Float32Array.of(0.25, 0),
  nonFinite: Float32Array.of(0, 0),
};

test("strength is never below zero, means may be", () => {
  expect([...measured(statistics, "strength")]).toEqual([4, 0]);
  expect([...measured(statistics, "mean")]).toEqual([0.5, -1.5]);
  expect([...measured(statistics, "active")]).toEqual([0.25, 0]);
});

test("bars of both sides share one range that holds zero", () => {
  expect(barRange(Float64Array.of(2, NaN), Float64Array.of(-1, 1))).toEqual([-1, 2]);
  expect(barRange(Float64Array.of(2, 1))).toEqual([0, 2]);
  expect(barOf(2, [-1, 3])).toEqual({ from: 0.25, width: 0.5 });
  expect(barOf(-1, [-1, 3])).toEqual({ from: 0, width: 0.25 });
  expect(barOf(NaN, [-1, 3]).width).toBe(0);
  expect(barOf(0, [0, 0])).toEqual({ from: 0, width: 0 });
});
