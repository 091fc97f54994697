import { expect, test } from "vitest";

import { stripPeaks } from "../src/pure/strip_peaks";
import { evenAxis, layerLayout, stripOf } from "./fixtures";

test("of every filter the largest value that is drawn", () => {
  const strip = stripOf([
    [
      [0, 1, 2],
      [3, -4, 5],
    ],
    [
      [-3, -2, -1],
      [-1.5, -8, -9],
    ],
  ]);
  expect([...stripPeaks(strip)]).toEqual([5, -1]);
});

test("columns that are not reached and rows off the frequency axis are not drawn", () => {
  const values = [
    [
      [9, 1, 2],
      [3, 4, 8],
    ],
  ];
  const without = stripOf(values, { reached: Uint8Array.of(0, 1, 0) });
  expect(stripPeaks(without)[0]).toBeCloseTo(4, 1);
  const lower = layerLayout({ shape: [2, 3], frequency: { ...evenAxis(1), centres: [-1, 0] } });
  expect(stripPeaks(stripOf(values, { layer: lower }))[0]).toBeCloseTo(8, 1);
});

test("each column is read with the range of its own block, and what is not finite is passed over", () => {
  const strip = stripOf([[[1, 1]]], {
    columnBlock: Int32Array.of(0, 1),
    cells: {
      kind: "codes",
      codes: Uint8Array.of(252, 126),
      ranges: { blocks: 2, filters: 1, lo: Float32Array.of(0, 0), hi: Float32Array.of(3, 10) },
    },
  });
  expect([...stripPeaks(strip)]).toEqual([5]);
  const odd = stripOf([[[Infinity, NaN, 0.5, -Infinity]], [[NaN, NaN, Infinity, NaN]]]);
  expect([...stripPeaks(odd)]).toEqual([0.5, -Infinity]);
  const floats = stripOf([[[0, 0, 0]]], {
    cells: { kind: "floats", values: Float32Array.of(Infinity, 2, NaN) },
  });
  expect([...stripPeaks(floats)]).toEqual([2]);
});
