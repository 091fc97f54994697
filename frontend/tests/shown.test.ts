import { describe, expect, test } from "vitest";

import { aspectsOf } from "../src/pure/grid_shape";
import { hatchedBoxes } from "../src/pure/placement";
import { readWindow } from "../src/pure/readings";
import { data, derived, refreshed, source, state } from "./golden_panel";

describe("what is shown", () => {
  test("a late strip of a step that was left is dropped", async () => {
    source.logged = [0, 1];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    source.hold = (file, name) => (file.startsWith("1-") && name.includes("strip") ? held : Promise.resolve());
    await refreshed();
    expect(derived.shown.value).toBeNull();
    state.chooseStep(0);
    await refreshed();
    expect(derived.shown.value?.picture.step).toBe(0);
    release();
    await refreshed();
    expect(derived.shown.value?.picture.step).toBe(0);
    expect(derived.stale.value).toBe(false);
  });

  test("while the next strip is on its way the former stands, told apart as stale", async () => {
    source.logged = [0, 1];
    await refreshed();
    source.hold = () => new Promise(() => undefined);
    state.chooseStep(0);
    await refreshed();
    expect(derived.shown.value?.picture.step).toBe(1);
    expect(derived.stale.value).toBe(true);
  });

  test("what is on its way is told, also where it took the place of what was asked for before", async () => {
    source.logged = [0, 1];
    await refreshed();
    expect(data.progress.value).toBeNull();
    const breakOff: ((reason: unknown) => void)[] = [];
    source.hold = (_, name) =>
      name.includes("strip") ? new Promise((__, fail) => breakOff.push(fail)) : Promise.resolve();
    state.chooseStep(0);
    await refreshed();
    expect(data.progress.value?.what).toBe("layer conv/a<b>");
    state.chooseClip("flöte 2");
    await refreshed();
    // What was asked for before ends only now, as an answer does that is broken off.
    breakOff[0]?.(new DOMException("", "AbortError"));
    await refreshed();
    expect(data.progress.value?.what).toBe("layer conv/a<b>");
  });

  test("a drag shows maxima per window before the strip, and the strip once it rests", async () => {
    source.logged = [0, 1];
    await refreshed();
    state.chooseStep(0, true);
    await refreshed();
    expect(derived.shown.value?.picture).toMatchObject({ step: 0, maps: { fromEnvelope: true } });
    expect(source.asked.filter((name) => name.startsWith("0-") && name.includes("strip"))).toEqual([]);
    state.chooseStep(0);
    await expect.poll(() => derived.shown.value?.picture).toMatchObject({ step: 0, maps: { fromEnvelope: false } });
  });

  test("only a manifest in passing is asked for with what is drawn then", async () => {
    source.logged = [0, 1, 2, 3];
    await refreshed();
    state.chooseStep(2);
    await refreshed();
    expect(source.glanced).toEqual([]);
    for (const step of [1, 0]) {
      state.chooseStep(step, true);
      await refreshed();
    }
    const [clip, layer] = [state.clipName.value, state.layerName.value];
    expect(source.glanced).toEqual([1, 0].map((step) => `${step}-0123456789abcdef.zip ${clip} ${layer}`));
    state.chooseStep(3);
    await refreshed();
    expect(source.glanced).toHaveLength(2);
  });

  test("so does a drag in Window mode, each map its maximum in a tile of the same shape", async () => {
    source.logged = [0, 1];
    await refreshed();
    state.chooseMode("window");
    await refreshed();
    const whole = derived.shown.value;
    if (whole?.kind !== "window") throw new Error("no windows are shown");
    state.chooseStep(0, true);
    await refreshed();
    const passing = derived.shown.value;
    if (passing?.kind !== "window") throw new Error("no windows are shown");
    expect(passing.picture).toMatchObject({ step: 0, maps: { fromEnvelope: true } });
    expect(derived.stale.value).toBe(false);
    expect(source.asked.filter((name) => name.startsWith("0-") && name.includes("windows"))).toEqual([]);
    expect(aspectsOf(passing.picture.maps)).toEqual(aspectsOf(whole.picture.maps));
    expect(hatchedBoxes(passing.picture.maps)).toEqual([]);
    state.chooseStep(0);
    await expect.poll(() => derived.shown.value?.picture).toMatchObject({ step: 0, maps: { fromEnvelope: false } });
    const now = derived.shown.value;
    if (now?.kind !== "window") throw new Error("no windows are shown");
    const { rows, columns, filters } = now.picture.maps;
    const cells = Array.from({ length: rows * columns }, (_, cell) => [Math.floor(cell / columns), cell % columns]);
    let compared = 0;
    for (let filter = 0; filter < filters; filter++) {
      const values = cells.map(
        ([row = 0, column = 0]) => readWindow(now.picture.maps, { filter, window: 1, row, column })?.value ?? NaN,
      );
      const told = readWindow(passing.picture.maps, { filter, window: 1, row: 0, column: 0 })?.value ?? NaN;
      if (!values.every(Number.isFinite)) continue;
      const [least, most] = [Math.min(...values), Math.max(...values)];
      // Maps are kept as codes, maxima as they were.
      expect(Math.abs(told - most)).toBeLessThanOrEqual((most - least) / 100);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(filters / 2);
  });

  test("a damaged strip is named; predictions, spectrogram and other layers work on", async () => {
    source.damaged.add("p0/l0/strip.npy.gz");
    await refreshed();
    expect(data.strip.resource.value).toEqual({ status: "failed", reason: "p0/l0/strip.npy.gz is damaged" });
    expect(derived.predictions.value?.windows).toBe(3);
    expect(data.image.resource.value.status).toBe("ready");
    state.chooseLayer("line");
    await refreshed();
    expect(derived.shown.value?.picture.name).toBe("line");
  });

  test("damaged predictions leave the maps alone", async () => {
    source.damaged.add("predictions.npy");
    await refreshed();
    expect(derived.predictionsProblem.value).toBe("predictions.npy is damaged");
    expect(derived.shown.value?.kind).toBe("strip");
  });

  test("a step of which only the record was kept shows no maps of another", async () => {
    source.logged = [0, 1];
    source.recordsOnly.add(1);
    await refreshed();
    expect(state.step.value).toBe(1);
    expect(derived.shown.value).toBeNull();
    state.chooseStep(0);
    await refreshed();
    expect(derived.shown.value?.picture.step).toBe(0);
  });

  test("Window mode needs kept windows, says why where there are none, and returns where there are", async () => {
    await refreshed();
    state.chooseMode("window");
    await refreshed();
    expect(derived.shown.value?.kind).toBe("window");
    state.chooseClip("flöte 2");
    await refreshed();
    expect(data.noWindows.value).toBe("logged as strips");
    expect(derived.shown.value?.kind).toBe("strip");
    state.chooseClip(state.layout.value?.probes[0]?.name ?? "");
    await refreshed();
    expect(derived.shown.value?.kind).toBe("window");
  });

  test("verdicts are of every clip: ok, or what it was taken for", async () => {
    await refreshed();
    expect(derived.verdicts.value).toHaveLength(2);
    for (const verdict of derived.verdicts.value) expect(["ok", "taken", "unknown"]).toContain(verdict.kind);
    expect(derived.verdicts.value[0]?.kind).not.toBe("unknown");
  });
});
