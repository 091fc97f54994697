import { describe, expect, test } from "vitest";

import { stepWindow, ticks, timeToX, windowAt, xToTime } from "../src/pure/timing";
import type { Edges } from "../src/types";

const TIMES: readonly Edges[] = Array.from({ length: 22 }, (_, window) => [
  0.093 * window - 0.0116,
  0.093 * window + 0.9869,
]);

test("the window at a time is the one centred nearest", () => {
  for (let time = -1; time < 4; time += 0.01) {
    const distances = TIMES.map(([start, end]) => Math.abs((start + end) / 2 - time));
    expect(distances[windowAt(TIMES, time) ?? -1]).toBe(Math.min(...distances));
  }
});

test("the earlier of two equally near is taken, also where windows are not in order", () => {
  expect(
    windowAt(
      [
        [0, 1],
        [1, 2],
      ],
      1,
    ),
  ).toBe(0);
  expect(
    windowAt(
      [
        [2, 3],
        [0, 1],
        [1, 2],
      ],
      1.4,
    ),
  ).toBe(2);
  expect(windowAt([], 1)).toBeNull();
});

describe("one window on", () => {
  test("leads through every window and back", () => {
    let time = 0;
    const seen = [windowAt(TIMES, time)];
    for (let step = 0; step < 21; step++) seen.push(windowAt(TIMES, (time = stepWindow(TIMES, time, 1, 3))));
    expect(seen).toEqual(Array.from({ length: 22 }, (_, window) => window));
    for (let step = 0; step < 21; step++) time = stepWindow(TIMES, time, -1, 3);
    expect(windowAt(TIMES, time)).toBe(0);
  });

  test("stays in the clip and on the last window", () => {
    expect(stepWindow(TIMES, 3, 1, 3)).toBeCloseTo(0.093 * 21 + 0.48765, 9);
    expect(stepWindow([[-2, -1]], 0, 1, 3)).toBe(0);
    expect(stepWindow([], 1.5, 1, 3)).toBe(1.5);
  });
});

test("pixels and seconds are inverse", () => {
  for (const time of [-0.5, 0, 1.2, 3, 4]) {
    expect(xToTime(timeToX(time, [-0.0116, 3.0069], 713), [-0.0116, 3.0069], 713)).toBeCloseTo(time, 12);
  }
  expect(timeToX(1, [1, 3], 100)).toBe(0);
  expect(timeToX(3, [1, 3], 100)).toBe(100);
});

describe("ticks", () => {
  test.each<[readonly [number, number], number, readonly number[]]>([
    [[0, 3], 4, [0, 1, 2, 3]],
    [[-0.0116, 3.0069], 7, [0, 0.5, 1, 1.5, 2, 2.5, 3]],
    [[0, 0.25], 6, [0, 0.05, 0.1, 0.15, 0.2, 0.25]],
    [[0, 11025], 5, [0, 5000, 10000]],
    [[1, 1], 5, []],
  ])("of %j, at most about %d, are %j", (range, most, expected) => {
    expect(ticks(range, most)).toEqual(expected);
  });
});
