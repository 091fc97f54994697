import { describe, expect, test } from "vitest";

import { readStrip, readWindow } from "../src/pure/readings";
import {
  gridOf,
  joinEnvelope,
  joinStrip,
  joinWindows,
  layerOf,
  mergeScalarChunks,
  stripOfEnvelope,
  windowHop,
} from "../src/pure/values";
import type { Edges, Layout, ProbeResponse, WindowsMember } from "../src/types";
import { evenAxis, evenGrid, layerLayout } from "./fixtures";

const TIMES: readonly Edges[] = [
  [0, 1],
  [0.5, 1.5],
  [1, 2],
];
const response: ProbeResponse = { kept: "windows", why: null, blocks: [0, 2, 3], first_block: 0, layers: [] };
const ranges = { blocks: 2, filters: 1, lo: Float32Array.of(0, -100), hi: Float32Array.of(252, 152) };
const layer = layerLayout({ shape: [1, 1], map_shape: [1, 1] });

function member(first: number, end: number): WindowsMember {
  return { name: `windows.${first}`, bytes: 0, inflated: 0, filters: [first, end] };
}

test("a strip's columns take the range of their window's block", () => {
  const grid = { ...evenGrid(3, { step: 0.5 }), windows: [0, 1, 2] };
  const strip = joinStrip({
    layer,
    grid,
    response,
    times: TIMES,
    ranges,
    strip: { shape: [1, 1, 3], data: Uint8Array.of(7, 7, 7) },
  });
  expect([0, 1, 2].map((column) => readStrip(strip, 0, 0, column)?.value)).toEqual([7, 7, -93]);
  expect(readStrip(strip, 0, 0, 0)?.halfStep).toBe(0.5);
  expect(readStrip(strip, 0, 0, 3)).toBeNull();
  expect(readStrip(strip, 0, -1, 0)).toBeNull();
});

describe("columns that stand too far from their true centre", () => {
  const at = (distance: number, times: readonly Edges[]): number | undefined => {
    const grid = { ...evenGrid(1, { step: 0.1 }), centres: [0.05 + distance] };
    return joinStrip({ layer, grid, response, times, ranges, strip: { shape: [1, 1, 1], data: Uint8Array.of(0) } })
      .reached[0];
  };

  test("are those beyond the windows' hop and the strip's step", () => {
    expect(at(0.5, TIMES)).toBe(1);
    expect(at(-0.5, TIMES)).toBe(1);
    expect(at(0.51, TIMES)).toBe(0);
  });

  test("or beyond the step alone where there is one window", () => {
    expect(at(0.1, [[0, 1]])).toBe(1);
    expect(at(0.11, [[0, 1]])).toBe(0);
  });
});

test("the hop is the least distance of two windows' centres", () => {
  expect(windowHop(TIMES)).toBe(0.5);
  expect(
    windowHop([
      [2, 3],
      [0, 1],
      [0, 1],
      [0.25, 1.25],
    ]),
  ).toBe(0.25);
  expect(windowHop([[0, 1]])).toBe(0);
  expect(windowHop([])).toBe(0);
});

describe("a layer of one number per window", () => {
  const dense = layerLayout({ axes: [], filters: 3 });
  const chunks = [
    { member: member(0, 2), array: { shape: [2, 3, 1, 1], data: Float32Array.of(1, 2, 3, 4, 5, 6) } },
    { member: member(2, 3), array: { shape: [1, 3, 1, 1], data: Float32Array.of(7, 8, 9) } },
  ];

  test("has its own numbers as windows", () => {
    const data = joinWindows({ layer: dense, response, windows: 3, chunks, ranges });
    expect(readWindow(data, { filter: 2, window: 1, row: 0, column: 0 })).toEqual({
      value: 8,
      halfStep: 0,
      special: null,
    });
  });

  test("and as a strip the number of each column's window", () => {
    const grid = { ...evenGrid(4, { step: 0.5 }), windows: [0, 0, 1, 2] };
    const strip = joinStrip({
      layer: dense,
      grid,
      response,
      times: TIMES,
      ranges,
      strip: mergeScalarChunks(dense, 3, chunks),
    });
    expect([0, 1, 2, 3].map((column) => readStrip(strip, 1, 0, column)?.value)).toEqual([4, 4, 5, 6]);
  });
});

test("an envelope stands in for a strip: maxima on the windows' seconds", () => {
  const envelope = joinEnvelope(layer, 3, { shape: [2, 1, 3], data: Float32Array.of(3, 1, 2, 0, 0, 0) });
  const strip = stripOfEnvelope(envelope, TIMES);
  expect(strip).toMatchObject({ rows: 1, columns: 3, fromEnvelope: true, grid: { start: 0.25, step: 0.5 } });
  expect([0, 1, 2].map((column) => readStrip(strip, 0, 0, column)?.value)).toEqual([3, 1, 2]);
  expect(
    stripOfEnvelope(joinEnvelope(layer, 1, { shape: [2, 1, 1], data: Float32Array.of(3, 0) }), [[0, 2]]).grid,
  ).toMatchObject({
    start: 0,
    step: 2,
    windows: [0],
  });
});

test("arrays that do not fit the layout are refused", () => {
  const grid = evenGrid(3);
  const strip = { shape: [1, 1, 2], data: new Uint8Array(2) };
  expect(() => joinStrip({ layer, grid, response, times: TIMES, ranges, strip })).toThrow(
    "uint8 (1, 1, 3) is expected",
  );
  const chunks = [{ member: member(0, 1), array: { shape: [1, 2, 1, 1], data: new Uint8Array(2) } }];
  expect(() => joinWindows({ layer, response, windows: 3, chunks, ranges })).toThrow("uint8 (1, 3, 1, 1) is expected");
});

test("a probe with windows of another length has maps of its own", () => {
  const maps = { shape: [4, 9], map_shape: [4, 9], time: evenAxis(9), frequency: null } as const;
  const probe = {
    name: "p",
    identity: "",
    labels: [],
    detail: "strip",
    windows: 1,
    first_window: 0,
    grids: [1],
  } as const;
  const layout: Layout = {
    layers: [layerLayout({ name: "conv" })],
    output: null,
    classes: [],
    probes: [
      { ...probe, maps: {} },
      { ...probe, grids: [0], maps: { "0": maps } },
    ],
    grids: [evenGrid(1), evenGrid(2)],
  };
  expect(layerOf(layout, 0, 0)).toEqual(layout.layers[0]);
  expect(layerOf(layout, 1, 0)).toMatchObject({ name: "conv", shape: [4, 9], time: maps.time });
  expect(gridOf(layout, 0, 0)).toBe(layout.grids[1]);
  expect(() => gridOf(layout, 2, 0)).toThrow(RangeError);
  expect(() => layerOf(layout, 0, 1)).toThrow(RangeError);
});
