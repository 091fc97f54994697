import { expect, test } from "vitest";

import { fewSteps, readSteps, stepsWords, writeSteps } from "../src/export/step_list";

const STEPS = [-1, 0, 1, 2, 3, 10, 20, 30, 40, 50, 60, 70];

test("eight steps are chosen evenly, with the first, the last and the present one", () => {
  for (const present of STEPS) {
    const few = fewSteps(STEPS, present);
    expect(few).toContain(present);
    expect(few).toContain(-1);
    expect(few).toContain(70);
    expect(few).toEqual([...new Set(few)].toSorted((a, b) => a - b));
    expect(few.length === 8 || few.length === 9).toBe(true);
  }
  expect(fewSteps([4], 4)).toEqual([4]);
  expect(fewSteps([-1, 0, 1], 1)).toEqual([-1, 0, 1]);
  expect(fewSteps([], null)).toEqual([]);
  const thousand = Array.from({ length: 1000 }, (_, step) => step);
  expect(fewSteps(thousand, null)).toHaveLength(8);
});

test.each([
  [[-1, 0, 1, 2], "before training, 0-2"],
  [[-1], "before training"],
  [[0, 1], "0, 1"],
  [[0, 3, 10, 20, 70], "0, 3-20, 70"],
  [STEPS, "before training, 0-70"],
  [[], ""],
])("steps are written as a list and read back: %j", (chosen, text) => {
  expect(writeSteps(chosen, STEPS)).toBe(text);
  if (chosen.length > 0) expect(readSteps(text, STEPS)).toEqual(chosen);
});

test.each([
  ["12x", "“12x” is no epoch: write them like before training, 0, 3, 10-14."],
  ["-1-2", "“-1-2” is no epoch: write them like before training, 0, 3, 10-14."],
  ["0, 4", "4 is not among the logged epochs."],
  ["", "At least one epoch is needed."],
  [" , ", "At least one epoch is needed."],
  ["0; 3", "“0; 3” is no epoch: write them like before training, 0, 3, 10-14."],
])("a list that names nothing logged is refused: %j", (text, sentence) => {
  expect(readSteps(text, STEPS)).toBe(sentence);
});

test("order and repetition do not matter", () => {
  expect(readSteps("70, 0–3,Before training ,1", STEPS)).toEqual([-1, 0, 1, 2, 3, 70]);
});

test("what is before training is no epoch", () => {
  expect(readSteps("before training", [0, 1])).toBe("before training is not among the logged epochs.");
  expect(stepsWords([-1, 0, 1], "epoch")).toBe("2 epochs and before training");
  expect(stepsWords([-1], "epoch")).toBe("before training");
  expect(stepsWords([0], "epoch")).toBe("1 epoch");
  expect(stepsWords([-1, 10], "step")).toBe("1 step and before training");
});
