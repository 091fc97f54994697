import { beforeEach, describe, expect, test } from "vitest";

import { aspectsOf } from "../src/pure/grid_shape";
import { hatchedBoxes } from "../src/pure/placement";
import { readWindow } from "../src/pure/readings";
import type { StepManifest } from "../src/types";
import { data, derived, refreshed, source, state } from "./golden_panel";
import { RUN } from "./golden_source";

describe("at first sight", () => {
  test("the newest step, the first clip, the deepest layer at the input's resolution, strips from onset to harmonic", async () => {
    source.logged = [-1, 0, 1];
    await refreshed();
    expect(state.run.value).toBe(RUN);
    expect(state.step.value).toBe(1);
    expect(state.clip.value?.name).toContain("violin");
    expect(state.layer.value?.name).toBe("conv/a<b>");
    expect(derived.shown.value).toMatchObject({ kind: "strip", picture: { step: 1, name: "conv/a<b>" } });
    expect(derived.order.value?.sort).toBe("onset");
    expect(derived.stale.value).toBe(false);
  });

  test("nothing is chosen while nothing is logged, and the first step is taken up as it comes", async () => {
    source.logged = [];
    await refreshed();
    expect(state.connection.value.status).toBe("there");
    expect(state.run.value).toBeNull();
    source.logged = [0];
    await refreshed();
    expect(state.step.value).toBe(0);
  });
});

describe("when the log grows", () => {
  test("following moves to the new step and keeps clip, layer, mode and order", async () => {
    await refreshed();
    state.chooseLayer("line");
    state.chooseClip("flöte 2");
    await refreshed();
    const order = derived.order.value?.filters;
    source.logged = [0, 1];
    await refreshed();
    expect(state.step.value).toBe(1);
    expect(state.layer.value?.name).toBe("line");
    expect(state.clip.value?.name).toBe("flöte 2");
    expect(derived.shown.value?.picture.step).toBe(1);
    expect(derived.order.value?.filters).toBe(order);
  });

  test("without following the choice stays; choosing an older step ends following", async () => {
    source.logged = [0, 1];
    await refreshed();
    state.chooseStep(0);
    expect(state.following.value).toBe(false);
    source.logged = [0, 1, 2];
    await refreshed();
    expect(state.step.value).toBe(0);
    state.follow(true);
    expect(state.step.value).toBe(2);
  });

  test("what has not changed is not asked for again", async () => {
    await refreshed();
    const asked = source.asked.length;
    await refreshed();
    expect(source.asked).toHaveLength(asked);
  });

  test("a server that is gone loses nothing, and one that is back is taken up", async () => {
    await refreshed();
    const shown = derived.shown.value;
    source.gone = true;
    await refreshed();
    expect(state.connection.value).toEqual({ status: "gone", reason: "TensorBoard does not answer." });
    expect(derived.shown.value).toBe(shown);
    source.gone = false;
    await refreshed();
    expect(state.connection.value.status).toBe("there");
  });
});

test("what failed while the server was gone is asked for again when it is back", async () => {
  await refreshed();
  source.gone = true;
  await refreshed();
  source.damaged.add("p0/l1/strip.npy.gz");
  state.chooseLayer("line");
  await refreshed();
  expect(data.strip.resource.value.status).toBe("failed");
  source.damaged.clear();
  source.gone = false;
  await refreshed();
  expect(derived.shown.value?.picture.name).toBe("line");
});

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

  test("verdicts are of every clip: ok, or what it was taken for", async () => {
    await refreshed();
    expect(derived.verdicts.value).toHaveLength(2);
    for (const verdict of derived.verdicts.value) expect(["ok", "taken", "unknown"]).toContain(verdict.kind);
    expect(derived.verdicts.value[0]?.kind).not.toBe("unknown");
  });
});

describe("epochs that were logged with other layers and clips", () => {
  const CLIPS = ['violin/a "quoted" <script>', "flöte 2"] as const;

  /** Step 0 lacks the layer "line" and the second clip. */
  const without = (step: number, manifest: StepManifest): StepManifest => {
    if (step !== 0) return manifest;
    const kept = manifest.layout.layers.map(({ name }) => name !== "line");
    const layers = manifest.layout.layers.filter((_, index) => kept[index]);
    const probes = manifest.layout.probes.slice(0, 1);
    const responses = manifest.responses
      .slice(0, 1)
      .map((response) => response && { ...response, layers: response.layers.filter((_, index) => kept[index]) });
    return { ...manifest, layout: { ...manifest.layout, layers, probes }, responses };
  };

  beforeEach(() => {
    source.logged = [0, 1];
    source.changeManifest = without;
    source.probesFile = (step) => `probes-000000000000000${step}.zip`;
    source.changeProbes = (file, manifest) =>
      file.endsWith("0.zip") ? { ...manifest, probes: manifest.probes.slice(0, 1) } : manifest;
  });

  test("a layer is missed by its name, not replaced, and is there again where it was logged", async () => {
    await refreshed();
    state.chooseLayer("line");
    state.chooseStep(0);
    await refreshed();
    expect(data.missing.value).toEqual(["layer line"]);
    expect([state.layerName.value, state.layer.value, derived.shown.value]).toEqual(["line", null, null]);
    expect(derived.stale.value).toBe(false);
    expect(derived.predictions.value?.windows).toBe(3);
    state.chooseStep(1);
    await refreshed();
    expect(data.missing.value).toEqual([]);
    expect(derived.shown.value?.picture).toMatchObject({ step: 1, name: "line" });
  });

  test("what was chosen by nobody is missed all the same", async () => {
    source.changeManifest = (step, manifest) =>
      step === 0 ? { ...manifest, layout: { ...manifest.layout, layers: manifest.layout.layers.slice(1) } } : manifest;
    await refreshed();
    expect(state.layerName.value).toBe("conv/a<b>");
    state.chooseStep(0);
    await refreshed();
    expect(data.missing.value).toEqual(["layer conv/a<b>"]);
  });

  test("a clip is missed with its sound and picture; moving on from it begins at the first", async () => {
    await refreshed();
    state.chooseClip(CLIPS[1]);
    state.chooseStep(0);
    await refreshed();
    expect(data.missing.value).toEqual([`clip ${CLIPS[1]}`]);
    expect([data.probe.value, data.image.resource.value.status, derived.shown.value]).toEqual([null, "none", null]);
    state.moveClip(1);
    await refreshed();
    expect(derived.shown.value?.picture).toMatchObject({ step: 0, clip: CLIPS[0] });
  });

  test("nothing is read by the clips of another epoch's file", async () => {
    // Of this file the same clip lies elsewhere, and has other windows.
    source.changeProbes = (file, manifest) =>
      file.endsWith("0.zip")
        ? {
            ...manifest,
            probes: manifest.probes.map((entry) => ({
              ...entry,
              image: entry.image && { ...entry.image, name: "p7/image.npy.gz" },
              times: entry.times.map(([start, end]) => [start + 7, end + 7] as const),
            })),
          }
        : manifest;
    await refreshed();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    source.hold = (file) => (file === "probes-0000000000000000.zip" ? held : Promise.resolve());
    state.chooseStep(0);
    await refreshed();
    expect(derived.stale.value).toBe(true);
    expect(source.asked.filter((name) => name.startsWith("probes-0000000000000000"))).toEqual([]);
    release();
    await refreshed();
    expect(source.asked).toContain("probes-0000000000000000.zip p7/image.npy.gz");
    expect(source.asked).not.toContain("probes-0000000000000000.zip p0/image.npy.gz");
    expect(data.probe.value?.times[0]?.[0]).toBe(7);
  });
});
