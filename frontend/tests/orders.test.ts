import { describe, expect, test } from "vitest";

import { data, derived, refreshed, source, state } from "./golden_panel";

describe("sorting by change", () => {
  /** Makes a later step's strips differ in one filter: the one that has changed most. */
  function changeFilter(filter: number, step: number): void {
    source.change = (file, name, array) => {
      if (!file.startsWith(`${step}-`) || name !== "p0/l0/strip.npy.gz") return array;
      const [, rows = 0, columns = 0] = array.shape;
      const size = rows * columns;
      const data = Uint8Array.from(array.data, (code, at) => (Math.floor(at / size) === filter ? 252 - code : code));
      return { shape: array.shape, data };
    };
  }

  test("puts first what differs from the epoch before, and keeps its order while epochs go by", async () => {
    source.logged = [0, 1, 2];
    changeFilter(7, 1);
    await refreshed();
    state.chooseStep(1);
    state.sortBy("change");
    await refreshed();
    expect(derived.order.value).toMatchObject({ sort: "change", step: 1 });
    expect(derived.order.value?.filters[0]).toBe(7);
    expect(derived.scores.value?.say(7)).toMatch(
      /^changed by [\d.]+ since epoch 0, \d+ % of the layer’s root mean square$/,
    );
    expect(derived.scores.value?.values[8]).toBe(0);
    const order = derived.order.value?.filters;
    state.chooseStep(0);
    await refreshed();
    expect(derived.order.value?.filters).toBe(order);
    expect(derived.scores.value).toBeNull();
  });

  test("or from a chosen one", async () => {
    source.logged = [0, 1, 2];
    changeFilter(5, 0);
    await refreshed();
    state.sortBy("change");
    await refreshed();
    expect(derived.order.value?.filters.slice(0, 3)).toEqual([0, 1, 2]);
    state.sortByChangeSince(0);
    await refreshed();
    expect(derived.order.value?.filters[0]).toBe(5);
    expect(derived.scores.value?.say(5)).toContain("since epoch 0");
  });

  test("is refused at the first epoch, and named where the other epoch lacks the maps", async () => {
    source.logged = [0, 1];
    await refreshed();
    state.chooseStep(0);
    await refreshed();
    expect(derived.problems.value.change).toBe("no earlier epoch has maps");
    state.chooseStep(1);
    await refreshed();
    expect(derived.problems.value.change).toBeNull();
    state.chooseClip("flöte 2");
    await refreshed();
    source.damaged.add("p1/l0/strip.npy.gz");
    source.change = (_file, _name, array) => array;
    state.sortBy("change");
    await refreshed();
    expect(derived.order.value).toMatchObject({ sort: "index", why: "p1/l0/strip.npy.gz is damaged" });
  });

  test("leaves alone what the former order was until it is ready", async () => {
    source.logged = [0, 1];
    await refreshed();
    const before = derived.order.value;
    source.hold = (file) => (file.startsWith("0-") ? new Promise(() => undefined) : Promise.resolve());
    state.sortBy("change");
    await refreshed();
    expect(derived.order.value).toBe(before);
  });
});

test("selectivity sorts by the index over the clips' classes and says for which and over how few", async () => {
  await refreshed();
  state.sortBy("selectivity");
  await refreshed();
  expect(derived.order.value?.sort).toBe("selectivity");
  const values = derived.scores.value?.values ?? [];
  const ranked = (derived.order.value?.filters ?? [])
    .map((filter) => values[filter] ?? NaN)
    .filter((value) => value >= 0);
  expect(ranked.length).toBeGreaterThan(1);
  expect(ranked).toEqual(ranked.toSorted((a, b) => b - a));
  expect(derived.scores.value?.say(derived.order.value?.filters[0] ?? 0)).toMatch(/^selectivity [\d.]+ for [abc]$/);
  expect(derived.scores.value?.note).toContain("selectivity, which compares clips, not classes");
});

test("the class that a clip is taken for needs windows enough, predictions, and that they differ", async () => {
  const why = (): string | null => derived.problems.value.taken;
  await refreshed();
  expect(why()).toBe("it needs clips of at least 5 windows");
  source.logged = [0, 1];
  source.change = (file, name, array) =>
    file.startsWith("1-") && name === "predictions.npy" && array.data instanceof Float32Array
      ? { shape: array.shape, data: array.data.map(() => NaN) }
      : array;
  await refreshed();
  expect(why()).toBe("the clip has no predictions at this epoch");
  source.logged = [0, 1, 2];
  source.damaged.add("predictions.npy");
  await refreshed();
  expect(why()).toBe("no predictions can be read at this epoch");
  state.sortBy("taken");
  await refreshed();
  expect(derived.order.value).toMatchObject({ sort: "index", about: null, why: why() });
});

describe("a scale across epochs", () => {
  test("reaches as far as any epoch's values, and nothing is shown in another meanwhile", async () => {
    source.logged = [0, 1];
    source.change = (file, name, array) =>
      file.startsWith("0-") && name === "statistics.npy" && array.data instanceof Float32Array
        ? { shape: array.shape, data: array.data.map((value, at) => (at % 6 < 2 ? value * 3 : value)) }
        : array;
    await refreshed();
    const before = derived.scale.value;
    state.chooseScale("filter", true);
    expect(derived.scale.value?.divisors).toEqual(before?.divisors);
    await refreshed();
    expect(derived.scale.value).toMatchObject({ acrossEpochs: true, strengths: before?.strengths });
    expect(derived.scale.value?.divisors[0]).toBeCloseTo(3 * (before?.divisors[0] ?? NaN), 5);
    expect(derived.scale.value?.highest).toBeCloseTo(3 * (before?.highest ?? NaN), 5);
    state.chooseScale("filter", false);
    expect(derived.scale.value).toEqual(before);
  });

  test("is of this epoch alone where the others cannot be read", async () => {
    await refreshed();
    source.overSteps = () => Promise.reject(new Error("gone"));
    state.chooseScale("layer", true);
    await refreshed();
    expect(data.overSteps.resource.value).toEqual({ status: "failed", reason: "gone" });
    expect(derived.scale.value?.acrossEpochs).toBe(false);
    expect(derived.shown.value?.kind).toBe("strip");
  });
});

test("windows of a layer without strips are shown as they are, and no strips are asked for to sort them", async () => {
  source.changeManifest = (_step, manifest) => ({
    ...manifest,
    responses: manifest.responses.map((response) =>
      response === null
        ? null
        : {
            ...response,
            layers: response.layers.map((members) => (members === null ? null : { ...members, strip: null })),
          },
    ),
  });
  source.logged = [0, 1];
  await refreshed();
  state.chooseMode("window");
  state.sortBy("change");
  await refreshed();
  expect(derived.shown.value?.kind).toBe("window");
  expect(data.noStrips.value).not.toBeNull();
  expect(data.strip.resource.value.status).toBe("none");
  expect(derived.order.value).toMatchObject({ sort: "index", why: data.noStrips.value });
});
