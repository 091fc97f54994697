import { describe, expect, test } from "vitest";

import { derived, refreshed, source, state } from "./golden_panel";

describe("the order that stands", () => {
  test("the order is frozen until it is asked for", async () => {
    source.logged = [0, 1];
    await refreshed();
    const before = derived.order.value;
    expect(before?.step).toBe(1);
    state.chooseStep(0);
    await refreshed();
    expect(derived.order.value).toBe(before);
    state.sortBy("index");
    expect(derived.order.value).toMatchObject({ sort: "index", step: 0 });
    expect(derived.order.value?.filters).toEqual([...(derived.order.value?.filters ?? [])].sort((a, b) => a - b));
  });

  test("a layer without such an order refuses it, and the choice is there again for one that has it", async () => {
    await refreshed();
    expect(derived.problems.value.onset).toBeNull();
    state.chooseLayer("line");
    await refreshed();
    expect(derived.problems.value.onset).toContain("one row");
    expect(derived.order.value?.sort).toBe("index");
    state.chooseLayer("out");
    await refreshed();
    expect(derived.problems.value.onset).toContain("one number per window");
    state.chooseLayer("conv/a<b>");
    await refreshed();
    expect(derived.problems.value.onset).toBeNull();
    expect(derived.order.value?.sort).toBe("onset");
  });

  test("scores are of what is shown, descend along the order, and belong to no other order", async () => {
    await refreshed();
    const scores = derived.scores.value?.values;
    const active = (derived.order.value?.filters ?? [])
      .filter((filter) => derived.shown.value?.picture.states[filter] === "active")
      .map((filter) => scores?.[filter] ?? NaN)
      .filter((score) => !Number.isNaN(score));
    expect(active.length).toBeGreaterThan(1);
    expect(active).toEqual(active.toSorted((a, b) => b - a));
    state.sortBy("strength");
    expect(derived.scores.value).toBeNull();
  });

  test("layers of one number per window are rows, and a choice for them leaves that for others alone", async () => {
    await refreshed();
    expect(derived.shown.value?.kind).toBe("strip");
    state.chooseLayer("out");
    await refreshed();
    expect(derived.shown.value).toMatchObject({ kind: "raster", picture: { name: "out", maps: { gives: "number" } } });
    state.chooseMode("strip");
    await refreshed();
    expect(derived.shown.value?.kind).toBe("strip");
    state.chooseLayer("conv/a<b>");
    state.chooseMode("raster");
    await refreshed();
    expect(derived.shown.value).toMatchObject({ kind: "raster", picture: { maps: { gives: "maximum" } } });
    state.chooseLayer("line");
    await refreshed();
    expect(derived.shown.value).toMatchObject({ kind: "raster", picture: { maps: { gives: "column" } } });
    state.chooseLayer("out");
    await refreshed();
    expect(derived.shown.value?.kind).toBe("strip");
  });

  test("until rows have come the former tiles stand", async () => {
    await refreshed();
    source.hold = () => new Promise(() => undefined);
    state.chooseMode("raster");
    state.chooseLayer("out");
    await refreshed();
    expect(derived.shown.value).toMatchObject({ kind: "strip", picture: { name: "conv/a<b>" } });
    expect(derived.stale.value).toBe(true);
  });

  test("rows take the order of tiles and ask for no strips; without one they wait for the strips that it needs", async () => {
    await refreshed();
    const before = derived.order.value;
    source.asked.length = 0;
    state.chooseMode("raster");
    await refreshed();
    expect(derived.order.value).toBe(before);
    expect(source.asked.filter((name) => name.includes("strip"))).toEqual([]);

    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    source.hold = (_file, name) => (name.includes("strip") ? held : Promise.resolve());
    state.sortBy("onset");
    await refreshed();
    expect(derived.order.value).toBe(before);
    release();
    await refreshed();
    expect(derived.order.value).not.toBe(before);
    expect(derived.order.value).toMatchObject({ sort: "onset", filters: before?.filters });
  });

  test("bars of classes keep their places when epochs go by, and are ranked anew for another clip", async () => {
    source.logged = [0, 1];
    source.change = (file, name, array) =>
      file.startsWith("0-") && name === "predictions.npy" && array.data instanceof Float32Array
        ? { shape: array.shape, data: array.data.map((score) => -score) }
        : array;
    await refreshed();
    const order = derived.classOrder.value;
    expect(order.length).toBeGreaterThan(1);
    state.chooseStep(0);
    await refreshed();
    expect(derived.classOrder.value).toBe(order);
    const clip = state.clip.value?.name ?? "";
    state.moveClip(1);
    expect(derived.classOrder.value).not.toBe(order);
    state.chooseClip(clip);
    expect(derived.classOrder.value).toEqual([...order].reverse());
  });
});
