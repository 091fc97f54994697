import { describe, expect, test } from "vitest";

import {
  cellToHertz,
  cellToSeconds,
  hertzToCell,
  insideAxis,
  insideCount,
  insideRange,
  ownStretch,
  pooledAxis,
  receptiveField,
  seesWhole,
  spanToSeconds,
} from "../src/pure/axes";
import { CONV8_TIME, evenAxis } from "./fixtures";

describe("conv8 over a 43-frame window", () => {
  test("has two of seven columns in the window", () => {
    expect(insideCount(CONV8_TIME)).toEqual({ inside: 2, total: 7 });
    expect(insideAxis(CONV8_TIME)).toEqual([false, false, false, true, true, false, false]);
    expect(insideRange(CONV8_TIME)).toEqual([3, 5]);
  });

  test("sees the whole window from the columns in it", () => {
    expect(seesWhole(CONV8_TIME, 3)).toBe(true);
    expect(receptiveField(CONV8_TIME, 3)).toEqual([-0.5, 42.5]);
    expect(seesWhole(CONV8_TIME, 0)).toBe(false);
  });

  test("has stretches clipped to the window, empty for columns far outside", () => {
    expect(ownStretch(CONV8_TIME, 3)).toEqual([0.5, 27.5]);
    expect(ownStretch(CONV8_TIME, 4)).toEqual([27.5, 42.5]);
    expect(ownStretch(CONV8_TIME, 0)).toEqual([-0.5, -0.5]);
  });
});

test("a centre on the very edge is inside, one beyond it is not", () => {
  const axis = { ...evenAxis(4), centres: [-0.5 - 1e-3, -0.5, 3.5, 3.5 + 1e-3] };
  expect(insideAxis(axis)).toEqual([false, true, true, false]);
});

test("an axis wholly outside has nothing inside", () => {
  expect(insideRange({ ...evenAxis(4), centres: [-9, -8] })).toEqual([0, 0]);
});

test("cell i of n is centred at start + (i + 1/2) / n * (end - start)", () => {
  expect(cellToSeconds(0, 4, [1, 3])).toBe(1.25);
  expect(cellToSeconds(3, 4, [1, 3])).toBe(2.75);
  expect(spanToSeconds([-0.5, 3.5], evenAxis(4), [1, 3])).toEqual([1, 3]);
});

describe("frequencies of rows", () => {
  const hertz = [100, 200, 400, 800];

  test("hold at the rows' centres and run evenly between", () => {
    expect(hertz.map((_, row) => cellToHertz(row, hertz))).toEqual(hertz);
    expect(cellToHertz(1.5, hertz)).toBe(300);
    expect(cellToHertz(3.5, hertz)).toBe(1000);
    expect(cellToHertz(-5, hertz)).toBe(0);
  });

  test("and back", () => {
    for (const cell of [-0.25, 0, 0.5, 1, 2.75, 3, 3.5]) {
      expect(hertzToCell(cellToHertz(cell, hertz), hertz)).toBeCloseTo(cell, 9);
    }
  });
});

describe("pooled axes", () => {
  test.each([
    [5, 3, [0.5, 2.5, 4]],
    [10, 4, [1, 4, 7, 9]],
    [6, 6, [0, 1, 2, 3, 4, 5]],
  ])("of %d cells kept as %d are centred on their groups", (cells, kept, centres) => {
    expect(pooledAxis(evenAxis(cells), kept).centres).toEqual(centres);
  });

  test("have wider strides and fields", () => {
    expect(pooledAxis(evenAxis(10), 4)).toMatchObject({ stride: 3, field: 3 });
  });
});
