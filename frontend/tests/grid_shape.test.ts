import { describe, expect, test } from "vitest";

import { aspectsOf, layoutBest, WIDEST } from "../src/pure/grid_shape";
import { SMALLEST_HEIGHT, SMALLEST_WIDTH } from "../src/pure/layout";
import type { WindowData } from "../src/pure/values";
import { CONV8_TIME, evenAxis, layerLayout } from "./fixtures";

const request = { width: 1000, height: 240, gap: 8, header: 15, tileWidth: null };
const shapes = [0.75, 1, 1.5, 2];

describe("tiles that may choose their shape", () => {
  test.each([1, 2, 3, 7, 11, 16, 32, 64])("%d tiles fit, and no other shape has larger ones", (count) => {
    const best = layoutBest({ ...request, count }, shapes);
    expect(best.contentHeight).toBeLessThanOrEqual(request.height);
    expect(best.across * (best.tileWidth + best.gap) - best.gap).toBeLessThanOrEqual(request.width);
    for (const shape of shapes) {
      const other = layoutBest({ ...request, count }, [shape]);
      expect(best.tileWidth * best.tileHeight).toBeGreaterThanOrEqual(other.tileWidth * other.tileHeight);
    }
  });

  test("more than fit are scrolled to, never smaller than the smallest", () => {
    const grid = layoutBest({ ...request, count: 1024 }, shapes);
    expect(grid.contentHeight).toBeGreaterThan(request.height);
    expect(grid.tileWidth).toBeGreaterThanOrEqual(SMALLEST_WIDTH);
    expect(grid.tileHeight).toBeGreaterThanOrEqual(SMALLEST_HEIGHT);
  });

  test("few tiles have the room of a large screen, within reason", () => {
    const large = { ...request, width: 2228, height: 690 };
    expect(layoutBest({ ...large, count: 1 }, [0.75, 2]).tileWidth).toBeGreaterThan(1300);
    expect(layoutBest({ ...large, count: 1 }, [4]).tileWidth).toBe(WIDEST);
    // Shapes are told apart by what they are at that width, not by what they would be.
    expect(layoutBest({ ...large, width: 4800, height: 1200, count: 1 }, [1.4, 4]).tileHeight).toBeGreaterThan(1000);
  });

  test("a wanted width is kept", () => {
    expect(layoutBest({ ...request, count: 32, tileWidth: 200 }, shapes).tileWidth).toBe(200);
  });
});

test("a window's tile has the shape of its map on the input: strides count, not cells", () => {
  const layer = layerLayout({
    time: CONV8_TIME,
    frequency: { ...evenAxis(128), centres: Array.from({ length: 10 }, (_, row) => 27 * row - 58), stride: 27 },
  });
  const maps: WindowData = {
    layer,
    filters: 1,
    windows: 1,
    rows: 10,
    columns: 7,
    chunks: [],
    ranges: null,
    windowBlock: new Int32Array(1),
    fromEnvelope: false,
  };
  expect(aspectsOf(maps)).toEqual([7 / 10]);
  const wide = { ...maps, layer: { ...layer, time: { ...CONV8_TIME, stride: 54 } } };
  expect(aspectsOf(wide)).toEqual([14 / 10]);
});
