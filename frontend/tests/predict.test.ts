import { describe, expect, test } from "vitest";

import { argmax, classBars, meanScores, predictionsOf, rankedClasses, sentenceOf, verdict } from "../src/pure/predict";
import type { ProbeLayout } from "../src/types";

const CLASSES = ["cel", "cla", "flu"];
const probe = (first_window: number, windows: number): ProbeLayout => ({
  name: "p",
  identity: "",
  labels: ["cla"],
  detail: "windows",
  windows,
  first_window,
  grids: [],
  maps: {},
});

const array = {
  shape: [5, 3],
  data: Float32Array.of(9, 9, 9, 0.25, 0.5, 0.125, 0.75, 0.5, 0.125, NaN, NaN, NaN, 9, 9, 9),
};
const predictions = predictionsOf(array, probe(1, 3), CLASSES);

test("a probe's windows are cut out; one that does not fit is refused", () => {
  expect(predictions.scores).toHaveLength(9);
  expect(() => predictionsOf(array, probe(3, 3), CLASSES)).toThrow(/5 windows: too few/);
  expect(() => predictionsOf(array, probe(1, 3), ["one"])).toThrow(/float32 \(5, 1\) is expected/);
});

test("bars name classes, scores and labels of one window", () => {
  expect(classBars(predictions, 1, ["cla"])).toEqual([
    { index: 0, name: "cel", score: 0.75, label: false },
    { index: 1, name: "cla", score: 0.5, label: true },
    { index: 2, name: "flu", score: 0.125, label: false },
  ]);
});

test("means leave out windows that were not logged", () => {
  expect([...meanScores(predictions)]).toEqual([0.5, 0.5, 0.125]);
});

test.each<[readonly number[], number | null]>([
  [[1, 3, 2], 1],
  [[2, 2], 0],
  [[NaN, -5, -7], 1],
  [[-Infinity], 0],
  [[NaN], null],
  [[], null],
])("argmax of %j is %j", (scores, expected) => {
  expect(argmax(scores)).toBe(expected);
});

describe("the verdict", () => {
  const of = (...scores: number[]): ReturnType<typeof predictionsOf> =>
    predictionsOf(
      { shape: [scores.length / 3, 3], data: Float32Array.from(scores) },
      probe(0, scores.length / 3),
      CLASSES,
    );

  test.each([
    ["ok where the best class of the mean is a label", of(0, 1, 0, 0.6, 0.5, 0), ["cla"], "ok", "cla"],
    ["ok where it is one of several", of(1, 0, 0), ["flu", "cel"], "ok", "cel"],
    ["taken for another", of(0.5, 0.25, 0), ["cla"], "taken", "cel"],
    ["unlabelled without labels", of(0, 0, 1), [], "unlabelled", "flu"],
  ] as const)("%s", (_, scores, labels, kind, taken) => {
    expect(verdict(scores, labels)).toMatchObject({ kind, taken });
  });

  test("is unknown without a score", () => {
    expect(verdict(of(NaN, NaN, NaN), ["cla"])).toEqual({ kind: "unknown" });
  });
});

test("classes are ranked by their means, what was never scored last", () => {
  const scores = Float32Array.of(0.2, NaN, 0.5, 0.2, 0.2, NaN, 0.1, 0.2);
  expect(rankedClasses({ windows: 2, classes: ["a", "b", "c", "d"], scores })).toEqual([2, 0, 3, 1]);
});

describe("a window's sentence", () => {
  const said = (labels: readonly string[], scores: readonly number[]): string => {
    const own = { windows: 1, classes: CLASSES, scores: Float32Array.from(scores) };
    const { lead, rest } = sentenceOf(classBars(own, 0, labels), labels);
    return `${lead} ${rest}`.trim();
  };

  test.each([
    ["is right by any label", ["flu", "cel"], [0.5, 0.2, 0.1], "Right: cel"],
    ["is wrong where another class is best", ["flu"], [0.5, 0.2, 0.1], "Wrong: cel, but it is flu"],
    [
      "tells of a label without a class",
      ["fuel"],
      [0.5, 0.2, 0.1],
      "Wrong: cel, but it is fuel, which is none of the classes",
    ],
    ["has nothing to compare with without a label", [], [0.5, 0.2, 0.1], "Taken for cel. The clip has no label."],
    ["says so where there is no score", ["flu"], [NaN, NaN, NaN], "No score for this window."],
  ] as const)("%s", (_, labels, scores, expected) => {
    expect(said(labels, scores)).toBe(expected);
  });
});
