import { describe, expect, test } from "vitest";

import { colourOf, NAN_COLOUR, sequentialTable, TRANSPARENT } from "../src/pure/colormap";
import { atlasCapacity, planAtlas, slotOrigin, slotRegion, type Atlas } from "../src/pure/atlas";
import { fillImage, fillStrip, fillWindow } from "../src/pure/draw";
import { readStrip, readWindow } from "../src/pure/readings";
import { layerLayout, stripOf, windowsOf } from "./fixtures";

function pixelAt(pixels: Uint32Array, atlas: Atlas, slot: number, fromTop: number, column: number): number {
  const { x, y } = slotOrigin(atlas, slot);
  return pixels[(y + fromTop) * atlas.width + x + column] ?? -1;
}

describe("an atlas", () => {
  test.each([
    [32, 132, 130],
    [256, 10, 130],
    [1, 1, 2048],
    [5, 300, 2],
    [0, 4, 4],
    [500, 10, 2048],
  ])("of %d maps of %d x %d has room for each and stays a canvas", (slots, rows, columns) => {
    const atlas = planAtlas(slots, rows, columns);
    expect(slots).toBeLessThanOrEqual(atlasCapacity(rows, columns));
    const taken = new Set<string>();
    for (let slot = 0; slot < slots; slot++) {
      const { x, y } = slotOrigin(atlas, slot);
      expect(x + columns).toBeLessThanOrEqual(atlas.width);
      expect(y + rows).toBeLessThanOrEqual(atlas.height);
      taken.add(`${x} ${y}`);
    }
    expect(taken.size).toBe(slots);
    expect(Math.max(atlas.width, atlas.height)).toBeLessThanOrEqual(8192);
  });
});

describe("strips", () => {
  const strip = stripOf(
    [
      [
        [0, 1, 2],
        [3, 4, -5],
      ],
      [
        [NaN, Infinity, -1],
        [-2, -3, -4],
      ],
    ],
    { reached: Uint8Array.of(1, 0, 1) },
  );
  const paint = { map: "magma", divisors: [4, 5] } as const;

  test("show every reached cell in its colour with row 0 at the bottom, in the slots asked for", () => {
    const atlas = planAtlas(2, 2, 3);
    const pixels = new Uint32Array(atlas.width * atlas.height).fill(1);
    const order = [1, 0];
    for (const [slot, filter] of order.entries()) {
      fillStrip(slotRegion(pixels, atlas, slot), strip, filter, paint);
      for (let row = 0; row < 2; row++) {
        for (const column of [0, 2]) {
          const { value } = readStrip(strip, filter, row, column) ?? { value: 0 };
          const expected = colourOf(value, paint.divisors[filter] ?? 0, "magma");
          expect(pixelAt(pixels, atlas, slot, 1 - row, column)).toBe(expected);
        }
        expect(pixelAt(pixels, atlas, slot, 1 - row, 1)).toBe(TRANSPARENT);
      }
    }
    expect(pixelAt(pixels, atlas, 0, 1, 0)).toBe(NAN_COLOUR);
  });

  test("use the range of each column's own block", () => {
    const codes = Uint8Array.of(252, 252);
    const ranges = { blocks: 2, filters: 1, lo: Float32Array.of(0, 0), hi: Float32Array.of(1, 3) };
    const blocks = stripOf([[[0, 0]]], { cells: { kind: "codes", codes, ranges }, columnBlock: Int32Array.of(0, 1) });
    const pixels = new Uint32Array(2);
    fillStrip({ pixels, first: 0, pitch: 2 }, blocks, 0, { map: "magma", divisors: [3] });
    expect([...pixels]).toEqual([colourOf(1, 3, "magma"), colourOf(3, 3, "magma")]);
  });

  test("of plain values are coloured alike", () => {
    const values = Float32Array.of(0.5, -0.5);
    const plain = stripOf([[[0, 0]]], { cells: { kind: "floats", values } });
    const pixels = new Uint32Array(2);
    fillStrip({ pixels, first: 0, pitch: 2 }, plain, 0, { map: "cividis", divisors: [1] });
    expect([...pixels]).toEqual([colourOf(0.5, 1, "cividis"), colourOf(-0.5, 1, "cividis")]);
  });
});

test("a window shows its own maps; filters whose chunk has not come stay transparent", () => {
  const whole = windowsOf(layerLayout({ filters: 3, map_shape: [2, 3] }), 4, [-1, 1]);
  const [chunk] = whole.chunks;
  const data = { ...whole, chunks: chunk === undefined ? [] : [{ ...chunk, first: 1, end: 3 }] };
  const atlas = planAtlas(3, 2, 3);
  const pixels = new Uint32Array(atlas.width * atlas.height);
  for (const [slot, filter] of [2, 0, 1].entries()) {
    fillWindow(slotRegion(pixels, atlas, slot), data, 2, filter, { map: "magma", divisors: [1, 1, 1] });
    for (let row = 0; row < 2; row++) {
      for (let column = 0; column < 3; column++) {
        const reading = readWindow(data, { filter, window: 2, row, column });
        const expected = reading === null ? TRANSPARENT : colourOf(reading.value, 1, "magma");
        expect(pixelAt(pixels, atlas, slot, 1 - row, column)).toBe(expected);
      }
    }
  }
  expect(readWindow(data, { filter: 0, window: 2, row: 0, column: 0 })).toBeNull();
});

test("a window takes the range of its own block", () => {
  const whole = windowsOf(layerLayout(), 2, [0, 1]);
  const data = {
    ...whole,
    chunks: [{ first: 0, end: 1, data: Uint8Array.of(252, 252) }],
    ranges: { blocks: 2, filters: 1, lo: Float32Array.of(0, 0), hi: Float32Array.of(1, 3) },
    windowBlock: Int32Array.of(0, 1),
    fromEnvelope: false,
  };
  const paint = { map: "magma", divisors: [3] } as const;
  const drawn = [0, 1].map((window) => {
    const pixels = new Uint32Array(1);
    fillWindow({ pixels, first: 0, pitch: 1 }, data, window, 0, paint);
    return pixels[0];
  });
  expect(drawn).toEqual([colourOf(1, 3, "magma"), colourOf(3, 3, "magma")]);
});

test("an image runs up the table between its limits, clips beyond them and flips its rows", () => {
  const table = sequentialTable("magma");
  const pixels = new Uint32Array(6);
  fillImage(pixels, Float32Array.of(0, 5, 10, -90, 90, NaN), [2, 3], [0, 10], table);
  expect([...pixels]).toEqual([table[0], table[255], NAN_COLOUR, table[0], table[128], table[255]]);
});
