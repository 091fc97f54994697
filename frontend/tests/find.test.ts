import { expect, test } from "vitest";

import { findFilters } from "../src/pure/find";

const NAMES = ["cello", "Clarinet", "class 4", null, "violin"];

test.each([
  ["3", [3]],
  [" #4 ", [4]],
  ["04", [4]],
  ["vio", [4]],
  ["CL", [1, 2]],
  ["l", [0, 1, 2, 4]],
  ["", []],
  ["  ", []],
  ["horn", []],
  ["-1", []],
])("%j finds %j", (text, filters) => {
  expect(findFilters(text, NAMES)).toEqual(filters);
});

test("a number that no filter has may be part of a class's name", () => {
  expect(findFilters("12", ["take 12", null])).toEqual([0]);
  expect(findFilters("2", ["take 12", null])).toEqual([0]);
});
