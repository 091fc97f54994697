import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { caption, captionMeanings } from "../src/caption";
import { createData, type Data } from "../src/data";
import { createDerived, type Derived, type Shown } from "../src/derived";
import { whyNoStrips } from "../src/layer_arrays";
import { Scope } from "../src/scope";
import { createState, type State } from "../src/state";
import type { CellAxis, LayerLayout } from "../src/types";
import { stepName } from "../src/words";
import { CONV8_TIME, evenAxis, layerLayout } from "./fixtures";
import { GoldenSource } from "./golden_source";

let scope: Scope;
let state: State;
let data: Data;
let derived: Derived;

beforeEach(async () => {
  scope = new Scope();
  const source = new GoldenSource();
  state = createState(source, scope.signal);
  data = createData(source, state, scope);
  derived = createDerived(state, data, scope);
  await state.refresh();
  await expect.poll(() => derived.shown.value?.kind).toBe("strip");
});

afterEach(() => {
  scope.close();
});

function said(change: (shown: Shown) => Shown = (shown) => shown, shrunk: "tiles" | "rows" | null = null): string {
  const shown = derived.shown.value;
  if (shown === null) throw new Error("nothing is shown");
  return caption({
    shown: change(shown),
    order: derived.order.value,
    sort: state.sort.value,
    scores: derived.scores.value,
    refusals: {
      mode: state.mode.value,
      noWindows: data.noWindows.value,
      noStrips: data.noStrips.value,
      shared: null,
      noEpochs: null,
    },
    shrunk,
  });
}

function withLayer<T extends Shown>(shown: T, changes: Partial<LayerLayout>): T {
  const { maps } = shown.picture;
  return { ...shown, picture: { ...shown.picture, maps: { ...maps, layer: { ...maps.layer, ...changes } } } };
}

const TWO_OF_SEVEN: { readonly time: CellAxis } = { time: CONV8_TIME };

test("strips say which columns they leave out, and nothing where they leave out none", () => {
  expect(said((shown) => withLayer(shown, TWO_OF_SEVEN))).toContain("2 of 7 columns lie in the window");
  expect(said((shown) => withLayer(shown, { time: evenAxis(43) }))).not.toContain("in the window");
});

test("single windows say how many columns and rows lie on the input", async () => {
  state.chooseMode("window");
  await expect.poll(() => derived.shown.value?.kind).toBe("window");
  const deep = (shown: Shown) => {
    const [rows, columns] = [10, 7];
    const frequency = { ...evenAxis(128), centres: Array.from({ length: rows }, (_, row) => 27 * row - 67) };
    const changed = withLayer(shown, {
      ...TWO_OF_SEVEN,
      frequency,
      shape: [rows, columns],
      map_shape: [rows, columns],
    });
    const maps = { ...changed.picture.maps, rows, columns };
    return { ...changed, picture: { ...changed.picture, maps } } as Shown;
  };
  expect(said(deep)).toContain("2 of 7 columns lie in the window  ·  5 of 10 rows lie in its frequencies");
});

describe("what was not kept", () => {
  const keptAs = (
    kept: "windows" | "summary",
    why: string | null,
    time = true,
    axes: LayerLayout["axes"] = ["time"],
  ) => {
    const layers = [layerLayout({ axes, time: time ? evenAxis(3) : null, shape: [1, 3], map_shape: [1, 3] })];
    const member = { name: "envelope", bytes: 1, inflated: 1 };
    const response = {
      kept,
      why,
      blocks: [0, 1],
      first_block: 0,
      layers: [{ windows: [], strip: null, envelope: member, outside: null }],
    };
    const probe = {
      name: "a",
      labels: [],
      detail: "windows",
      windows: 1,
      first_window: 0,
      grids: [0],
      maps: {},
      identity: "",
    } as const;
    const layout = { layers, output: null, classes: [], probes: [probe], grids: [] };
    const manifest = {
      step: 0,
      epoch: 0,
      batch: null,
      wall_time: 0,
      logs: {},
      probes: "p",
      layout,
      responses: [response],
      kernels: null,
    };
    return whyNoStrips({ run: "run", file: "file", manifest, probe: 0, layer: 0, times: [[0, 1]] });
  };

  test("is why there are no strips", () => {
    expect(keptAs("summary", null)).toBe("logged as summary");
    expect(keptAs("summary", "max_disk")).toBe("max_disk reached");
    expect(keptAs("summary", "free_disk")).toBe("the disk was nearly full");
    expect(keptAs("windows", null, false)).toBe("where its columns lie in time is unknown");
    expect(keptAs("windows", null, false, ["frequency"])).toContain("no time axis");
  });
});

test("rows of maps say what a cell is, and those that share pixels what a pixel shows", async () => {
  state.chooseMode("raster");
  await expect.poll(() => derived.shown.value?.kind).toBe("raster");
  expect(said()).toContain("each window's largest value");
  expect(said((shown) => shown, "rows")).toContain("rows share pixels: each shows its brightest");
  state.chooseLayer("out");
  await expect.poll(() => derived.shown.value?.picture.name).toBe("out");
  expect(said()).not.toContain("largest value");
});

test("an order that was made of another epoch or clip is told", () => {
  const order = derived.order.value;
  expect(order?.sort).toBe("onset");
  expect(said()).not.toContain("in the order of");
  const other = (changes: Partial<Shown["picture"]>) => (shown: Shown) =>
    ({ ...shown, picture: { ...shown.picture, ...changes } }) as Shown;
  const name = stepName(order?.step ?? NaN, null);
  expect(said(other({ step: 7 }))).toContain(`in the order of ${name}`);
  expect(said(other({ clip: "another" }))).toContain(`in the order of clip ${order?.clip ?? ""}`);
  expect(said(other({ step: 7, clip: "another" }))).toContain(`in the order of clip ${order?.clip ?? ""}, ${name}`);
});

test("a layer of one row says that it is sorted by number, and a refused mode why", async () => {
  expect(said()).not.toContain("no onset to harmonic");
  state.chooseLayer("line");
  await expect.poll(() => derived.shown.value?.picture.name).toBe("line");
  expect(derived.order.value?.sort).toBe("index");
  expect(said()).toContain("no onset to harmonic: maps of one row");
  state.chooseMode("window");
  state.chooseClip("flöte 2");
  await expect.poll(() => derived.shown.value?.picture.clip).toBe("flöte 2");
  expect(said()).toContain("no single windows: logged as strips");
});

test("the words for filters that do nothing are told where there are such filters", () => {
  const shown = derived.shown.value;
  if (shown === null) throw new Error("nothing is shown");
  // The golden run's filter 1 is 0.75 everywhere, filter 3 nothing but NaN.
  expect(captionMeanings(shown)).toBe(
    "constant: one value other than 0 everywhere, on every logged clip\nno finite value: nothing but NaN or infinity was logged",
  );
  const active = shown.picture.states.map(() => "active" as const);
  expect(captionMeanings({ ...shown, picture: { ...shown.picture, states: active } } as Shown)).toBeNull();
});
