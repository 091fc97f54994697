import { expect, test } from "vitest";

import { margin, standingsOverSteps } from "../src/pure/margin";

const CLASSES = ["cel", "cla", "flu"];
const of = (...scores: number[]) => ({
  windows: scores.length / 3,
  classes: CLASSES,
  scores: Float32Array.from(scores),
});

test.each<[string, readonly number[], readonly string[], number]>([
  ["right: the distance to the next best", [0.125, 0.75, 0.25], ["cla"], 0.5],
  ["wrong: below zero", [0.125, 0.75, 0.25], ["flu"], -0.5],
  ["means over the windows are compared", [0, 1, 0, 0.5, 0, 0], ["cla"], 0.25],
  ["a window that was not logged counts for nothing", [0, 1, 0, NaN, NaN, NaN], ["cla"], 1],
  ["of several labels the best counts", [0.5, 0.25, 0.125], ["cla", "cel"], 0.375],
  ["without a label there is none", [0.5, 0.25, 0.125], [], NaN],
  ["a label that is no class is none", [0.5, 0.25, 0.125], ["sax"], NaN],
  ["without another class there is none", [0.5, 0.25, 0.125], CLASSES, NaN],
  ["without a score there is none", [NaN, NaN, NaN], ["cla"], NaN],
  ["scores of any size", [-8, 3, 1], ["flu"], -2],
])("%s", (_, scores, labels, expected) => {
  expect(margin(of(...scores), labels)).toBe(expected);
});

test("a margin and a class per step, none where it was not logged; another shape is refused", () => {
  const data = Float32Array.of(0, 1, 0, 0.5, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, 1, 0, 0, 1, 0, 0);
  const array = { shape: [3, 2, 3], data };
  const { margins, taken } = standingsOverSteps(array, 3, CLASSES, ["cla"]);
  expect([...margins]).toEqual([0.25, NaN, -1]);
  expect([...taken]).toEqual([1, -1, 0]);
  expect(() => standingsOverSteps(array, 4, CLASSES, ["cla"])).toThrow(/\(4, 2, 3\) is expected/);
});
