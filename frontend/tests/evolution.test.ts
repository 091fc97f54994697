import { afterEach, beforeEach, expect, it } from "vitest";

import { createData, type Data } from "../src/data";
import { createEvolution, type Evolution } from "../src/evolution";
import { Scope } from "../src/scope";
import { createState, type State } from "../src/state";
import { GoldenSource, settled } from "./golden_source";

let scope: Scope;
let source: GoldenSource;
let state: State;
let data: Data;
let evolution: Evolution;

beforeEach(async () => {
  scope = new Scope();
  source = new GoldenSource();
  source.logged = Array.from({ length: 20 }, (_, step) => step);
  state = createState(source, scope.signal);
  data = createData(source, state, scope);
  evolution = createEvolution(source, state, data, scope);
  await state.refresh();
  await expect.poll(() => data.strip.resource.value.status).toBe("ready");
});

afterEach(() => {
  scope.close();
});

const steps = (): readonly number[] => evolution.rows.value.map(({ entry }) => entry.step);
const come = (): number => evolution.rows.value.filter(({ shown }) => shown !== null).length;

it("draws rows as they come, and asks for no more when the inspector is closed", async () => {
  let release: () => void = () => undefined;
  source.hold = (file) =>
    file.startsWith("5-") ? new Promise((resolve) => void (release = resolve)) : Promise.resolve();
  state.inspect(0);
  await expect.poll(come).toBe(3);
  expect(steps()).toEqual([0, 2, 3, 5, 7, 9, 10, 12, 14, 16, 17, 19]);
  state.inspect(null);
  release();
  await settled();
  expect(evolution.rows.value).toEqual([]);
  expect(source.asked.some((asked) => asked.startsWith("7-"))).toBe(false);
});

it("stays as it is while new epochs come, unless they are followed", async () => {
  state.inspect(0);
  state.chooseStep(3);
  await expect.poll(come).toBe(12);
  const before = steps();
  source.logged = [...source.logged, 20, 21];
  await state.refresh();
  await expect.poll(() => evolution.among.value).toBe(22);
  expect(steps()).toEqual(before);
  state.follow(true);
  await expect.poll(() => steps().at(-1)).toBe(21);
});

it("says which epoch cannot be read, and shows the others", async () => {
  source.changeManifest = (step, manifest) => {
    const [first, ...others] = manifest.layout.probes;
    if (step !== 5 || first === undefined) return manifest;
    return { ...manifest, layout: { ...manifest.layout, probes: [{ ...first, identity: "other" }, ...others] } };
  };
  state.inspect(0);
  await expect.poll(come).toBe(12);
  const told = evolution.rows.value.map(({ shown }) => (typeof shown === "string" ? shown : "maps"));
  const maps = (count: number): readonly string[] => Array.from({ length: count }, () => "maps");
  expect(told).toEqual([...maps(3), "another clip had this name", ...maps(8)]);
});
