import { expect, test } from "vitest";

import { isFound, wrongFirst } from "../src/pure/clip_order";
import type { Verdict } from "../src/pure/predict";

const standing = (kind: Verdict["kind"], margin: number) => ({
  verdict: kind === "unknown" ? ({ kind } as const) : ({ kind, taken: "", score: 0 } as const),
  margin,
});

test("the farthest from right come first, what cannot be told last, equals keep their places", () => {
  const clips = [
    standing("unlabelled", NaN),
    standing("ok", 0.5),
    standing("taken", -0.1),
    standing("unknown", NaN),
    standing("taken", NaN),
    standing("ok", 0.1),
    standing("taken", -0.7),
    standing("taken", -0.1),
    standing("unlabelled", NaN),
  ];
  expect(wrongFirst(clips)).toEqual([6, 2, 7, 4, 5, 1, 0, 8, 3]);
  expect(wrongFirst([])).toEqual([]);
});

test.each([
  ["", true],
  ["SAX", true],
  ["sax jazz", true],
  ["jazz  sax", true],
  ["sax rock", false],
  // Words do not reach from one thing that is said to the next.
  ["xophonejazz", false],
  ["→", true],
  ["-> clar", true],
  ["jazz →CLARINET", true],
  ["rock → clarinet", false],
  ["-> sax", false],
  ["clarinet", false],
])("words %j are found: %j", (search, found) => {
  expect(isFound(search, ["Saxophone", "jazz"], "clarinet")).toBe(found);
});

test("no arrow leads to a clip that is right", () => {
  expect(isFound("jazz", ["Saxophone", "jazz"], null)).toBe(true);
  expect(isFound("jazz →", ["Saxophone", "jazz"], null)).toBe(false);
});
