import { expect, test } from "vitest";

import { parseProbesManifest, parseStepManifest } from "../src/parse";
import { pointAt, type PointingContext } from "../src/pointing";
import { Scope } from "../src/scope";
import { createState } from "../src/state";
import { createData } from "../src/data";
import { createDerived } from "../src/derived";
import { readExpected, StoredZip } from "./golden";
import { GoldenSource } from "./golden_source";

const manifest = parseStepManifest(new StoredZip("bundle.zip").json("manifest.json"));
const probe = parseProbesManifest(new StoredZip("probes.zip").json("manifest.json")).probes[0];
const layer = manifest.layout.layers[0];

async function shown(mode: "strip" | "window"): Promise<PointingContext> {
  const scope = new Scope();
  const source = new GoldenSource();
  const state = createState(source, scope.signal);
  const derived = createDerived(state, createData(source, state, scope), scope);
  state.chooseMode(mode);
  await state.refresh();
  await expect.poll(() => derived.shown.value?.kind).toBe(mode);
  const now = derived.shown.value;
  scope.close();
  if (now === null) throw new Error("nothing is shown");
  return { shown: now, seconds: derived.seconds.value, window: 1, hertz: [100, 200, 400, 800] };
}

test("a window's cell says filter, frequency, time and the value that was logged", async () => {
  const context = await shown("window");
  const [rows, columns] = layer?.map_shape ?? [0, 0];
  const cells = readExpected().cells.filter(([p, l, , window, , , value]) => {
    return p === 0 && l === 0 && window === 1 && typeof value === "number";
  });
  expect(cells.length).toBeGreaterThan(3);
  for (const [, , filter, , row, column, value, halfStep] of cells) {
    const pointed = pointAt(context, filter, (column + 0.5) / columns, 1 - (row + 0.5) / rows);
    const said = Number(/([−\d.e-]+)(?: ±|$)/.exec(pointed?.text.split("  ·  ")[3] ?? "")?.[1]?.replace("−", "-"));
    expect(pointed?.filter).toBe(filter);
    expect(Math.abs(said - Number(value))).toBeLessThanOrEqual(halfStep + 0.005 * Math.abs(Number(value)) + 1e-9);
  }
});

test("a padding's child has no stretch on the input, but a field", async () => {
  const context = await shown("window");
  const columns = layer?.map_shape[1] ?? 1;
  const [start, end] = probe?.times[1] ?? [0, 0];
  const outside = pointAt(context, 0, 0.5 / columns, 0.5);
  expect(outside?.stretch.seconds?.[0]).toBeCloseTo(outside?.stretch.seconds?.[1] ?? NaN, 9);
  const inside = pointAt(context, 0, 2.5 / columns, 0.5);
  const [from, to] = inside?.stretch.seconds ?? [NaN, NaN];
  expect(from).toBeGreaterThanOrEqual(start);
  expect(to).toBeLessThanOrEqual(end);
  expect(to - from).toBeCloseTo((end - start) / 3, 9);
  expect(inside?.text).toContain("sees the whole window");
});

test("a strip's cell stands at its column's true centre; outside the strip there is nothing", async () => {
  const context = await shown("strip");
  const grid = manifest.layout.grids[0];
  const column = 1;
  const at = (grid?.start ?? 0) + (column + 0.5) * (grid?.step ?? 0);
  const x = (at - context.seconds[0]) / (context.seconds[1] - context.seconds[0]);
  const pointed = pointAt(context, 0, x, 0.5);
  expect(pointed?.text).toContain(`${(grid?.centres[column] ?? NaN).toFixed(2)} s`);
  expect(pointAt(context, 0, 1.01, 0.5)).toBeNull();
});
