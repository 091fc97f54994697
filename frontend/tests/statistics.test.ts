import { expect, test } from "vitest";

import { extremesOverSteps, layerNumbers, meansOfProbes } from "../src/pure/statistics";
import type { Layout, ProbeLayout, ProbeResponse } from "../src/types";
import { layerLayout } from "./fixtures";
import { numbersOf, statisticsOf } from "./numbers";

const LAYOUT: Layout = { layers: [], output: null, classes: [], probes: [], grids: [] };
const PROBE: ProbeLayout = {
  name: "",
  identity: "",
  labels: [],
  detail: "windows",
  windows: 2,
  first_window: 0,
  grids: [],
  maps: {},
};
const RESPONSE: ProbeResponse = { kept: "windows", why: null, blocks: [0, 1, 2], first_block: 0, layers: [] };

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

const manifest = (filters: number, first_filter: number, probes: number) => ({
  layout: {
    ...LAYOUT,
    layers: [layerLayout({ filters, first_filter })],
    probes: Array.from({ length: probes }, () => PROBE),
  },
  responses: Array.from({ length: probes }, (_, probe) => ({ ...RESPONSE, first_block: 2 * probe })),
});
// [4 blocks, 6 filters, 2]: lo is 10 * block + filter, hi 100 more.
const ranges = {
  shape: [4, 6, 2],
  data: Float32Array.from({ length: 48 }, (_, index) => {
    const [block, filter] = [Math.floor(index / 12), Math.floor(index / 2) % 6];
    return 10 * block + filter + (index % 2) * 100;
  }),
};
const numbers = layerNumbers(numbersOf(manifest(5, 1, 2), array, ranges, 1, 0), layer);

test("one layer's numbers over one probe", () => {
  const { min, max, mean, deviation, active, nonFinite } = numbers.statistics;
  expect([min[0], max[0], mean[0], deviation[0], active[0], nonFinite[0]]).toEqual([-1, -0.5, -0.75, 0.25, 0, 3]);
  expect([...max]).toEqual([-0.5, -1, 0.75, NaN, NaN]);
});

test("each block of windows has ranges of its own", () => {
  expect(numbers.ranges).toMatchObject({ blocks: 2, filters: 5 });
  expect([...numbers.ranges.lo]).toEqual([21, 22, 23, 24, 25, 31, 32, 33, 34, 35]);
  expect([...numbers.ranges.hi]).toEqual([121, 122, 123, 124, 125, 131, 132, 133, 134, 135]);
});

test("means are of every probe", () => {
  const means = meansOfProbes(statisticsOf(array, layer));
  expect([...means]).toEqual([0.5, -1, 0.75, 0, NaN, -0.75, -2, 0.75, NaN, NaN]);
});

test("values reach as far as at any step that has some", () => {
  const { min, max } = extremesOverSteps({ shape: [2, 6, 6], data: array.data });
  expect([...min]).toEqual([9, -1, -3, 0.75, 0, NaN]);
  expect([...max]).toEqual([9, 2, 0, 0.75, 0, NaN]);
});

test("a filter's state is told over all logged probes", () => {
  expect(numbers.states).toEqual(["active", "silent", "constant", "silent", "unknown"]);
});

test("a filter that has different constants on different probes is not constant", () => {
  const two = { shape: [2, 1, 6], data: Float32Array.of(1, 1, 1, 0, 1, 0, 2, 2, 2, 0, 1, 0) };
  const one = numbersOf(manifest(1, 0, 2), two, ranges, 0, 0);
  expect(layerNumbers(one, layerLayout()).states).toEqual(["active"]);
});

test("arrays that do not fit the layer are refused", () => {
  const wrong = numbersOf(manifest(5, 1, 2), array, ranges, 1, 0);
  expect(() => layerNumbers(wrong, layerLayout({ filters: 6 }))).toThrow(/float32 \(12, 6\) is expected/);
  expect(() => layerNumbers({ shape: [9, 1], data: new Float32Array(9) }, layerLayout())).toThrow(/9 rows/);
});
