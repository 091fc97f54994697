/** The run that Python wrote must say the same here: every cell within half a code of the float it was made from. */
import { expect, test } from "vitest";

import { parseProbesManifest, parseStepManifest } from "../src/parse";
import { insideAxis } from "../src/pure/axes";
import { predictionsOf, verdict } from "../src/pure/predict";
import { readStrip, readWindow, type Reading } from "../src/pure/readings";
import { layerNumbers } from "../src/pure/statistics";
import { arranged } from "../src/pure/upright";
import {
  gridOf,
  isScalarLayer,
  joinEnvelope,
  joinStrip,
  joinWindows,
  layerOf,
  mergeScalarChunks,
} from "../src/pure/values";
import type { StripData, WindowData } from "../src/pure/values";
import { readExpected, StoredZip } from "./golden";
import { numbersOf } from "./numbers";

const EXPECTED = readExpected();
const bundle = new StoredZip("bundle.zip");
const manifest = parseStepManifest(bundle.json("manifest.json"));
const { layout } = manifest;
const { probes } = parseProbesManifest(new StoredZip("probes.zip").json("manifest.json"));
const statistics = bundle.array("statistics.npy");
const allRanges = bundle.array("ranges.npy");
const windowMembers = manifest.responses
  .flatMap((response) => response?.layers ?? [])
  .flatMap((layer) => layer?.windows ?? []);
const windowArrays = await Promise.all(
  windowMembers.map(async (member) => [member.name, await arranged(bundle.array(member.name), member)] as const),
);
const windowsByName = new Map(windowArrays);

function parts(probe: number, layer: number) {
  const response = manifest.responses[probe];
  const members = response?.layers[layer];
  const times = probes[probe]?.times;
  if (!response || !members || !times) throw new Error(`the golden run lacks probe ${probe}, layer ${layer}`);
  const chunks = members.windows.map((member) => ({
    member,
    array: windowsByName.get(member.name) ?? bundle.array(member.name),
  }));
  const own = layerOf(layout, probe, layer);
  const numbers = layerNumbers(numbersOf(manifest, statistics, allRanges, probe, layer), own);
  const { ranges } = numbers;
  return { layer: own, numbers, response, members, times, chunks, windows: times.length, ranges };
}

function windowsOf(probe: number, layer: number): WindowData {
  return joinWindows(parts(probe, layer));
}

function stripOf(probe: number, index: number): StripData {
  const { members, chunks, ...rest } = parts(probe, index);
  const strip = isScalarLayer(rest.layer)
    ? mergeScalarChunks(rest.layer, rest.times.length, chunks)
    : bundle.array(members.strip?.name ?? "");
  return joinStrip({ ...rest, grid: gridOf(layout, probe, index), strip });
}

function expectReading(reading: Reading | null, value: number | string, halfStep: number): void {
  if (typeof value === "string") {
    expect(reading).toMatchObject({ special: value });
  } else {
    expect(reading?.special).toBeNull();
    expect(Math.abs((reading?.value ?? NaN) - value)).toBeLessThanOrEqual(halfStep * 1.0001 + 1e-6 * Math.abs(value));
    expect(reading?.halfStep).toBeCloseTo(halfStep, 6);
  }
}

test("every expected cell is read from the windows, across chunks and blocks", () => {
  let checked = 0;
  for (const [probe, layer, filter, window, row, column, value, halfStep] of EXPECTED.cells) {
    if (manifest.responses[probe]?.kept !== "windows") continue;
    expectReading(readWindow(windowsOf(probe, layer), { filter, window, row, column }), value, halfStep);
    checked++;
  }
  expect(checked).toBeGreaterThan(50);
});

test("every expected cell that a strip shows is read from the strip", () => {
  let checked = 0;
  for (const [probe, layer, filter, window, row, column, value, halfStep] of EXPECTED.cells) {
    const strip = stripOf(probe, layer);
    strip.grid.windows.forEach((shown, at) => {
      if (shown !== window || strip.grid.columns[at] !== column || strip.reached[at] !== 1) return;
      expectReading(readStrip(strip, filter, row, at), value, halfStep);
      checked++;
    });
  }
  expect(checked).toBeGreaterThan(50);
});

