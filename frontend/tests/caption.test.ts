import { afterEach, beforeEach, expect, test } from "vitest";

import { caption } from "../src/caption";
import { createData, type Data } from "../src/data";
import { createDerived, type Derived, type Shown } from "../src/derived";
import { Scope } from "../src/scope";
import { createState, type State } from "../src/state";
import type { CellAxis, LayerLayout } from "../src/types";
import { CONV8_TIME, evenAxis } from "./fixtures";
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

function said(change: (shown: Shown) => Shown = (shown) => shown): string {
  const shown = derived.shown.value;
  if (shown === null) throw new Error("nothing is shown");
  const refusal = state.mode.value === "window" ? data.noWindows.value : null;
  return caption({ shown: change(shown), order: derived.order.value, sort: state.sort.value, refusal, shrunk: false });
}

function withLayer<T extends Shown>(shown: T, changes: Partial<LayerLayout>): T {
  const { maps } = shown.picture;
  return { ...shown, picture: { ...shown.picture, maps: { ...maps, layer: { ...maps.layer, ...changes } } } };
}

const TWO_OF_SEVEN: { readonly time: CellAxis } = { time: CONV8_TIME };

test("strips say which columns they leave out, and nothing where they leave out none", () => {
  expect(said((shown) => withLayer(shown, TWO_OF_SEVEN))).toContain(
    "2 of 7 columns lie in the window, the others are left out",
  );
  expect(said((shown) => withLayer(shown, { time: evenAxis(43) }))).not.toContain("left out");
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

test("maxima per window in a strip's place say why", () => {
  const envelopeOf = (kept: "windows" | "summary", why: string | null, layer: Partial<LayerLayout>) =>
    said((shown) => {
      if (shown.kind !== "strip") throw new Error("strips are shown");
      const changed = withLayer(shown, layer);
      const { manifest, probe } = changed.picture;
      const responses = manifest.responses.map((response, index) =>
        response === null || index !== probe
          ? response
          : { ...response, kept, why, layers: response.layers.map((own) => own && { ...own, strip: null }) },
      );
      const maps = { ...changed.picture.maps, fromEnvelope: true };
      return { ...changed, picture: { ...changed.picture, maps, manifest: { ...manifest, responses } } };
    });
  expect(envelopeOf("summary", null, {})).toContain("largest value per window: logged as summary");
  expect(envelopeOf("summary", "max_disk", {})).toContain("largest value per window: max_disk reached");
  expect(envelopeOf("summary", "free_disk", {})).toContain("largest value per window: the disk was nearly full");
  expect(envelopeOf("windows", null, { time: null })).toContain("where its columns lie in time is unknown");
  expect(envelopeOf("windows", null, { time: null, axes: ["frequency"] })).toContain("no time axis");
});

test("a layer of one row says that it is sorted by number, and a refused mode why", async () => {
  expect(said()).not.toContain("sorted by number");
  state.chooseLayer("line");
  await expect.poll(() => derived.shown.value?.picture.name).toBe("line");
  expect(derived.order.value?.sort).toBe("index");
  expect(said()).toContain("sorted by number");
  state.chooseMode("window");
  state.chooseClip("flöte 2");
  await expect.poll(() => derived.shown.value?.picture.clip).toBe("flöte 2");
  expect(said()).toContain("no single windows: logged as strips");
});
