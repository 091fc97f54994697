import { expect, test } from "vitest";

import { placeAcross, placeUp, SPARK, sparkline } from "../src/pure/sparkline";

const points = (path: string) => [...path.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

test("steps stand where they are on the step axis, zero in the middle, one at the upper edge", () => {
  expect([-1, 0, 4].map((step) => placeAcross([-1, 0, 4], step))).toEqual([3, 11, 43]);
  expect(placeAcross([7], 7)).toBe(SPARK.width / 2);
  expect([1, 0, -1].map((value) => placeUp(value, 1))).toEqual([3, 12, 21]);
});

test("a hundredth is seen: heights are square roots, the same on both sides", () => {
  expect([0.25, 0.01, -0.01].map((value) => placeUp(value, 1))).toEqual([7.5, 11.1, 12.9]);
  expect(placeUp(-2, 8)).toBe(placeUp(-0.25, 1));
  expect(placeUp(NaN, 1)).toBeNaN();
});

test("values beyond one widen the scale, the same way up and down", () => {
  expect(sparkline([0, 1], [0.25, -0.5]).limit).toBe(1);
  expect(sparkline([0, 1, 2], [3, -4, NaN]).limit).toBe(4);
  expect(points(sparkline([0, 1], [4, -2]).path)).toEqual([
    [3, 3],
    [43, 18.36],
  ]);
});

test("the line breaks where nothing is known, and a step between gaps is a dot", () => {
  expect(sparkline([0, 1, 2, 3, 4], [0, 0, NaN, 1, NaN]).path).toBe("M3.00 12.00L13.00 12.00M33.00 3.00L33.00 3.00");
  expect(sparkline([0, 1], [NaN, NaN]).path).toBe("");
});

test("a thousand steps are few points, and no peak is lost", () => {
  const steps = Array.from({ length: 1000 }, (_, index) => index);
  const values = steps.map((step) => (step === 500 ? 1 : step === 501 ? -1 : 0.01 * (step % 7)));
  const drawn = points(sparkline(steps, values).path);
  expect(drawn.length).toBeLessThanOrEqual(4 * SPARK.width);
  expect(drawn.map(([, y]) => y)).toEqual(expect.arrayContaining([3, 21]));
  expect(drawn[0]?.[0]).toBe(3);
  expect(drawn.at(-1)?.[0]).toBe(43);
});