test("layers of one number per window are exact, in windows and as strips", () => {
  const index = layout.layers.findIndex(isScalarLayer);
  EXPECTED.numbers.forEach((filters, probe) => {
    const data = windowsOf(probe, index);
    const strip = stripOf(probe, index);
    filters.forEach((values, filter) => {
      values.forEach((value, window) => {
        const reading = readWindow(data, { filter, window, row: 0, column: 0 });
        expect(reading).toEqual({ value: Math.fround(value), halfStep: 0, special: null });
      });
      strip.grid.windows.forEach((window, column) => {
        if (strip.reached[column] === 1) {
          expect(readStrip(strip, filter, 0, column)?.value).toBe(Math.fround(values[window] ?? NaN));
        }
      });
    });
  });
});

test("predictions are exact and the verdict follows from their mean", () => {
  const array = bundle.array("predictions.npy");
  EXPECTED.predictions.forEach((windows, index) => {
    const probe = layout.probes[index];
    if (probe === undefined) throw new Error(`no probe ${index}`);
    const predictions = predictionsOf(array, probe, layout.classes);
    expect([...predictions.scores]).toEqual(windows.flat().map(Math.fround));
    const means = layout.classes.map((_, c) => windows.reduce((sum, scores) => sum + (scores[c] ?? NaN), 0));
    const best = layout.classes[means.indexOf(Math.max(...means))] ?? "";
    expect(verdict(predictions, probe.labels)).toMatchObject({
      kind: probe.labels.includes(best) ? "ok" : "taken",
      taken: best,
    });
  });
});

test("columns know which of them lie in the window", () => {
  const time = layout.layers[0]?.time;
  expect(time?.centres).toEqual(EXPECTED.centres);
  expect(time && insideAxis(time)).toEqual(EXPECTED.inside);
});

test("statistics and envelopes agree with the maps", () => {
  const { layer, members, windows, numbers } = parts(0, 0);
  const data = windowsOf(0, 0);
  const { min, max, nonFinite } = numbers.statistics;
  const envelope = joinEnvelope(layer, windows, bundle.array(members.envelope?.name ?? ""));
  for (let filter = 0; filter < layer.filters; filter++) {
    const perWindow = Array.from({ length: windows }, (_, window) => {
      const readings: Reading[] = [];
      for (let row = 0; row < data.rows; row++) {
        for (let column = 0; column < data.columns; column++) {
          const reading = readWindow(data, { filter, window, row, column });
          if (reading !== null) readings.push(reading);
        }
      }
      return readings;
    });
    const all = perWindow.flat();
    const finite = all.filter(({ special }) => special === null).map(({ value }) => value);
    expect(nonFinite[filter]).toBe(all.length - finite.length);
    if (finite.length === 0) {
      expect([min[filter], max[filter]]).toEqual([NaN, NaN]);
      continue;
    }
    expect(min[filter]).toBeCloseTo(Math.min(...finite), 4);
    expect(max[filter]).toBeCloseTo(Math.max(...finite), 4);
    // The envelope is of the values, which the codes of the maps give back to half a code.
    const halfCode = (Math.max(...finite) - Math.min(...finite)) / 504;
    perWindow.forEach((readings, window) => {
      const values = readings.filter(({ special }) => special === null).map(({ value }) => value);
      const off = Math.abs((envelope.maximum[filter * windows + window] ?? NaN) - Math.max(...values));
      expect(off).toBeLessThanOrEqual(halfCode + 1e-4);
    });
  }
  expect(numbers.states.slice(1, 4)).toEqual(["constant", "active", "unknown"]);
});

test("the probe bundle tells of sound, image and windows", () => {
  const [first, second] = probes;
  expect(probes.map(({ name }) => name)).toEqual(layout.probes.map(({ name }) => name));
  expect(first).toMatchObject({
    seconds: 2,
    audio: { sample_rate: 8000 },
    image: { hertz: [100, 200, 400], unit: "ln" },
  });
  expect(second).toMatchObject({ audio: null, image: null, labels: ["b", "c"], detail: "strip" });
  expect(manifest.logs).toEqual({ loss: NaN, accuracy: 0.5 });
  const image = new StoredZip("probes.zip").array(first?.image?.name ?? "");
  expect(image.shape).toEqual([3, 4]);
  expect([...image.data]).toEqual(Array.from({ length: 12 }, (_, index) => index / 4));
});
