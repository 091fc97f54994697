import { beforeEach, describe, expect, test } from "vitest";

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
