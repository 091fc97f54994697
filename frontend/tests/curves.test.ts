import { describe, expect, test } from "vitest";

import { alignedColumns, labelledSteps, labelledValues, nearestStep, stepRange } from "../src/pure/curve_axis";
import { choiceOf, shownPanes, trainingPanes, valueAt, type CurveChoice } from "../src/pure/curves";
import type { Logs, Point, Series, StepEntry } from "../src/types";

function entry(step: number, wall_time: number, logs: Logs, batch: number | null = null, epoch = step): StepEntry {
  const record = {
    layout: "0",
    bundle: null,
    probes: "probes-0.zip",
    epoch: batch === null ? step : epoch,
    batch,
    logs,
    why: null,
  };
  return { step, wall_time, problem: null, record };
}

function series(run: string, tag: string, ...points: Point[]): Series {
  return { run, tag, points };
}

describe("scalars and logs", () => {
  const steps = [entry(-1, 0, {}), entry(0, 10, { loss: 2, val_loss: 3 }), entry(1, 20, { loss: 1, val_loss: 2 })];

  test("meet in one line: each fills what the other lacks; where both have a step the record wins, of scalars the newer", () => {
    const [loss] = trainingPanes(
      [
        series("run1/train", "epoch_loss", [0, 9, 7], [1, 25, 8]),
        series("run1/validation", "epoch_loss", [2, 29, 4], [2, 30, 5], [2, 28, 6]),
      ],
      steps,
    );
    expect(loss).toEqual({
      title: "loss",
      metric: true,
      lines: [
        {
          name: "train",
          points: [
            [0, 2],
            [1, 1],
          ],
        },
        {
          name: "validation",
          points: [
            [0, 3],
            [1, 2],
            [2, 5],
          ],
        },
      ],
    });
  });

  test("give panes with loss first, accuracies next and learning rates last", () => {
    const logs = { learning_rate: 1e-3, f1: 0.5, accuracy: 0.1, loss: 1, val_accuracy: 0.2 };
    expect(trainingPanes([], [entry(0, 1, logs)]).map(({ title }) => title)).toEqual([
      "loss",
      "accuracy",
      "f1",
      "learning_rate",
    ]);
  });

  test("stand below the metrics where their names are not Keras's; batches have no place on an axis of epochs", () => {
    const panes = trainingPanes(
      [
        series("r/metrics", "learning rate", [0, 1, 0.1], [1, 2, 0.2]),
        series("r/train", "grad/norm", [3, 1, 7]),
        series("r/train", "batch_loss", [0, 1, 1]),
        series("r/validation", "evaluation_loss_vs_iterations", [2, 1, 1], [4, 1, 1]),
        series("r/train", "epoch_recall", [2, 1, 0.5]),
      ],
      steps,
    );
    expect(panes.map(({ title, metric }) => [title, metric])).toEqual([
      ["loss", true],
      ["recall", true],
      ["grad/norm", false],
      ["learning rate", false],
    ]);
    expect(panes.at(-1)?.lines).toEqual([
      {
        name: "metrics",
        points: [
          [0, 0.1],
          [1, 0.2],
        ],
      },
    ]);
  });

  test("count epochs as far as the next one that would be logged, however far these lie apart", () => {
    const far = [entry(0, 0, {}), entry(1000, 1, {}), entry(2000, 2, {})];
    const titles = (last: number): string[] =>
      trainingPanes([series("r/train", "norm", [0, 1, 1], [last, 1, 1])], far).map(({ title }) => title);
    expect(titles(3000)).toEqual(["norm"]);
    expect(titles(3001)).toEqual([]);
  });

  test("leave out records that cannot be read", () => {
    expect(trainingPanes([], [{ step: 0, wall_time: 1, problem: "newer", record: null }])).toEqual([]);
  });
});

describe("where steps count batches", () => {
  const steps = [
    entry(0, 0, {}, 0, 0),
    entry(100, 10, { loss: 2 }, 100, 0),
    entry(200, 20, { loss: 1.5 }, 200, 0),
    entry(300, 30, { loss: 1 }, 300, 1),
  ];

  test("epoch scalars stand at their epoch's last batch", () => {
    const [pane] = trainingPanes([series("r/validation", "epoch_accuracy", [0, 22, 0.5], [1, 33, 0.7])], steps).slice(
      1,
    );
    expect(pane).toEqual({
      title: "accuracy",
      metric: true,
      lines: [
        {
          name: "validation",
          points: [
            [200, 0.5],
            [300, 0.7],
          ],
        },
      ],
    });
  });

  test("where records name no epochs, at the last batch before them", () => {
    const nameless = steps.map((step) => ({ ...step, record: step.record && { ...step.record, epoch: null } }));
    const [, pane] = trainingPanes([series("r/validation", "epoch_accuracy", [0, 22, 0.5], [1, -5, 0.7])], nameless);
    expect(pane?.lines[0]?.points).toEqual([[200, 0.5]]);
  });

  test("any other scalar stands at its batches or, where its steps reach no further than epochs do, where these ended", () => {
    const panes = trainingPanes(
      [
        series("r/train", "lr by epoch", [0, 22, 0.1], [1, 33, 0.2]),
        series("r/train", "lr by batch", [0, 1, 0.1], [400, 35, 0.2]),
        series("r/train", "examples", [0, 1, 0.1], [401, 35, 0.2]),
      ],
      steps,
    );
    const placed = panes.slice(1).map(({ title, lines }) => [title, lines[0]?.points.map(([step]) => step)]);
    expect(placed).toEqual([
      ["lr by batch", [0, 400]],
      ["lr by epoch", [200, 300]],
    ]);
  });

  test("batch scalars are shown at their batches", () => {
    const [loss] = trainingPanes([series("r/train", "batch_loss", [150, 15, 1.75])], steps);
    expect(loss?.lines[0]?.points).toEqual([
      [100, 2],
      [150, 1.75],
      [200, 1.5],
      [300, 1],
    ]);
  });
});

