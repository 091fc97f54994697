import { signal } from "@preact/signals";
import { expect, it } from "vitest";

import { createInspecting } from "../src/inspecting";
import type { LayerLayout } from "../src/types";

const layerOf = (name: string, filters: number): LayerLayout => ({
  name,
  kind: "Conv2D",
  filters,
  first_filter: 0,
  axes: [],
  shape: [1, 1],
  map_shape: [1, 1],
  time: null,
  frequency: null,
  hertz: null,
});

it("inspects a filter that the layer has, and keeps pins with their layer", () => {
  const run = signal<string | null>("run");
  const layer = signal<LayerLayout | null>(layerOf("wide", 8));
  const beside = signal(true);
  const inspecting = createInspecting(run, layer, () => beside.value);
  inspecting.inspect(7);
  inspecting.pin(7, true);
  inspecting.pin(2, true);
  inspecting.pin(7, true);
  expect([inspecting.inspected.value, inspecting.pinned.value]).toEqual([7, [2, 7]]);
  layer.value = layerOf("narrow", 3);
  expect([inspecting.inspected.value, inspecting.pinned.value]).toEqual([2, []]);
  layer.value = layerOf("wide", 8);
  inspecting.pin(2, false);
  expect([inspecting.inspected.value, inspecting.pinned.value]).toEqual([7, [7]]);
  beside.value = false;
  expect(inspecting.inspected.value).toBeNull();
  beside.value = true;
  layer.value = null;
  expect(inspecting.inspected.value).toBeNull();
  inspecting.inspect(null);
  layer.value = layerOf("wide", 8);
  expect(inspecting.inspected.value).toBeNull();
});
