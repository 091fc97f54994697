import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { fetchAhead } from "../src/ahead";
import type { NpyArray } from "../src/pure/npy";
import { present } from "../src/resource";
import type { StepManifest } from "../src/types";
import { data, refreshed, scope, source, state } from "./golden_panel";
import { settled } from "./golden_source";

let seen: number[];
let next: ReturnType<typeof fetchAhead>;
let ofFirst: (manifest: StepManifest) => StepManifest;

/** The step after the first is chosen, and came from the one after it: the first is the next to be fetched. */
beforeEach(async () => {
  vi.stubGlobal("document", new EventTarget());
  seen = [];
  ofFirst = (manifest) => manifest;
  source.logged = [0, 1, 2];
  source.changeManifest = (step, manifest) => {
    seen.push(step);
    return step === 0 ? ofFirst(manifest) : manifest;
  };
  next = fetchAhead({ source, state, data, link: { brings: () => 1e9, manifestBytes: () => 1 }, scope });
  await refreshed();
  await expect.poll(() => data.busy.value).toBe(false);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** As a source does that has a cache: what is asked for again is the same array. */
function keepArrays(): void {
  const [kept, member] = [new Map<string, Promise<NpyArray>>(), source.member.bind(source)];
  source.member = async (run, file, what, options) => {
    const key = `${file} ${typeof what === "string" ? what : what.name}`;
    const array = kept.get(key) ?? member(run, file, what, options);
    kept.set(key, array);
    return array;
  };
}

const askedOfFirst = (): readonly string[] => source.asked.filter((asked) => asked.startsWith("0-"));

it("fetches what the next step of the way shows", async () => {
  state.chooseStep(1);
  await expect.poll(askedOfFirst).toContainEqual(expect.stringContaining("statistics.npy"));
});

it("has at hand the very strip that the next step will show", async () => {
  keepArrays();
  state.chooseStep(1);
  await expect.poll(() => next.value).not.toBeNull();
  const strip = next.value;
  state.chooseStep(0);
  expect(next.value).toBeNull();
  await expect.poll(() => present(data.strip.resource.value)?.step).toBe(0);
  expect(present(data.strip.resource.value)?.maps).toBe(strip);
});

const LACKING: Record<string, (manifest: StepManifest) => StepManifest> = {
  layer: ({ layout, ...manifest }) => ({ ...manifest, layout: { ...layout, layers: [] } }),
  clip: ({ layout, ...manifest }) => ({ ...manifest, layout: { ...layout, probes: [] } }),
  "clip's maps": (manifest) => ({ ...manifest, responses: manifest.responses.map(() => null) }),
};

it.each(Object.entries(LACKING))("asks for nothing of a step that lacks the %s", async (_what, lack) => {
  ofFirst = lack;
  state.chooseStep(1);
  await expect.poll(() => seen).toContain(0);
  await settled();
  expect(askedOfFirst()).toEqual([]);
});