test("two panes are shown: those asked for, else the first others", () => {
  const panes = ["loss", "accuracy", "f1"].map((title) => ({ title, metric: true, lines: [] }));
  const titles = (wanted: CurveChoice): string[] => shownPanes(panes, wanted).map(({ title }) => title);
  expect(titles([null, null])).toEqual(["loss", "accuracy"]);
  expect(titles([null, "f1"])).toEqual(["loss", "f1"]);
  expect(titles(["f1", "accuracy"])).toEqual(["f1", "accuracy"]);
  expect(titles([null, "loss"])).toEqual(["accuracy", "loss"]);
  expect(titles(["gone", "gone"])).toEqual(["loss", "accuracy"]);
  expect(titles(["f1", "f1"])).toEqual(["f1", "loss"]);
  expect(shownPanes([], [null, null])).toEqual([]);
  expect(shownPanes(panes.slice(0, 1), [null, "loss"])).toEqual(panes.slice(0, 1));
});

test("a curve that is chosen where the other stands changes places with it", () => {
  const shown = ["loss", "accuracy"].map((title) => ({ title, metric: true, lines: [] }));
  expect(choiceOf(shown, 0, "f1")).toEqual(["f1", "accuracy"]);
  expect(choiceOf(shown, 1, "f1")).toEqual(["loss", "f1"]);
  expect(choiceOf(shown, 0, "accuracy")).toEqual(["accuracy", "loss"]);
  expect(choiceOf(shown, 1, "loss")).toEqual(["accuracy", "loss"]);
});

test("columns are aligned; what is missing or not finite is a gap", () => {
  const pane = {
    title: "loss",
    metric: true,
    lines: [
      {
        name: "train",
        points: [
          [0, 2],
          [1, NaN],
          [3, 1],
        ],
      },
      {
        name: "validation",
        points: [
          [1, 4],
          [2, Infinity],
        ],
      },
    ],
  } as const;
  expect(alignedColumns(pane)).toEqual([
    [0, 1, 2, 3],
    [2, null, null, 1],
    [null, 4, null, null],
  ]);
  expect(valueAt(pane.lines[1], 1)).toBe(4);
  expect(valueAt(pane.lines[1], 0)).toBeNull();
});

test("the axis reaches over curves and logged steps", () => {
  const pane = {
    title: "loss",
    metric: true,
    lines: [
      {
        name: "train",
        points: [
          [0, 1],
          [7, 1],
        ],
      },
    ],
  } as const;
  expect(stepRange([pane], [-1, 5])).toEqual([-1, 7]);
  expect(stepRange([], [])).toBeNull();
});

test.each<[readonly number[], number, number | null]>([
  [[-1, 0, 4, 9], 2.1, 4],
  [[-1, 0, 4, 9], 2, 0],
  [[-1, 0, 4, 9], -30, -1],
  [[-1, 0, 4, 9], 99, 9],
  [[], 3, null],
])("of %j the nearest to %d is %j", (logged, at, expected) => {
  expect(nearestStep(logged, at)).toBe(expected);
});

test.each<[readonly [number, number], number, number, readonly number[]]>([
  [[-1, 8], 2, 0.5, [-1, 0, 2, 4, 6, 8]],
  [[-1, 80], 20, 4, [-1, 20, 40, 60, 80]],
  [[0, 8], 2.5, 9, [0, 3, 6]],
  [[3, 4], 0.1, 0, [3, 4]],
])("the axis from %j is labelled by %d, %d apart from the first, at %j", (range, increment, least, expected) => {
  expect(labelledSteps(range, increment, least)).toEqual(expected);
});

describe("labels of values", () => {
  test("are round, three or more where they have room", () => {
    expect(labelledValues(0.12, 0.9, 0.19)).toEqual([0.2, 0.4, 0.6, 0.8]);
    expect(labelledValues(0, 1, 0.3)).toEqual([0, 0.5, 1]);
    expect(labelledValues(900, 3100, 500)).toEqual([1000, 2000, 3000]);
    expect(labelledValues(-0.3, 0.3, 0.1)).toEqual([-0.2, 0, 0.2]);
  });

  test("are two, as far apart as they must be, where there is less room; one where there is none for two", () => {
    expect(labelledValues(0.26, 0.9, 0.39)).toEqual([0.4, 0.8]);
    expect(labelledValues(0.155, 0.355, 0.13)).toEqual([0.2, 0.35]);
    expect(labelledValues(0.4, 0.6, 1)).toEqual([0.5]);
    expect(labelledValues(1, 1, 1)).toEqual([]);
  });
});
