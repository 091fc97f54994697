import { expect, test } from "vitest";

import {
  edgeAt,
  isWhole,
  moveEdge,
  regionBetween,
  SHORTEST_LOOP,
  shiftRegion,
  stepInLoop,
  wrap,
} from "../src/pure/loop";
import { windowAt } from "../src/pure/timing";
import type { Edges } from "../src/types";

const TIMES: readonly Edges[] = Array.from({ length: 22 }, (_, window) => [0.1 * window, 0.1 * window + 1]);

test("a region lies between two times in whichever order, inside the clip", () => {
  expect(regionBetween(2, 1, 3)).toEqual([1, 2]);
  expect(regionBetween(-1, 9, 3)).toEqual([0, 3]);
  expect(regionBetween(1, 1 + SHORTEST_LOOP / 2, 3)).toBeNull();
  expect(regionBetween(4, 5, 3)).toBeNull();
});

test("an edge put beyond the other leaves that at its end of the clip", () => {
  expect(edgeAt([1, 2], "start", 1.5, 3)).toEqual([1.5, 2]);
  expect(edgeAt([1, 2], "start", 2.5, 3)).toEqual([2.5, 3]);
  expect(edgeAt([1, 2], "start", 2, 3)).toEqual([2, 3]);
  expect(edgeAt([1, 2], "end", 1.5, 3)).toEqual([1, 1.5]);
  expect(edgeAt([1, 2], "end", 0.5, 3)).toEqual([0, 0.5]);
  expect(edgeAt([0, 3], "start", 3, 3)).toEqual([3, 3]);
  expect(edgeAt([0, 3], "end", 0, 3)).toEqual([0, 0]);
});

test("an edge stops at the other edge and at the clip's ends", () => {
  expect(moveEdge([1, 2], "start", 1.5, 3)).toEqual([1.5, 2]);
  expect(moveEdge([1, 2], "start", -1, 3)).toEqual([0, 2]);
  expect(moveEdge([1, 2], "start", 2.5, 3)).toEqual([2 - SHORTEST_LOOP, 2]);
  expect(moveEdge([1, 2], "end", 9, 3)).toEqual([1, 3]);
  expect(moveEdge([1, 2], "end", 0, 3)).toEqual([1, 1 + SHORTEST_LOOP]);
});

test("a moved region keeps its length and stays in the clip", () => {
  expect(shiftRegion([1, 2], 0.5, 3)).toEqual([1.5, 2.5]);
  expect(shiftRegion([1, 2], 9, 3)).toEqual([2, 3]);
  expect(shiftRegion([1, 2], -9, 3)).toEqual([0, 1]);
});

test("the whole clip is no part of it", () => {
  expect(isWhole([0, 3], 3)).toBe(true);
  expect(isWhole([0, 2.9], 3)).toBe(false);
  expect(isWhole(null, 3)).toBe(false);
});

test("what has run over the end goes on as far into the beginning", () => {
  expect(wrap([1, 2], 1.5)).toBe(1.5);
  expect(wrap([1, 2], 2)).toBe(1);
  expect(wrap([1, 2], 2.25)).toBe(1.25);
  expect(wrap([1, 2], 4.25)).toBe(1.25);
});

test("steps go round the windows that the loop shows, and never leave it", () => {
  const loop = [0.92, 1.31] as const;
  const shown = [4, 5, 6, 7, 8];
  let time = 1.1;
  const seen: (number | null)[] = [];
  for (let step = 0; step < 10; step++) {
    time = stepInLoop(TIMES, time, 1, loop);
    expect(time).toBeGreaterThanOrEqual(loop[0]);
    expect(time).toBeLessThanOrEqual(loop[1]);
    seen.push(windowAt(TIMES, time));
  }
  expect(seen).toEqual([7, 8, 4, 5, 6, 7, 8, 4, 5, 6]);
  expect([...new Set(seen)].sort()).toEqual(shown);
  expect(windowAt(TIMES, stepInLoop(TIMES, 0.92, -1, loop))).toBe(8);
});

test("from outside, a step leads into the loop; without windows nothing moves", () => {
  expect(windowAt(TIMES, stepInLoop(TIMES, 2.9, 0, [0.92, 1.31]))).toBe(8);
  expect(stepInLoop([], 1.2, 1, [1, 2])).toBe(1.2);
});
