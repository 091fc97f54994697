import { describe, expect, test } from "vitest";

import { cellAt, classGrid, movedCell } from "../src/pure/class_layout";
import {
  byPreferredClass,
  classColumns,
  classTable,
  preferredColumns,
  rightAgainstWrong,
  strongestClip,
  zColour,
} from "../src/pure/class_table";

const clips = (...labels: (readonly string[])[]) => labels.map((own) => ({ labels: own }));
const always = () => true;

describe("columns", () => {
  test("are classes of the network in its order, then other labels; a clip of several labels counts for each", () => {
    const columns = classColumns(clips(["oboe"], ["b", "a"], ["a"], [], ["lost"]), (clip) => clip !== 4, [
      "a",
      "b",
      "c",
    ]);
    expect(columns.map(({ name, clips: own }) => [name, own])).toEqual([
      ["a", [1, 2]],
      ["b", [1]],
      ["oboe", [0]],
    ]);
  });

  test("part into right and wrong where both have three", () => {
    const verdicts = ["ok", "ok", "ok", "taken", "taken", "taken", "ok", "ok", "ok", "taken", "taken"] as const;
    const labels = verdicts.map((_, clip) => [clip < 6 ? "a" : "b"]);
    const columns = classColumns(clips(...labels), always, []);
    const parts = rightAgainstWrong(columns, (clip) => verdicts[clip] ?? "unknown");
    expect(parts.map(({ name, part, clips: own }) => [name, part, own])).toEqual([
      ["a", "right", [0, 1, 2]],
      ["a", "wrong", [3, 4, 5]],
      ["b", "all", [6, 7, 8, 9, 10]],
    ]);
  });
});

describe("the table", () => {
  const probes = clips(["a"], ["a"], ["b"], ["b", "c"], []);
  const columns = classColumns(probes, always, ["a", "b", "c"]);
  // [probes, filters]; the last clip has no label.
  const responses = [1, 5, 7, 3, 5, NaN, 5, 5, 2, 7, 5, 4, 999, 5, 999];
  const table = classTable(responses, 3, probes, columns);

  test("holds means of clips, z-scored over the labelled ones", () => {
    const deviation = Math.sqrt((9 + 1 + 1 + 9) / 4);
    expect([...table.means.subarray(0, 3)]).toEqual([2, 6, 7]);
    [2 - 4, 6 - 4, 7 - 4].forEach((distance, index) => {
      expect(table.z[index]).toBeCloseTo(distance / deviation, 12);
    });
    expect(table.z.subarray(0, 3).reduce((sum, z, index) => sum + z * ([2, 2, 0][index] ?? 0), 0)).toBeCloseTo(0, 12);
  });

  test("has none where all clips are alike, and leaves out what is not finite", () => {
    expect([...table.z.subarray(3, 6)]).toEqual([NaN, NaN, NaN]);
    expect([...table.means.subarray(6, 9)]).toEqual([7, 3, 4]);
  });

  test("orders filters by the class they prefer, then by how much", () => {
    expect(preferredColumns(table)).toEqual([2, -1, 0]);
    expect(byPreferredClass(table)).toEqual([2, 0, 1]);
    const two = clips(["a"], ["a"], ["b"], ["b"]);
    // Filters 0 and 2 prefer b, 2 more surely; filter 1 prefers a.
    const values = [0, 9, 0, 2, 8, 0, 1, 1, 5, 3, 0, 5];
    const ranked = classTable(values, 3, two, classColumns(two, always, ["a", "b"]));
    expect(byPreferredClass(ranked)).toEqual([1, 2, 0]);
  });

  test("leads to the clip that a filter answers to most", () => {
    expect(columns.map((column) => strongestClip(responses, 3, 0, column))).toEqual([1, 3, 3]);
    expect(strongestClip(responses, 3, 2, { name: "a", part: "all", clips: [1] })).toBeNull();
  });
});

test.each([
  [0, "rgb(255 255 255)"],
  [2, "rgb(178 24 43)"],
  [9, "rgb(178 24 43)"],
  [-1, "rgb(144 179 214)"],
  [NaN, null],
])("z %d has the colour %j", (z, colour) => {
  expect(zColour(z)).toBe(colour);
});

describe("the grid", () => {
  const grid = classGrid(1000, 320, 32, 10);

  test("fits its rows where it can", () => {
    expect(grid.rowHeight).toBe(10);
    expect(classGrid(1000, 320, 1024, 10).rowHeight).toBe(3);
    expect(classGrid(1000, 320, 1, 10).rowHeight).toBe(22);
    expect(grid.left + grid.columns * grid.columnWidth).toBeLessThanOrEqual(1000);
  });

  test("fills a wide page", () => {
    const wide = classGrid(2200, 320, 32, 11);
    expect(2200 - wide.left - wide.columns * wide.columnWidth).toBeLessThan(120);
  });

  test("knows the cell at a place, and where keys lead", () => {
    const { left, columnWidth } = grid;
    expect(cellAt(grid, left + 3.5 * columnWidth, 47)).toEqual({ row: 4, column: 3 });
    for (const [x, y] of [
      [left - 1, 5],
      [left + 10 * columnWidth, 5],
      [left + 1, 320],
      [left + 1, -1],
    ] as const) {
      expect(cellAt(grid, x, y)).toBeNull();
    }
    const from = { row: 4, column: 3 };
    expect(movedCell(grid, from, "ArrowRight", 8)).toEqual({ row: 4, column: 4 });
    expect(movedCell(grid, from, "PageDown", 8)).toEqual({ row: 12, column: 3 });
    expect(movedCell(grid, from, "End", 8)).toEqual({ row: 31, column: 3 });
    expect(movedCell(grid, { row: 0, column: 0 }, "ArrowUp", 8)).toEqual({ row: 0, column: 0 });
    expect(movedCell(grid, from, "x", 8)).toBeNull();
  });
});
