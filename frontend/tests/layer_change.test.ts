import { describe, expect, test } from "vitest";

import { layerChange } from "../src/pure/layer_change";
import type { NpyArray } from "../src/pure/npy";

/** Of one clip: mean and deviation of each filter. */
function statistics(...filters: (readonly [mean: number, deviation: number])[]): NpyArray {
  const data = Float32Array.from(filters.flatMap(([mean, deviation]) => [-9, 9, mean, deviation, 0.5, 0]));
  return { shape: [1, filters.length, 6], data };
}

const ALL = { first_filter: 0, filters: 2 };
const between = (now: NpyArray, then: NpyArray) => layerChange(now, ALL, then, ALL);

describe("the change of a layer", () => {
  test("is by the formula", () => {
    const [now, then] = [statistics([3, 4], [0, 0]), statistics([0, 4], [4, 0])];
    expect(between(now, then)).toBeCloseTo(5 / (5 + Math.sqrt(32)), 6);
    expect(between(then, now)).toBe(between(now, then));
  });

  test("is 0 where nothing changed, 1 from nothing to something, the same in every unit", () => {
    const some = statistics([1, 2], [-3, 0.5]);
    expect(between(some, some)).toBe(0);
    expect(between(some, statistics([0, 0], [0, 0]))).toBe(1);
    const other = statistics([2, 2], [-1, 1]);
    const inMilli = (each: NpyArray) => ({ ...each, data: (each.data as Float32Array).map((value) => value * 1000) });
    expect(between(inMilli(some), inMilli(other))).toBeCloseTo(between(some, other), 6);
  });

  test("counts filters that are known at both steps, of the layer's own", () => {
    const now = statistics([7, 7], [1, 0], [5, 1]);
    const then = statistics([1, 0], [NaN, NaN]);
    expect(layerChange(now, { first_filter: 1, filters: 2 }, then, { first_filter: 0, filters: 2 })).toBe(0);
    expect(between(statistics([NaN, 1], [NaN, 1]), then)).toBeNaN();
    expect(between(statistics([0, 0], [0, 0]), statistics([0, 0], [0, 0]))).toBeNaN();
  });
});
