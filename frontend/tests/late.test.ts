/** Bundles that come after their records: each part of the panel takes them up at a refresh, without being asked. */
import { describe, expect, test } from "vitest";

import { createClasses } from "../src/classes";
import { createCompare } from "../src/compare";
import { createEvolution } from "../src/evolution";
import { createLayerChanges } from "../src/layer_changes";
import { createMargins } from "../src/margins";
import type { EvolutionRow } from "../src/evolution";
import { data, derived, refreshed, scope, source, state } from "./golden_panel";

const CLIP = 'violin/a "quoted" <script>';

async function logged(steps: readonly number[], late: number): Promise<void> {
  source.logged = [...steps];
  source.late.add(late);
  await refreshed();
}

async function comes(): Promise<void> {
  source.late.clear();
  await refreshed();
}

describe("steps", () => {
  const reads = () => source.asked.filter((asked) => asked === "steps").length;

  test("of which one is late and shown are read at each refresh, and its maps once it has come", async () => {
    await logged([0, 1], 1);
    expect(state.entry.value?.problem).toContain("is missing");
    expect(derived.shown.value).toBeNull();
    const known = state.steps.value;
    for (const count of [2, 3, 4, 5, 6]) {
      await refreshed();
      expect(reads()).toBe(count);
    }
    expect(state.steps.value).toBe(known);
    await comes();
    expect(state.entry.value?.problem).toBeNull();
    expect(derived.shown.value?.picture.step).toBe(1);
    await refreshed();
    await refreshed();
    expect(reads()).toBe(7);
  });

  test("of which others are late are read ever more seldom", async () => {
    await logged([0, 1], 0);
    expect(derived.shown.value?.picture.step).toBe(1);
    for (let refresh = 0; refresh < 13; refresh++) await refreshed();
    expect(reads()).toBe(1 + 4);
  });

  test("none of which can be read are taken up as the first comes", async () => {
    const whole = source.steps.bind(source);
    source.steps = async (run) => ({ ...(await whole(run)), problem: "nothing is there", layout: null });
    await refreshed();
    expect(state.clipName.value).toBeNull();
    source.steps = whole;
    await refreshed();
    expect(derived.shown.value?.picture).toMatchObject({ step: 0, clip: CLIP });
  });
});

test("the clips' file is asked for again, unseen until it has come", async () => {
  const whole = source.probes.bind(source);
  let asked = 0;
  source.probes = async () => {
    asked += 1;
    return Promise.reject(new Error("probes.zip is missing"));
  };
  await refreshed();
  const seen: string[] = [];
  scope.onClose(data.probes.resource.subscribe(({ status }) => void seen.push(status)));
  for (let refresh = 0; refresh < 6; refresh++) await refreshed();
  expect(asked).toBe(1 + 2);
  expect(data.busy.value).toBe(false);
  source.probes = whole;
  await refreshed();
  expect(seen).toEqual(["failed", "ready"]);
  expect(derived.shown.value?.kind).toBe("strip");
});

test("what is asked for again is not told to be on its way", async () => {
  source.damaged.add("p0/l0/strip.npy.gz");
  await refreshed();
  const told: (string | null)[] = [];
  scope.onClose(data.progress.subscribe((progress) => void told.push(progress?.what ?? null)));
  await refreshed();
  expect(source.asked.filter((asked) => asked.endsWith("p0/l0/strip.npy.gz"))).toHaveLength(2);
  expect(told).toEqual([null]);
});

test("an epoch to compare with is compared with once it has come", async () => {
  const compare = createCompare(source, state, data, derived, scope);
  await logged([0, 1], 0);
  state.chooseView("compare");
  await refreshed();
  expect(compare.comparison.value).toMatchObject({ status: "problem", what: "A cannot be shown." });
  await comes();
  await refreshed();
  expect(compare.comparison.value).toMatchObject({ status: "ready", side: { target: { step: 0 } } });
});

test("how much layers changed is known once the epoch before has come", async () => {
  const changes = createLayerChanges(source, state, data, derived, scope);
  await logged([0, 1], 0);
  expect(changes.value).toBeNull();
  await comes();
  await refreshed();
  expect([...(changes.value?.of.keys() ?? [])]).toContain("line");
});

