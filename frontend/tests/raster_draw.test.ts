import { describe, expect, test } from "vitest";

import { colourOf, TRANSPARENT } from "../src/pure/colormap";
import { rasterOfNumbers } from "../src/pure/raster";
import { pixelColumns, rasterPixels } from "../src/pure/raster_draw";
import { fitAxis } from "../src/pure/shrink";
import type { Edges } from "../src/types";
import { layerLayout } from "./fixtures";

describe("the columns of a pixel", () => {
  const seconds: Edges = [0, 10];

  test("are the one its middle lies in, where columns are wider", () => {
    const stretches: readonly Edges[] = [
      [1, 3.4],
      [3.4, 7],
      [8, 9],
    ];
    const { size, spans } = pixelColumns(stretches, seconds, 20);
    expect(size).toBe(20);
    for (const [pixel, [first, end]] of spans?.entries() ?? []) {
      const middle = (pixel + 0.5) / 2;
      const column = stretches.findIndex(([from, to]) => middle >= from && middle < to);
      expect([first, end]).toEqual(column < 0 ? [0, 0] : [column, column + 1]);
    }
  });

  test("leave out none that is narrower than a pixel, and overlap no gap", () => {
    const stretches = Array.from({ length: 100 }, (_, index): Edges => [index / 10, (index + 1) / 10]);
    for (const pixels of [3, 7, 33, 99]) {
      const { spans } = pixelColumns(stretches, seconds, pixels);
      const seen = spans?.flatMap(([first, end]) => Array.from({ length: end - first }, (_, index) => first + index));
      expect(new Set(seen).size).toBe(100);
    }
  });

  test("beyond the axis count for nothing", () => {
    const stretches: readonly Edges[] = [
      [-5, 5],
      [5, 15],
      [20, 21],
    ];
    expect(pixelColumns(stretches, seconds, 2).spans).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });
});

describe("pixels of rows", () => {
  const times: readonly Edges[] = [
    [0, 1],
    [1, 2],
    [3, 4],
  ];
  const values = [
    [0, 1, 0.25],
    [0.5, 0, 0],
    [-0.2, 0.75, 0],
  ];
  const maps = rasterOfNumbers(
    layerLayout({ axes: [], filters: 3 }),
    { shape: [3, 3, 1, 1], data: Float32Array.from(values.flat()) },
    times,
  );
  const paint = { map: "magma", divisors: [1, 1, 1] } as const;
  const colour = (value: number) => colourOf(value, 1, "magma");
  const columns = pixelColumns(maps.stretches, [0, 4], 8);

  test("are each filter's own, in order, empty between windows", () => {
    const { pixels, width, height } = rasterPixels(maps, [2, 0, 1], paint, { columns, rows: fitAxis(3, 0, 3, 30) });
    expect([width, height]).toEqual([8, 3]);
    for (const [row, filter] of [2, 0, 1].entries()) {
      const [a = NaN, b = NaN, c = NaN] = (values[filter] ?? []).map(colour);
      expect([...pixels.slice(8 * row, 8 * row + 8)]).toEqual([a, a, b, b, TRANSPARENT, TRANSPARENT, c, c]);
    }
  });

  test("show the brightest of rows that share them", () => {
    const { pixels, height } = rasterPixels(maps, [0, 1, 2], paint, { columns, rows: fitAxis(3, 0, 3, 1) });
    expect(height).toBe(1);
    const [a, b, c] = [0.5, 1, 0.25].map(colour);
    expect([...pixels]).toEqual([a, a, b, b, TRANSPARENT, TRANSPARENT, c, c]);
  });

  test("a peak of one window stands out among 2,048 rows in every height", () => {
    const filters = 2048;
    const data = new Float32Array(filters * 3).fill(0.01);
    data[3 * 777 + 1] = 1;
    const layer = layerLayout({ axes: [], filters });
    const many = rasterOfNumbers(layer, { shape: [filters, 3, 1, 1], data }, times);
    const order = Array.from({ length: filters }, (_, filter) => filter);
    const same = { map: "magma", divisors: new Float64Array(filters).fill(1) } as const;
    for (const high of [1, 50, 300, 1000]) {
      const { pixels } = rasterPixels(many, order, same, { columns, rows: fitAxis(filters, 0, filters, high) });
      const at = Math.floor((777.5 / filters) * high);
      expect(pixels[8 * at + 2]).toBe(colour(1));
      expect([...pixels].filter((pixel) => pixel === colour(1)).length).toBeGreaterThanOrEqual(2);
    }
  });
});
