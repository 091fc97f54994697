import { expect, test } from "vitest";

import { spanWords, verdictSpan } from "../src/pure/verdict_span";

const STEPS = [-1, 0, 1, 2, 3, 5];

function said(
  taken: readonly string[],
  at: number,
  labels: readonly string[],
  { batch = null, exported = false }: { batch?: number | null; exported?: boolean } = {},
): string {
  const span = verdictSpan(taken, at, labels);
  return span === null ? "nothing" : spanWords(span, { steps: STEPS.slice(0, taken.length), exported, batch });
}

test.each<[string, readonly string[], number, readonly string[], string]>([
  ["to the newest", ["flu", "sax", "sax", "cla", "cla", "cla"], 5, ["sax"], "taken for cla since epoch 2"],
  ["seen from within", ["flu", "sax", "sax", "cla", "cla", "cla"], 3, ["sax"], "taken for cla since epoch 2"],
  ["a last change now", ["cla", "cla", "cla", "cla", "cla", "sax"], 5, ["sax"], "ok since epoch 5"],
  ["from the first on", ["cla", "cla", "sax"], 0, ["sax"], "taken for cla from before training to epoch 0"],
  ["once", ["sax", "cla", "sax"], 1, ["sax"], "taken for cla only at epoch 0"],
  ["once, before training", ["cla", "sax", "sax"], 0, ["sax"], "taken for cla only before training"],
  ["in the middle", ["sax", "cla", "cla", "sax"], 2, ["sax"], "taken for cla from epoch 0 to epoch 1"],
  ["it came back", ["cla", "sax", "cla", "cla"], 3, ["sax"], "taken for cla since epoch 1"],
  ["always", ["cla", "cla", "cla"], 1, ["sax"], "taken for cla at every logged epoch"],
  ["always ok", ["sax", "sax"], 0, ["sax"], "ok at every logged epoch"],
  ["wrong in two ways", ["flu", "flu", "cla", "cla"], 3, ["sax"], "taken for cla since epoch 1"],
  ["ok by either label", ["flu", "sax", "cla", "sax"], 3, ["sax", "cla"], "ok since epoch 0"],
  ["without a label", ["flu", "cla", "cla"], 2, [], "taken for cla since epoch 0"],
  ["a gap at present", ["flu", "cla", ""], 2, ["sax"], "nothing"],
  [
    "a gap inside",
    ["sax", "cla", "", "cla"],
    3,
    ["sax"],
    "taken for cla since epoch 0, but for 1 epoch without predictions",
  ],
  ["a gap before", ["sax", "", "cla", "cla"], 3, ["sax"], "taken for cla since epoch 1 or before"],
  [
    "gaps at both ends",
    ["sax", "", "cla", "", "sax"],
    2,
    ["sax"],
    "taken for cla from epoch 1 or before to epoch 1 or later",
  ],
  ["the newest is a gap", ["sax", "cla", ""], 1, ["sax"], "taken for cla since epoch 0"],
  [
    "always but for gaps",
    ["", "cla", "", "cla"],
    1,
    ["sax"],
    "taken for cla at every logged epoch that has predictions",
  ],
])("%s", (_, taken, at, labels, expected) => {
  expect(said(taken, at, labels)).toBe(expected);
});

test("steps are called what they are", () => {
  expect(said(["sax", "cla", "", "cla"], 3, ["sax"], { batch: 7 })).toBe(
    "taken for cla since step 0, but for 1 step without predictions",
  );
  expect(said(["cla", "cla"], 0, [], { batch: 7 })).toBe("taken for cla at every logged step");
});

test.each([
  [["flu", "cla", "cla"], 2, "taken for cla since epoch 0 (on this page)"],
  [["flu", "cla", "flu"], 1, "taken for cla only at epoch 0 (on this page)"],
  [["flu", "cla", "cla", "flu"], 1, "taken for cla from epoch 0 to epoch 1 (on this page)"],
  [["cla", "cla"], 0, "taken for cla at every epoch on this page"],
])("a saved page claims nothing of epochs that it does not hold", (taken, at, expected) => {
  expect(said(taken, at, ["sax"], { exported: true })).toBe(expected);
});
