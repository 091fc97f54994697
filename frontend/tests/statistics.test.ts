import { expect, test } from "vitest";

import { extremesOverSteps, filterStates, layerStatistics, meansOfProbes } from "../src/pure/statistics";
import { layerLayout } from "./fixtures";

/** [2 probes, 6 filters, 6]; the layer holds filters 1 to 5. */
const ROWS: readonly (readonly number[])[] = [
  [9, 9, 9, 9, 9, 9],
  [-1, 2, 0.5, 0.25, 0.75, 0],
  [-3, 0, -1, 1, 0, 0],
  [0.75, 0.75, 0.75, 0, 1, 0],
  [0, 0, 0, 0, 0, 0],
  [NaN, NaN, NaN, NaN, NaN, 12],
  [9, 9, 9, 9, 9, 9],
  [-1, -0.5, -0.75, 0.25, 0, 3],
  [-3, -1, -2, 1, 0, 0],
  [0.75, 0.75, 0.75, 0, 1, 0],
  [NaN, NaN, NaN, NaN, NaN, NaN],
  [NaN, NaN, NaN, NaN, NaN, NaN],
];
const array = { shape: [2, 6, 6], data: Float32Array.from(ROWS.flat()) };
const layer = layerLayout({ filters: 5, first_filter: 1 });

test("one layer's rows are picked for one probe", () => {
  const { min, max, mean, deviation, active, nonFinite } = layerStatistics(array, 1, layer);
  expect([min[0], max[0], mean[0], deviation[0], active[0], nonFinite[0]]).toEqual([-1, -0.5, -0.75, 0.25, 0, 3]);
  expect([...max]).toEqual([-0.5, -1, 0.75, NaN, NaN]);
});

test("means are of every probe", () => {
  expect([...meansOfProbes(array, layer)]).toEqual([0.5, -1, 0.75, 0, NaN, -0.75, -2, 0.75, NaN, NaN]);
});

test("values reach as far as at any step that has some", () => {
  const { min, max } = extremesOverSteps({ shape: [2, 6, 6], data: array.data });
  expect([...min]).toEqual([9, -1, -3, 0.75, 0, NaN]);
  expect([...max]).toEqual([9, 2, 0, 0.75, 0, NaN]);
});

test("a filter's state is told over all logged probes", () => {
  expect(filterStates(array, layer)).toEqual(["active", "silent", "constant", "silent", "unknown"]);
});

test("a filter that has different constants on different probes is not constant", () => {
  const two = { shape: [2, 1, 6], data: Float32Array.of(1, 1, 1, 0, 1, 0, 2, 2, 2, 0, 1, 0) };
  expect(filterStates(two, layerLayout())).toEqual(["active"]);
});

test("arrays that do not hold the layer or the probe are refused", () => {
  expect(() => layerStatistics(array, 2, layer)).toThrow(/none is number 2/);
  expect(() => filterStates(array, layerLayout({ filters: 6, first_filter: 1 }))).toThrow(/too few/);
});
