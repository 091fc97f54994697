import { expect, test } from "vitest";

import { correlation, correlationsWith, LEAST_WINDOWS } from "../src/pure/correlation";
import type { LayerLayout } from "../src/types";
import { rasterOfNumbers } from "../src/pure/raster";

test.each<[string, readonly number[], readonly number[], number]>([
  ["the same", [1, 2, 3, 5, 8], [1, 2, 3, 5, 8], 1],
  ["of another size and place", [1, 2, 3, 5, 8], [-10, 10, 30, 70, 130], 1],
  ["against", [1, 2, 3, 5, 8], [-1, -2, -3, -5, -8], -1],
  ["unrelated", [1, -1, 0, 1, -1], [1, 1, 5, -3, -3], 0],
  ["in part", [0, 0, 1, 1, 1, 0], [0, 1, 1, 1, 0, 0], 1 / 3],
  ["without what is not finite", [1, 2, 3, 5, 8, NaN, 4], [1, 2, 3, 5, 8, -9, Infinity], 1],
  ["too few windows", [1, 2, 3, 4], [1, 2, 3, 4], NaN],
  ["too few that are finite", [1, 2, 3, 4, NaN], [1, 2, 3, 4, 5], NaN],
  ["a constant one", [0.1, 0.1, 0.1, 0.1, 0.1, 0.1], [1, 2, 3, 5, 8, 9], NaN],
  ["the other constant", [1, 2, 3, 5, 8, 9], [0.7, 0.7, 0.7, 0.7, 0.7, 0.7], NaN],
  ["huge values", [1e200, 2e200, 3e200, 5e200, 8e200], [1e-200, 2e-200, 3e-200, 5e-200, 8e-200], 1],
])("%s", (_, a, b, expected) => {
  for (const found of [correlation(a, b), correlation(b, a)]) {
    if (Number.isNaN(expected)) expect(found).toBeNaN();
    else expect(found).toBeCloseTo(expected, 12);
  }
});

test("each filter with the scores of its own windows, whatever their order in time", () => {
  const layer = { filters: 2 } as LayerLayout;
  // The second window is the first in time: columns are not windows.
  const times = Array.from({ length: LEAST_WINDOWS }, (_, window) => [window, window + 1] as const).toSpliced(
    0,
    2,
    [1, 2],
    [0, 1],
  );
  const scores = [3, 1, 4, 1, 5];
  const data = Float32Array.from([...scores, ...scores.map((score) => -score)]);
  const rows = rasterOfNumbers(layer, { shape: [2, LEAST_WINDOWS, 1, 1], data }, times);
  const [first, second] = correlationsWith(rows, scores);
  expect(first).toBeCloseTo(1, 12);
  expect(second).toBeCloseTo(-1, 12);
});
