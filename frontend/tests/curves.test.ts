import { describe, expect, test } from "vitest";

import {
  alignedColumns,
  labelledSteps,
  nearestLogged,
  shownPanes,
  stepRange,
  trainingPanes,
  valueAt,
} from "../src/pure/curves";
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

  test("leave out what is not of epochs, and records that cannot be read", () => {
    const other = [series("r/train", "batch_loss", [0, 1, 1]), series("r/train", "grad norm", [0, 1, 1])];
    expect(trainingPanes(other, [{ step: 0, wall_time: 1, problem: "newer", record: null }])).toEqual([]);
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

test("two panes are shown: loss and the one asked for, else the first other", () => {
  const panes = ["loss", "accuracy", "f1"].map((title) => ({ title, lines: [] }));
  const titles = (wanted: string | null): string[] => shownPanes(panes, wanted).map(({ title }) => title);
  expect(titles(null)).toEqual(["loss", "accuracy"]);
  expect(titles("f1")).toEqual(["loss", "f1"]);
  expect(titles("gone")).toEqual(["loss", "accuracy"]);
  expect(shownPanes([], null)).toEqual([]);
});

test("columns are aligned; what is missing or not finite is a gap", () => {
  const pane = {
    title: "loss",
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
  expect(nearestLogged(logged, at)).toBe(expected);
});

test.each<[readonly [number, number], number, number, readonly number[]]>([
  [[-1, 8], 2, 0.5, [-1, 0, 2, 4, 6, 8]],
  [[-1, 80], 20, 4, [-1, 20, 40, 60, 80]],
  [[0, 8], 2.5, 9, [0, 3, 6]],
  [[3, 4], 0.1, 0, [3, 4]],
])("the axis from %j is labelled by %d, %d apart from the first, at %j", (range, increment, least, expected) => {
  expect(labelledSteps(range, increment, least)).toEqual(expected);
});
