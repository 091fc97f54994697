import { describe, expect, test } from "vitest";

import { hatchedBoxes, placeStrip, stripCellAt, windowCellAt } from "../src/pure/placement";
import { CONV8_TIME, evenAxis, evenGrid, layerLayout, stripOf, windowsOf } from "./fixtures";

const flat = (rows: number, columns: number): number[][][] => [
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => 1)),
];

describe("a strip in its tile", () => {
  test("that covers the clip and the frequency axis fills the tile", () => {
    const strip = stripOf(flat(4, 6), { grid: evenGrid(6, { step: 0.5 }) });
    expect(placeStrip(strip, [0, 3])).toEqual({
      source: { x: 0, y: 0, width: 6, height: 4 },
      target: { x: 0, y: 0, width: 1, height: 1 },
    });
  });

  test("stands where its seconds are when it covers a part of the clip", () => {
    const { source, target } = placeStrip(stripOf(flat(4, 6), { grid: evenGrid(6, { start: 1, step: 0.25 }) }), [0, 3]);
    expect(source).toMatchObject({ x: 0, width: 6 });
    expect(target.x).toBeCloseTo(1 / 3);
    expect(target.width).toBeCloseTo(0.5);
  });

  test("is cut where it reaches beyond the clip", () => {
    const strip = stripOf(flat(4, 8), { grid: evenGrid(8, { start: -0.5, step: 0.5 }) });
    const { source, target } = placeStrip(strip, [0, 3]);
    expect(source).toMatchObject({ x: 1, width: 6 });
    expect(target).toMatchObject({ x: 0, width: 1 });
  });

  test("leaves out rows centred outside the frequency axis", () => {
    // conv2: 132 rows over 128, two of padding's children at either end.
    const frequency = { ...evenAxis(128), centres: Array.from({ length: 132 }, (_, row) => row - 2) };
    const strip = stripOf(flat(132, 2), { layer: layerLayout({ shape: [132, 2], frequency }) });
    expect(placeStrip(strip, [0, 2])).toEqual({
      source: { x: 0, y: 2, width: 2, height: 128 },
      target: { x: 0, y: 0, width: 1, height: 1 },
    });
  });

  test("of a deep layer keeps the input's hertz: rows stand where their centres are", () => {
    // Rows centred at 14, 41, 68, 95, 122 of 128; from 0.5 to 127.5 after clipping the last at the axis.
    const frequency = { ...evenAxis(128), centres: [-13, 14, 41, 68, 95, 122, 149], stride: 27 };
    const strip = stripOf(flat(7, 2), { layer: layerLayout({ shape: [7, 2], frequency }) });
    for (const [row, centre] of [
      [1, 14],
      [3, 68],
      [5, 122],
    ] as const) {
      expect(stripCellAt(strip, [0, 2], 0.25, 1 - (centre + 0.5) / 128)).toEqual({ row, column: 0 });
    }
    const { target } = placeStrip(strip, [0, 2]);
    expect(target.y).toBeCloseTo(0, 9);
    expect(target.y + target.height).toBeCloseTo(1 - 1 / 128, 9);
  });

  test("of one row fills the tile's height", () => {
    const strip = stripOf(flat(1, 3), { layer: layerLayout({ shape: [1, 3] }) });
    expect(placeStrip(strip, [0, 3]).target).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });
});

describe("the cell under a point", () => {
  const strip = stripOf(flat(4, 6), { reached: Uint8Array.of(1, 1, 1, 1, 0, 1) });

  test("is found for every cell's middle", () => {
    for (let row = 0; row < 4; row++) {
      for (const column of [0, 1, 2, 3, 5]) {
        expect(stripCellAt(strip, [0, 6], (column + 0.5) / 6, 1 - (row + 0.5) / 4)).toEqual({ row, column });
      }
    }
  });

  test("is none where nothing is drawn", () => {
    expect(stripCellAt(strip, [0, 6], 4.5 / 6, 0.5)).toBeNull();
    expect(stripCellAt(strip, [0, 12], 0.75, 0.5)).toBeNull();
    expect(stripCellAt(strip, [0, 6], 0.5, 1)).toBeNull();
    expect(stripCellAt(strip, [0, 6], -0.01, 0.5)).toBeNull();
  });

  test("of a window counts rows from the bottom", () => {
    const data = windowsOf(layerLayout({ map_shape: [2, 4] }), 1, [0, 1]);
    expect(windowCellAt(data, 0, 0)).toEqual({ row: 1, column: 0 });
    expect(windowCellAt(data, 0.99, 0.99)).toEqual({ row: 0, column: 3 });
    expect(windowCellAt(data, 1, 0.5)).toBeNull();
  });
});

describe("hatching", () => {
  test("covers the columns centred outside the window: five of conv8's seven", () => {
    const layer = layerLayout({ shape: [2, 7], map_shape: [2, 7], time: CONV8_TIME });
    const boxes = hatchedBoxes(windowsOf(layer, 1, [0, 1]));
    expect(boxes).toHaveLength(2);
    expect(boxes.reduce((sum, { width, height }) => sum + width * height, 0)).toBeCloseTo(5 / 7, 12);
    expect(boxes[0]).toMatchObject({ x: 0, y: 0, height: 1 });
  });

  test("does not overlap at the corners and flips rows", () => {
    const outside = { ...evenAxis(3), centres: [-1, 0, 1, 2] };
    const layer = layerLayout({ shape: [4, 4], map_shape: [4, 4], time: outside, frequency: outside });
    const boxes = hatchedBoxes(windowsOf(layer, 1, [0, 1]));
    expect(boxes.reduce((sum, { width, height }) => sum + width * height, 0)).toBeCloseTo(7 / 16, 12);
    // Row 0 is outside, and row 0 is at the bottom.
    expect(boxes).toContainEqual({ x: 0.25, y: 0.75, width: 0.75, height: 0.25 });
  });

  test("is absent where all cells lie inside or nothing is known", () => {
    const axis = evenAxis(4);
    const inside = layerLayout({ shape: [4, 4], map_shape: [4, 4], time: axis, frequency: axis });
    expect(hatchedBoxes(windowsOf(inside, 1, [0, 1]))).toEqual([]);
    expect(hatchedBoxes(windowsOf(layerLayout({ map_shape: [4, 4] }), 1, [0, 1]))).toEqual([]);
  });
});
