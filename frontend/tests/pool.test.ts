import { describe, expect, test } from "vitest";

import { MAP_NAMES, TRANSPARENT } from "../src/pure/colormap";
import { fillStrip, fillWindow, type Paint } from "../src/pure/draw";
import { PooledCodes } from "../src/pure/pool";
import { brightness, fitAxis, shrinkSlot, type Fit } from "../src/pure/shrink";
import type { StripData, WindowData } from "../src/pure/values";
import { layerLayout, stripOf, windowsOf } from "./fixtures";
import { random } from "./random";

const [ROWS, COLUMNS] = [11, 17];
/** Of 2,040 steps of brightness: channels are whole numbers, so that a larger value may be as much darker than its neighbour. */
const ROUNDING = 2;

function regionOf(columns: Fit, rows: Fit): { pixels: Uint32Array; first: number; pitch: number } {
  return { pixels: new Uint32Array(columns.size * rows.size).fill(7), first: 0, pitch: columns.size };
}

/** As `PooledCodes.paint`, by colouring every cell first. */
function shrunk(fill: (into: ReturnType<typeof regionOf>) => void, columns: Fit, rows: Fit): Uint32Array {
  const cells = { pixels: new Uint32Array(ROWS * COLUMNS), first: 0, pitch: COLUMNS };
  fill(cells);
  const into = regionOf(columns, rows);
  shrinkSlot(cells, into, columns, rows);
  return into.pixels;
}

function expectSame(drawn: Uint32Array, expected: Uint32Array): void {
  expect([...drawn].map((pixel) => pixel === TRANSPARENT)).toEqual([...expected].map((pixel) => pixel === TRANSPARENT));
  const off = [...drawn].map((pixel, at) => Math.abs(brightness(pixel) - brightness(expected[at] ?? 0)));
  expect(Math.max(...off)).toBeLessThanOrEqual(ROUNDING);
}

const FITS = [
  [5, 4],
  [17, 4],
  [6, 11],
  [1, 1],
  [16, 10],
].map(([across = 1, up = 1]) => ({ columns: fitAxis(COLUMNS, 0, COLUMNS, across), rows: fitAxis(ROWS, 0, ROWS, up) }));
const CUT = { columns: fitAxis(COLUMNS, 1.5, 14, 6), rows: fitAxis(ROWS, 0.5, 9, 4) };

function paintOf(map: Paint["map"], divisors: readonly number[]): Paint {
  return { map, divisors };
}

describe("codes pooled once show what colouring every cell and keeping the brightest would", () => {
  const draw = random(3);
  const strips: Readonly<Record<string, StripData>> = {
    "above zero": stripOf([valuesOf(() => Math.max(draw() - 0.5, 0))]),
    "on both sides of zero": stripOf([valuesOf(() => draw() - 0.6)]),
    "below zero": stripOf([valuesOf(() => draw() - 2)]),
    "in part not finite": stripOf([
      valuesOf((row, column) => [NaN, Infinity, -Infinity][(row + 3 * column) % 9] ?? draw() - 0.5),
    ]),
    "never finite": stripOf([valuesOf(() => NaN)]),
    "with columns left out": stripOf([valuesOf(() => draw() - 0.5)], {
      reached: Uint8Array.from({ length: COLUMNS }, (_, column) => +(column > 5 && column !== 9)),
    }),
    "of several blocks": blocksOf([valuesOf(() => draw())]),
  };

  test.each(Object.entries(strips))("of values %s", (_, strip) => {
    for (const { columns, rows } of [...FITS, CUT]) {
      const pooled = PooledCodes.of(strip, columns, rows);
      if (pooled === null) throw new Error("nothing to pool");
      for (const map of MAP_NAMES) {
        for (const divisor of [0.2, 1, 30]) {
          const into = regionOf(columns, rows);
          const paint = paintOf(map, [divisor]);
          pooled.paint(into, 0, 0, paint);
          const expected = shrunk(
            (cells) => {
              fillStrip(cells, strip, 0, paint);
            },
            columns,
            rows,
          );
          expectSame(into.pixels, expected);
        }
      }
    }
  });

  test("of each window and filter its own, and nothing of a chunk that has not come", () => {
    const data = windowsOf(layerLayout({ filters: 3, map_shape: [ROWS, COLUMNS] }), 4, [-1, 2]);
    const [chunk] = data.chunks;
    const part: WindowData = { ...data, chunks: chunk === undefined ? [] : [{ ...chunk, first: 1, end: 4 }] };
    const { columns, rows } = FITS[0] ?? CUT;
    const pooled = PooledCodes.of(part, columns, rows);
    const paint = paintOf("magma", [1, 1, 1]);
    for (const window of [2, 0, 2]) {
      for (const filter of [2, 0, 1]) {
        const into = regionOf(columns, rows);
        pooled?.paint(into, filter, window, paint);
        const expected = shrunk(
          (cells) => {
            fillWindow(cells, part, window, filter, paint);
          },
          columns,
          rows,
        );
        expectSame(into.pixels, expected);
      }
    }
  });
});

test("nothing is pooled where each cell has a pixel of its own, nor are plain values", () => {
  const strip = stripOf([valuesOf(() => 1)]);
  const [columns, rows] = [fitAxis(COLUMNS, 0, COLUMNS, COLUMNS), fitAxis(ROWS, 0, ROWS, ROWS)];
  expect(PooledCodes.of(strip, columns, rows)).toBeNull();
  const plain: StripData = { ...strip, cells: { kind: "floats", values: new Float32Array(ROWS * COLUMNS) } };
  expect(PooledCodes.of(plain, fitAxis(COLUMNS, 0, COLUMNS, 3), rows)).toBeNull();
});

function valuesOf(value: (row: number, column: number) => number): number[][] {
  return Array.from({ length: ROWS }, (_, row) => Array.from({ length: COLUMNS }, (__, column) => value(row, column)));
}

/** Its columns belong to blocks of six, each with a range of its own. */
function blocksOf(values: number[][][]): StripData {
  const strip = stripOf(values);
  if (strip.cells.kind !== "codes") return strip;
  const ranges = { blocks: 3, filters: 1, lo: Float32Array.of(-1, -3, 0), hi: Float32Array.of(1, 0.5, 2) };
  const columnBlock = Int32Array.from({ length: COLUMNS }, (_, column) => Math.floor(column / 6));
  return { ...strip, columnBlock, cells: { ...strip.cells, ranges } };
}
