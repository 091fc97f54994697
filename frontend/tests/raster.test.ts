import { describe, expect, test } from "vitest";

import { columnAt, rasterOfMaxima, rasterOfNumbers, rasterOfStrip, turnsOf } from "../src/pure/raster";
import { readStrip } from "../src/pure/readings";
import { windowAt } from "../src/pure/timing";
import type { Edges } from "../src/types";
import { evenGrid, layerLayout, stripOf } from "./fixtures";

const OVERLAPPING: readonly Edges[] = [
  [-0.1, 0.9],
  [0.1, 1.1],
  [0.3, 1.3],
];
const GAPS: readonly Edges[] = [
  [3, 4],
  [0, 1],
];

describe("a window's turn", () => {
  test.each([
    ["overlapping", OVERLAPPING, [0, 1, 2], [-0.1, 0.5, 0.7, 1.3]],
    ["one", [[0, 3]] as const, [0], [0, 3]],
  ])("%s windows: half-way to the neighbours, to their own ends at the clip's", (_, times, windows, edges) => {
    const turns = turnsOf(times);
    expect(turns.map(({ window }) => window)).toEqual(windows);
    for (const [index, { stretch }] of turns.entries()) {
      expect(stretch[0]).toBeCloseTo(edges[index] ?? NaN, 9);
      expect(stretch[1]).toBeCloseTo(edges[index + 1] ?? NaN, 9);
    }
  });

  test("never outside its own edges, in the order of time", () => {
    expect(turnsOf(GAPS)).toEqual([
      { window: 1, stretch: [0, 1] },
      { window: 0, stretch: [3, 4] },
    ]);
  });

  test("belongs to the window that is the present one then", () => {
    const times = Array.from({ length: 30 }, (_, index): Edges => [0.07 * index ** 1.2, 0.07 * index ** 1.2 + 1]);
    for (const { window, stretch } of turnsOf(times)) {
      for (const share of [0.001, 0.5, 0.999]) {
        expect(windowAt(times, stretch[0] + share * (stretch[1] - stretch[0]))).toBe(window);
      }
    }
  });

  test("of windows with one centre the first has it", () => {
    const turns = turnsOf([
      [0, 2],
      [0.5, 1.5],
      [1, 3],
    ]);
    expect(turns.map(({ window }) => window)).toEqual([0, 2]);
  });
});

describe("rows", () => {
  const layer = layerLayout({ axes: [], filters: 2 });

  test("of numbers hold each window's exact number, in the order of time", () => {
    const raster = rasterOfNumbers(layer, { shape: [2, 2, 1, 1], data: Float32Array.of(1.1, 2.2, -3, NaN) }, GAPS);
    expect(raster).toMatchObject({ gives: "number", windows: [1, 0], rows: 1, columns: 2, grid: null });
    const read = (filter: number, column: number) => readStrip(raster, filter, 0, column);
    expect(read(0, 0)).toEqual({ value: Math.fround(2.2), halfStep: 0, special: null });
    expect(read(0, 1)?.value).toBe(Math.fround(1.1));
    expect(read(1, 0)?.special).toBe("NaN");
    expect(read(1, 1)?.value).toBe(-3);
  });

  test("of maps hold each window's maximum, not its mean", () => {
    const envelope = { layer, filters: 2, windows: 2, maximum: Float32Array.of(1, 2, 3, 4), mean: new Float32Array(4) };
    const raster = rasterOfMaxima(envelope, GAPS);
    expect(raster.gives).toBe("maximum");
    expect(readStrip(raster, 1, 0, 1)?.value).toBe(3);
  });

  test("of strips one row high are the strips", () => {
    const reached = Uint8Array.of(1, 0, 1);
    const strip = stripOf([[[1, 2, 5]]], { grid: evenGrid(3, { start: 1, step: 0.5 }), reached });
    const raster = rasterOfStrip(strip);
    expect(raster).toMatchObject({ gives: "column", cells: strip.cells, grid: strip.grid });
    expect(raster.stretches).toEqual([
      [1, 1.5],
      [1.5, 2],
      [2, 2.5],
    ]);
    expect([0.9, 1, 1.7, 2.2, 2.5].map((seconds) => columnAt(raster, seconds))).toEqual([null, 0, null, 2, null]);
  });
});
