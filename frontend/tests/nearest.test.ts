import { describe, expect, test } from "vitest";

import { cellToSeconds } from "../src/pure/axes";
import { nearestStripColumn, nearestWindowColumn } from "../src/pure/nearest";
import { CONV8_TIME, evenAxis, evenGrid } from "./fixtures";

describe("a strip's column", () => {
  const all = (columns: number) => new Uint8Array(columns).fill(1);

  test("is the one whose true centre is nearest, wherever it stands", () => {
    const grid = { ...evenGrid(4), centres: [0.5, 1.9, 2.0, 3.9] };
    expect([0, 1.1, 1.3, 1.94, 1.96, 2.5, 3.6].map((at) => nearestStripColumn(grid, all(4), at))).toEqual([
      0, 0, 1, 1, 2, 2, 3,
    ]);
  });

  test("is one that is shown", () => {
    expect(nearestStripColumn(evenGrid(3), Uint8Array.of(1, 0, 1), 1.6)).toBe(2);
    expect(nearestStripColumn(evenGrid(3), new Uint8Array(3), 1.6)).toBeNull();
  });

  test("of those that show one and the same is the one that stands nearest", () => {
    const grid = { ...evenGrid(5), centres: [2.5, 2.5, 2.5, 2.5, 2.5] };
    expect([0, 1.2, 4.9].map((at) => nearestStripColumn(grid, all(5), at))).toEqual([0, 1, 4]);
  });
});

describe("a window's column", () => {
  test("is the nearest of those that are centred in it", () => {
    const window = [1, 2] as const;
    const centres = [3, 4].map((column) => cellToSeconds(CONV8_TIME.centres[column] ?? NaN, 43, window));
    expect(nearestWindowColumn(CONV8_TIME, window, 1)).toBe(3);
    expect(nearestWindowColumn(CONV8_TIME, window, ((centres[0] ?? NaN) + (centres[1] ?? NaN)) / 2 + 0.001)).toBe(4);
    expect(nearestWindowColumn(CONV8_TIME, window, 9)).toBe(4);
  });

  test("is absent where none is", () => {
    expect(nearestWindowColumn({ ...evenAxis(4), centres: [-9, 9] }, [0, 1], 0.5)).toBeNull();
  });
});
