import { expect, test } from "vitest";

import { rowsInView, rowsToDraw, scrollToRow } from "../src/pure/rows";

test.each<[number, number, number, readonly [number, number]]>([
  [0, 100, 211, [0, 5]],
  [10, 100, 211, [0, 6]],
  [20, 100, 211, [1, 6]],
  [4140, 100, 211, [207, 211]],
  [0, 100, 3, [0, 3]],
  [9999, 100, 3, [3, 3]],
  [0, 0, 211, [0, 0]],
])("scrolled to %d, %d high, of %d rows: %j are in view", (top, height, count, expected) => {
  expect(rowsInView(top, height, 20, count)).toEqual(expected);
});

test("the chosen row and spare ones are drawn too, in their order, none twice", () => {
  expect(rowsToDraw([3, 5], 2, 211, -1)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(rowsToDraw([3, 5], 2, 211, 4)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(rowsToDraw([3, 5], 2, 211, 0)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(rowsToDraw([3, 5], 2, 211, 200)).toEqual([1, 2, 3, 4, 5, 6, 200]);
  expect(rowsToDraw([0, 2], 8, 2, 1)).toEqual([0, 1]);
  expect(rowsToDraw([0, 0], 8, 0, -1)).toEqual([]);
});

test("a row is scrolled into view by no more than it takes", () => {
  expect(scrollToRow(50, 100, 20, 4)).toBe(50);
  expect(scrollToRow(50, 100, 20, 1)).toBe(20);
  expect(scrollToRow(50, 100, 20, 9)).toBe(100);
  // Where not even one row fits, its upper edge is shown.
  expect(scrollToRow(0, 10, 20, 2)).toBe(40);
});
