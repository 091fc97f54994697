import { expect, test } from "vitest";

import { parseProbesManifest, parseStepManifest } from "../src/parse";
import { pointAt, tileUnder, type PointingContext } from "../src/pointing";
import { layoutTiles } from "../src/pure/layout";
import { Scope } from "../src/scope";
import { createState, type Mode } from "../src/state";
import { createData } from "../src/data";
import { createDerived, type Shown } from "../src/derived";
import { readExpected, StoredZip } from "./golden";
import { number } from "../src/words";
import { GoldenSource } from "./golden_source";

const manifest = parseStepManifest(new StoredZip("bundle.zip").json("manifest.json"));
const probe = parseProbesManifest(new StoredZip("probes.zip").json("manifest.json")).probes[0];
const layer = manifest.layout.layers[0];

function at(context: PointingContext, filter: number, x: number, y: number, sharing: readonly number[] = [filter]) {
  return pointAt(context, { filter, sharing, x, y });
}

async function shown(mode: Mode): Promise<PointingContext> {
  const scope = new Scope();
  const source = new GoldenSource();
  const state = createState(source, scope.signal);
  const derived = createDerived(state, createData(source, state, scope), scope);
  state.chooseMode(mode);
  await state.refresh();
  await expect.poll(() => derived.shown.value?.kind).toBe(mode);
  const now = derived.shown.value;
  scope.close();
  const paint = derived.paint.value;
  if (now === null || paint === null) throw new Error("nothing is shown");
  return {
    shown: now,
    seconds: derived.seconds.value,
    window: 1,
    hertz: [100, 200, 400, 800],
    paint,
    scores: null,
    against: null,
  };
}

test("a window's cell says filter, frequency, time and the value that was logged", async () => {
  const context = await shown("window");
  const [rows, columns] = layer?.map_shape ?? [0, 0];
  const cells = readExpected().cells.filter(([p, l, , window, , , value]) => {
    return p === 0 && l === 0 && window === 1 && typeof value === "number";
  });
  expect(cells.length).toBeGreaterThan(3);
  for (const [, , filter, , row, column, value, halfStep] of cells) {
    const pointed = at(context, filter, (column + 0.5) / columns, 1 - (row + 0.5) / rows);
    const said = Number(/([−\d.e-]+)(?: ±|$)/.exec(pointed?.text.split("  ·  ")[3] ?? "")?.[1]?.replace("−", "-"));
    expect(pointed?.filter).toBe(filter);
    expect(Math.abs(said - Number(value))).toBeLessThanOrEqual(halfStep + 0.005 * Math.abs(Number(value)) + 1e-9);
  }
});

test("a padding's child has no stretch on the input, but a field", async () => {
  const context = await shown("window");
  const columns = layer?.map_shape[1] ?? 1;
  const [start, end] = probe?.times[1] ?? [0, 0];
  const outside = at(context, 0, 0.5 / columns, 0.5);
  expect(outside?.stretch?.seconds?.[0]).toBeCloseTo(outside?.stretch?.seconds?.[1] ?? NaN, 9);
  expect(outside?.text).toContain("before the window");
  expect(outside?.text).not.toMatch(/\d s\b/);
  expect(at(context, 0, 1 - 0.5 / columns, 0.5)?.text).toContain("after the window");
  const inside = at(context, 0, 2.5 / columns, 0.5);
  const [from, to] = inside?.stretch?.seconds ?? [NaN, NaN];
  expect(from).toBeGreaterThanOrEqual(start);
  expect(to).toBeLessThanOrEqual(end);
  expect(to - from).toBeCloseTo((end - start) / 3, 9);
  expect(inside?.text).toContain("sees the window's whole length");
});

test("a strip's cell stands at its column's true centre; outside the strip there is nothing", async () => {
  const context = await shown("strip");
  const grid = manifest.layout.grids[0];
  const column = 1;
  const stands = (grid?.start ?? 0) + (column + 0.5) * (grid?.step ?? 0);
  const x = (stands - context.seconds[0]) / (context.seconds[1] - context.seconds[0]);
  const pointed = at(context, 0, x, 0.5);
  expect(pointed?.text).toContain(`${(grid?.centres[column] ?? NaN).toFixed(2)} s`);
  expect(at(context, 0, 1.01, 0.5)).toBeNull();
});

test("rows beyond the input's frequencies say so, and a field that leaves out rows is not the whole window", async () => {
  const context = await shown("window");
  if (context.shown.kind !== "window") throw new Error("windows are shown");
  const { picture } = context.shown;
  const frequency = { cells: 4, centres: [-3, 1, 5], stride: 4, field: 3, approximate: false };
  const maps = { ...picture.maps, rows: 3, layer: { ...picture.maps.layer, frequency } };
  const deep: PointingContext = { ...context, shown: { kind: "window", picture: { ...picture, maps } } };
  const [, columns] = maps.layer.map_shape;
  const textAt = (y: number) => at(deep, 0, 2.5 / columns, y)?.text ?? "";
  expect(textAt(0.9)).toContain("below the lowest frequency");
  expect(textAt(0.1)).toContain("above the highest frequency");
  expect(textAt(0.5)).toContain("200 Hz");
  expect(at(deep, 0, 2.5 / columns, 0.5)?.field?.height).toEqual([0, 0.75]);
  expect(textAt(0.5)).toContain("sees the window's whole length");
});

