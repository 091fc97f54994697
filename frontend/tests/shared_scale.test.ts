import { expect, test } from "vitest";

import type { Shown } from "../src/derived";
import { areClassScores, sharedScale } from "../src/shared_scale";
import type { LayerLayout, Layout } from "../src/types";
import { layerLayout } from "./fixtures";

const CLASSES = ["a", "b", "c"];
const output: LayerLayout = { ...layerLayout({ filters: 3 }), name: "out", axes: [] };
const maps: LayerLayout = { ...layerLayout({ filters: 3 }), name: "out" };

function layout(named: string): Layout {
  return { layers: [], output: named, classes: CLASSES, probes: [], grids: [] };
}

function shown(layer: LayerLayout, kind: Shown["kind"], windows: number, gives = "maximum"): Shown {
  const times = Array.from({ length: windows }, (_, at) => [at, at + 1] as const);
  return { kind, picture: { times, manifest: { layout: layout("out") }, maps: { layer, gives } } } as unknown as Shown;
}

test("class scores are the numbers of the output, one per class", () => {
  expect(areClassScores(layout("out"), output)).toBe(true);
  expect(areClassScores(layout("other"), output)).toBe(false);
  expect(areClassScores(layout("out"), { ...output, filters: 4 })).toBe(false);
  expect(areClassScores(layout("out"), maps)).toBe(false);
});

test.each([
  ["class scores, however many windows", shown(output, "raster", 9), ["classes", "classes"]],
  ["class scores as tiles", shown(output, "strip", 9), ["classes", "classes"]],
  ["one number of another layer", shown({ ...output, name: "dense" }, "raster", 1), ["lone", null]],
  ["numbers of another layer", shown({ ...output, name: "dense" }, "raster", 9), [null, null]],
  ["a row's one largest value", shown({ ...maps, name: "conv" }, "raster", 1), ["lone", null]],
  ["a row that is the strip", shown({ ...maps, name: "conv" }, "raster", 1, "column"), [null, null]],
  ["one window's strips", shown({ ...maps, name: "conv" }, "strip", 1), [null, null]],
])("whether filters share the layer's scale, at one epoch and across all: %s", (_, now, expected) => {
  expect([sharedScale(now, false), sharedScale(now, true)]).toEqual(expected);
});
