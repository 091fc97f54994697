import { describe, expect, it } from "vitest";

import { aroundChanges, evenly, filterChanges } from "../src/pure/epochs";

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe("evenly", () => {
  it.each([1, 2, 11, 12, 13, 15, 81, 1000])(
    "of %i keeps the first and the last, at most twelve, ascending",
    (count) => {
      const chosen = evenly(range(count));
      expect(chosen).toHaveLength(Math.min(count, 12));
      expect([chosen[0], chosen.at(-1)]).toEqual([0, count - 1]);
      const gaps = chosen.slice(1).map((place, at) => place - (chosen[at] ?? NaN));
      expect(Math.min(...gaps, Infinity)).toBeGreaterThan(0);
      if (count > 12) expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
    },
  );
});

describe("aroundChanges", () => {
  it("shows each large change with the epoch before it", () => {
    const changes = range(100).map(() => 0.1);
    changes[0] = NaN;
    changes[40] = 5;
    changes[41] = 3;
    changes[77] = 9;
    expect(aroundChanges(range(100), changes, 8)).toEqual([0, 1, 39, 40, 41, 76, 77, 99]);
    expect(aroundChanges(range(5), changes)).toEqual(range(5));
    expect(
      aroundChanges(
        range(100),
        range(100).map(() => NaN),
      ),
    ).toHaveLength(12);
  });
});

describe("filterChanges", () => {
  it("measures how far mean and deviation went, between the places that are given", () => {
    const [steps, filters] = [4, 2];
    const data = new Float32Array(steps * filters * 6).fill(7);
    const set = (step: number, mean: number, deviation: number): void => {
      data[(step * filters + 1) * 6 + 2] = mean;
      data[(step * filters + 1) * 6 + 3] = deviation;
    };
    set(0, 1, 1);
    set(1, NaN, NaN);
    set(2, 4, 5);
    set(3, 4, 6);
    const statistics = { shape: [steps, filters, 6], data };
    expect([...filterChanges(statistics, [0, 2, 3], 1)]).toEqual([NaN, 5, 1]);
    expect([...filterChanges(statistics, [0, 1, 2], 1)]).toEqual([NaN, NaN, NaN]);
    expect([...filterChanges(statistics, [0, 2, 3], 0)]).toEqual([NaN, 0, 0]);
  });
});