test("rows of frequencies that the network made are told and marked by their own hertz", async () => {
  const context = await shown("window");
  if (context.shown.kind !== "window") throw new Error("windows are shown");
  const { picture } = context.shown;
  const frequency = { cells: 4, centres: [0, 1, 2, 3], stride: 1, field: 1, approximate: false };
  const layer = { ...picture.maps.layer, frequency, hertz: [0, 200, 400, 600] };
  const made: PointingContext = {
    ...context,
    shown: { kind: "window", picture: { ...picture, maps: { ...picture.maps, rows: 4, layer } } },
  };
  const [, columns] = layer.map_shape;
  const of = (input: readonly number[] | null) => at({ ...made, hertz: input }, 0, 2.5 / columns, 0.4);
  // The third row from below is centred at 400 Hz and reaches from 300 to 500 Hz.
  expect(of(null)?.text).toContain("400 Hz");
  expect(of(null)?.stretch?.height).toBeNull();
  expect(of([100, 200, 400, 800])?.text).toContain("400 Hz");
  expect(of([100, 200, 400, 800])?.stretch?.height).toEqual([2 / 4, 2.75 / 4]);
  expect(of([100, 200, 300, 310])?.stretch?.height).toEqual([2.5 / 4, 1]);
});

test("a part of a tile where nothing is drawn says so and marks nothing on the input", async () => {
  const context = await shown("strip");
  const wider: PointingContext = { ...context, seconds: [context.seconds[0] - 10, context.seconds[1]] };
  expect(at(wider, 1, 0, 0.5)).toEqual({
    filter: 1,
    text: "Filter 1 (constant)  ·  nothing is centred here",
    stretch: null,
    field: null,
  });
});

test("a filter of the output is called by its class, that of another layer by its number alone", async () => {
  const context = await shown("strip");
  const { picture } = context.shown;
  const classes = Array.from({ length: picture.maps.filters }, (_, index) => `class ${index}`);
  const named = (output: string | null, names: readonly string[]) => {
    const layout = { ...picture.manifest.layout, output, classes: names };
    const pictured = { ...picture, manifest: { ...picture.manifest, layout } };
    return at({ ...context, shown: { ...context.shown, picture: pictured } as Shown }, 1, 0.5, 0.5)?.text;
  };
  expect(named(picture.name, classes)).toMatch(/^Filter 1 class 1 \(constant\) {2}·/);
  expect(named("another", classes)).toMatch(/^Filter 1 \(constant\) {2}·/);
  expect(named(picture.name, classes.slice(1))).toMatch(/^Filter 1 \(constant\) {2}·/);
});

test("the score that tiles are sorted by is told where a filter has one", async () => {
  const context = await shown("strip");
  const said = (word: string | null) => {
    const scores = { values: [], note: null, say: (filter: number) => (filter === 1 ? word : "another's") };
    return at({ ...context, scores }, 1, 0.5, 0.5)?.text;
  };
  expect(said("onset .83")).toMatch(/ {2}· {2}onset \.83$/);
  expect(said(null)).toMatch(/ {2}· {2}0\.75$/);
});

test("a row's cell says its window and exact number, and marks the window on the input", async () => {
  const scope = new Scope();
  const state = createState(new GoldenSource(), scope.signal);
  const derived = createDerived(state, createData(new GoldenSource(), state, scope), scope);
  state.chooseLayer("out");
  await state.refresh();
  await expect.poll(() => derived.shown.value?.kind).toBe("raster");
  const now = derived.shown.value;
  const paint = derived.paint.value;
  scope.close();
  if (now === null || paint === null) throw new Error("nothing is shown");
  const context = { shown: now, paint, seconds: [0, 2] as const, window: 0, hertz: null, scores: null, against: null };
  const numbers = readExpected().numbers[0] ?? [];
  const pointed = at(context, 1, 0.5, 0.5);
  const value = numbers[1]?.[1] ?? NaN;
  expect(pointed?.text).toBe(["Filter 1", "window 2 of 3, 0.50 s to 1.50 s", number(value)].join("  ·  "));
  expect(pointed?.stretch).toEqual({ seconds: [0.75, 1.25], height: null });
  expect(pointed?.field).toEqual({ seconds: [0.5, 1.5], height: null });
  // Of rows that share a pixel it is the one that the pixel shows.
  const third = numbers.map((own, filter) => (own[2] ?? NaN) / (paint.divisors[filter] ?? NaN));
  const shared = at(context, 0, 0.99, 0.5, [0, 1, 2]);
  expect(shared?.filter).toBe(third.indexOf(Math.max(...third)));
  expect(shared?.text).toContain("brightest of 3 rows here");
});

test("the tile under a point follows scrolling and the order of the filters", () => {
  const grid = layoutTiles({ count: 4, width: 100, height: 40, aspect: 1, gap: 0, header: 10, tileWidth: 50 });
  const page = { left: 0, width: 110, room: 110 };
  const view = { grid, filters: [3, 1, 0, 2], left: 5, top: 2, scrollTop: 0, height: 40, page, ratio: 1 };
  expect(tileUnder(view, { x: 5 + 75, y: 2 + 10 + 25 })).toEqual({ filter: 1, sharing: [1], x: 0.5, y: 0.5 });
  expect(tileUnder({ ...view, scrollTop: 60 }, { x: 5 + 75, y: 2 + 10 + 25 })?.filter).toBe(2);
  expect(tileUnder(view, { x: 5 + 75, y: 2 + 5 })).toBeNull();
  expect(tileUnder(view, null)).toBeNull();
});