test("the table of classes is made once its numbers can be read", async () => {
  const classes = createClasses(source, state, data, derived, scope);
  source.statistics = () => Promise.reject(new Error("statistics.npy is missing"));
  await refreshed();
  state.chooseView("classes");
  await refreshed();
  expect(classes.resource.value.status).toBe("failed");
  delete (source as Partial<typeof source>).statistics;
  await refreshed();
  await refreshed();
  expect(classes.shown.value?.layer.name).toBe("conv/a<b>");
});

describe("the evolution", () => {
  const told = (rows: readonly EvolutionRow[]) =>
    rows.map(({ entry, shown }) => [entry.step, typeof shown === "string" || shown === null ? shown : "maps"]);

  test("takes in an epoch that has come", async () => {
    const evolution = createEvolution(source, state, data, scope);
    await logged([0, 1, 2], 1);
    state.inspect(0);
    await expect.poll(() => told(evolution.rows.value)).toEqual([[0, "maps"], [2, "maps"]]); // prettier-ignore
    const statistics = evolution.paint.value?.divisors;
    source.change = (file, name, array) =>
      file.startsWith("1-") && name === "statistics.npy" && array.data instanceof Float32Array
        ? { shape: array.shape, data: array.data.map((value, at) => (at % 6 < 2 ? value * 3 : value)) }
        : array;
    await comes();
    await refreshed();
    await expect.poll(() => told(evolution.rows.value)).toEqual([[0, "maps"], [1, "maps"], [2, "maps"]]); // prettier-ignore
    expect(evolution.paint.value?.divisors[0]).toBeCloseTo(3 * (statistics?.[0] ?? NaN), 5);
  });

  test("tries a row that failed again, and says why until it is there", async () => {
    const evolution = createEvolution(source, state, data, scope);
    source.logged = [0, 1, 2];
    let tries = 0;
    source.hold = (file, name) => {
      if (!file.startsWith("1-") || !name.endsWith("strip.npy.gz")) return Promise.resolve();
      tries += 1;
      return Promise.reject(new Error("1.zip is missing"));
    };
    await refreshed();
    state.inspect(0);
    await expect.poll(() => told(evolution.rows.value)).toContainEqual([2, "maps"]);
    const seen = new Set<unknown>();
    scope.onClose(evolution.rows.subscribe((rows) => void seen.add(told(rows)[1]?.[1])));
    for (let refresh = 0; refresh < 6; refresh++) await refreshed();
    expect([...seen]).toEqual(["1.zip is missing"]);
    expect(tries).toBe(1 + 2);
    source.hold = () => Promise.resolve();
    await refreshed();
    await refreshed();
    await expect.poll(() => [...seen]).toEqual(["1.zip is missing", "maps"]);
  });
});

test("a scale across epochs reaches as far as the values of one that has come", async () => {
  await logged([0, 1], 0);
  state.chooseScale("filter", true);
  await refreshed();
  const before = derived.scale.value;
  source.change = (file, name, array) =>
    file.startsWith("0-") && name === "statistics.npy" && array.data instanceof Float32Array
      ? { shape: array.shape, data: array.data.map((value, at) => (at % 6 < 2 ? value * 3 : value)) }
      : array;
  await comes();
  await refreshed();
  expect(derived.scale.value?.divisors[0]).toBeCloseTo(3 * (before?.divisors[0] ?? NaN), 5);
});

describe("the clips' small curves", () => {
  const known = (margins: Float64Array | null) => Array.from(margins ?? [], (value) => !Number.isNaN(value));

  test("have a gap at an epoch that is late, until it has come", async () => {
    const margins = createMargins(source, state, data, scope);
    await logged([0, 1, 2], 1);
    expect(known(margins.of(CLIP))).toEqual([true, false, true]);
    await comes();
    await refreshed();
    expect(known(margins.of(CLIP))).toEqual([true, true, true]);
  });

  test("go on behind an epoch that cannot be read, which is asked for again with the next", async () => {
    const margins = createMargins(source, state, data, scope);
    source.logged = [0, 1];
    await refreshed();
    source.hold = (file, name) =>
      file.startsWith("2-") && name === "predictions.npy" ? Promise.reject(new Error("damaged")) : Promise.resolve();
    source.logged = [0, 1, 2];
    await refreshed();
    source.logged = [0, 1, 2, 3];
    await refreshed();
    expect(known(margins.of(CLIP))).toEqual([true, true, false, true]);
    source.hold = () => Promise.resolve();
    source.logged = [0, 1, 2, 3, 4];
    await refreshed();
    expect(known(margins.of(CLIP))).toEqual([true, true, true, true, true]);
  });
});
