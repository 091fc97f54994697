import { describe, expect, test } from "vitest";

import { createData } from "../src/data";
import { createDerived, type Shown } from "../src/derived";
import { outsideParts, outsideText } from "../src/outside_words";
import { parseStepManifest } from "../src/parse";
import { joinOutside, liesOutside, markedRuns, shareOutside, unreadOutside } from "../src/pure/outside";
import { turnsOf } from "../src/pure/raster";
import { Scope } from "../src/scope";
import { createState, type Mode } from "../src/state";
import type { Edges } from "../src/types";
import { layerLayout } from "./fixtures";
import { readExpected, StoredZip } from "./golden";
import { GoldenSource } from "./golden_source";

const TIMES: readonly Edges[] = [
  [0, 1],
  [0.5, 1.5],
  [1, 2],
  [1.5, 2.5],
];
const layer = layerLayout({ filters: 2 });
const outside = joinOutside(layer, 4, { shape: [2, 4], data: Uint8Array.of(1, 1, 0, 1, 0, 0, 0, 1) });

test("the marks that Python wrote are read as they are", () => {
  const bundle = new StoredZip("bundle.zip");
  const { layout, responses } = parseStepManifest(bundle.json("manifest.json"));
  expect(readExpected().outside).toHaveLength(2);
  for (const [probe, filters] of readExpected().outside.entries()) {
    const [first, ...others] = responses[probe]?.layers ?? [];
    const own = layout.layers[0];
    if (own === undefined) throw new Error("the golden run has no layer");
    const marks = joinOutside(own, 3, bundle.array(first?.outside?.name ?? ""));
    for (const [filter, windows] of filters.entries()) {
      expect(windows.map((_, window) => liesOutside(marks, filter, window))).toEqual(windows.map((mark) => mark === 1));
    }
    expect(others.map((members) => members?.outside)).toEqual([null, null]);
  }
});

test("a manifest from before marks were kept has none", () => {
  const text = JSON.stringify(new StoredZip("bundle.zip").json("manifest.json"));
  const before = parseStepManifest(JSON.parse(text.replace(/,"outside":(null|\{[^}]*\})/g, "")));
  expect(before.responses[0]?.layers[0]).toMatchObject({ outside: null });
});

test("an array of another shape is refused", () => {
  expect(() => joinOutside(layer, 4, { shape: [4, 2], data: new Uint8Array(8) })).toThrow();
});

describe("lines", () => {
  const runs = (filter: number, seconds: Edges) => markedRuns(outside, filter, turnsOf(TIMES), seconds);

  test("stand at the seconds of the windows' turns, neighbours as one", () => {
    expect(runs(0, [0, 2.5])).toEqual([
      [0, 1.25 / 2.5],
      [1.75 / 2.5, 1],
    ]);
    expect(runs(1, [0, 2.5])).toEqual([[1.75 / 2.5, 1]]);
  });

  test("end where the axis ends", () => {
    expect(runs(0, [1, 2])).toEqual([
      [0, 0.25],
      [0.75, 1],
    ]);
    expect(runs(0, [1.3, 1.7])).toEqual([]);
  });
});

test("in words: how many of all windows, or why that is not known", () => {
  const said = (of: typeof outside | null) => outsideParts({ outside: of } as Parameters<typeof outsideParts>[0]);
  expect(shareOutside(outside)).toBe(0.5);
  expect(said(outside)).toEqual(["in 50 % of windows the maximum lies outside (lines)"]);
  expect(said({ ...outside, marks: new Uint8Array(8) })).toEqual([]);
  const rare = new Uint8Array(1000);
  rare[3] = 1;
  expect(said({ ...outside, marks: rare })).toEqual(["in under 1 % of windows the maximum lies outside (lines)"]);
  expect(said(unreadOutside(layer, 4, "it is damaged"))[0]).toContain("it is damaged");
  expect(said(null)).toEqual([]);
});

async function shownOf(source: GoldenSource, mode: Mode): Promise<Shown> {
  const scope = new Scope();
  const state = createState(source, scope.signal);
  const derived = createDerived(state, createData(source, state, scope), scope);
  state.chooseMode(mode);
  await state.refresh();
  await expect.poll(() => derived.shown.value?.kind).toBe(mode);
  const shown = derived.shown.value;
  scope.close();
  if (shown === null) throw new Error("nothing is shown");
  return shown;
}

test.each(["strip", "raster"] as const)("a %s says which window is marked where the pointer is", async (mode) => {
  const shown = await shownOf(new GoldenSource(), mode);
  const marks = readExpected().outside[0] ?? [];
  // The golden windows last from 0 to 1, 0.5 to 1.5 and 1 to 2 s: these are the middles of their turns, over two seconds.
  for (const [filter, windows] of marks.entries()) {
    for (const [window, x] of [0.2, 0.5, 0.8].entries()) {
      const wanted = windows[window] === 1 ? `window ${window + 1} has its maximum in cells left out` : null;
      expect(outsideText(shown, [0, 2], filter, x)).toBe(wanted);
    }
  }
});

test("strips are shown without marks where these are damaged, and it is said", async () => {
  const source = new GoldenSource();
  source.damaged.add("p0/l0/outside.npy.gz");
  const { maps } = (await shownOf(source, "strip")).picture;
  expect("outside" in maps && maps.outside?.problem).toContain("is damaged");
  expect("outside" in maps && maps.outside !== null && shareOutside(maps.outside)).toBe(0);
});
