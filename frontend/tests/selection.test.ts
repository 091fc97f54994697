import { describe, expect, test } from "vitest";

import {
  firstLayer,
  firstRun,
  isTraining,
  neighbourName,
  neighbourStep,
  stepAmong,
  stepBefore,
  suitsRaster,
} from "../src/selection";
import type { CellAxis, Layout, LayerLayout, StepEntry, StepRecord } from "../src/types";
import { evenAxis, layerLayout } from "./fixtures";

const entries = (...steps: number[]): StepEntry[] =>
  steps.map((step) => ({ step, wall_time: step, problem: null, record: null }));

test("the run that wrote last comes first", () => {
  const runs = [
    { run: "a", last_step: 9, wall_time: 1 },
    { run: "b", last_step: 0, wall_time: 3 },
    { run: "c", last_step: 4, wall_time: 2 },
  ];
  expect(firstRun({ logdir: "", runs })).toBe("b");
  expect(firstRun({ logdir: "", runs: [] })).toBeNull();
});

test.each([
  ["a trained model", [0], false],
  ["a training whose first epoch is under way", [-1], true],
  ["a training", [-1, 0], true],
  ["nothing", [], false],
])("%s has steps %j: a training is %s", (_, steps, expected) => {
  expect(isTraining(entries(...steps))).toBe(expected);
});

describe("the step after the log has grown", () => {
  test.each([
    ["nothing chosen: the newest", [-1, 0, 1], null, false, 1],
    ["following: the newest", [0, 1, 2], 1, true, 2],
    ["not following: the same", [0, 1, 2], 1, false, 1],
    ["gone: the last before it", [0, 1, 5], 3, false, 1],
    ["gone, nothing before it: the first", [4, 5], 3, false, 4],
    ["nothing logged", [], 3, true, null],
  ])("%s", (_, steps, chosen, following, expected) => {
    expect(stepAmong(entries(...steps), chosen, following)).toBe(expected);
  });
});

test("changes are counted from the last step with maps before, or from the chosen one", () => {
  const steps = entries(-1, 0, 3, 7).map((entry) => ({ ...entry, record: recordOf(entry.step === 3) }));
  expect(stepBefore(steps, 7, null)).toBe(0);
  expect(stepBefore(steps, 0, null)).toBe(-1);
  expect(stepBefore(steps, -1, null)).toBeNull();
  expect(stepBefore(steps, -1, 7)).toBe(7);
  expect(stepBefore(steps, 7, 5)).toBeNull();
});

function recordOf(withoutMaps: boolean): StepRecord {
  const bundle = withoutMaps ? null : { file: "", bytes: 0, arrays: {} };
  return { layout: "", bundle, probes: "", epoch: 0, batch: null, logs: {}, why: null };
}

test("layers of many filters and of one number per window are rows at first", () => {
  expect(suitsRaster(layerLayout({ filters: 512 }))).toBe(false);
  expect(suitsRaster(layerLayout({ filters: 513 }))).toBe(true);
  expect(suitsRaster(layerLayout({ filters: 2, axes: [] }))).toBe(true);
});

test("neighbours are logged steps and end at the ends", () => {
  const steps = entries(-1, 0, 10, 25);
  expect(neighbourStep(steps, 0, 1)).toBe(10);
  expect(neighbourStep(steps, 0, -1)).toBe(-1);
  expect(neighbourStep(steps, -1, -1)).toBe(-1);
  expect(neighbourStep(steps, 25, 3)).toBe(25);
  expect(neighbourName([{ name: "a" }, { name: "b" }], "b", 1)).toBe("b");
  expect(neighbourName([{ name: "a" }, { name: "b" }], "b", -1)).toBe("a");
});

describe("the layer at first sight", () => {
  const layout = (...layers: LayerLayout[]): Layout => ({ layers, output: null, classes: [], probes: [], grids: [] });
  const axis = (cells: number, stride: number): CellAxis => ({ ...evenAxis(cells), stride });
  const conv = (name: string, stride: number, cells = 43): LayerLayout =>
    layerLayout({ name, time: axis(cells, stride), frequency: axis(128, stride) });
  const line = layerLayout({ name: "line", axes: ["time"], time: axis(43, 1) });
  const dense = layerLayout({ name: "dense", axes: [] });

  test.each([
    ["the deepest at the input's resolution", [conv("c1", 1), conv("c2", 1), conv("c3", 3), dense], "c2"],
    ["along both axes where there are both", [conv("c1", 1), conv("c3", 3), line, dense], "c1"],
    ["a strided stem: the finest there is", [conv("c1", 2), conv("c2", 2), conv("c3", 4)], "c2"],
    ["arrays that fill their window evenly", [conv("c1", 1, 45), conv("c2", 1, 47), conv("c3", 1, 15)], "c2"],
    ["one axis only", [line, dense], "line"],
    ["none at all", [dense], "dense"],
  ])("%s", (_, layers, expected) => {
    expect(firstLayer(layout(...layers))?.name).toBe(expected);
  });

  test("a layout without layers has none", () => {
    expect(firstLayer(layout())).toBeNull();
  });
});
