import { describe, expect, test } from "vitest";

import { layerScale, spectrogramLimits } from "../src/pure/scale";

const EXTREMES = { min: [-2.1, -9, 0, -3, NaN], max: [8.4, -1, 0, 2.1, NaN] };

describe("per filter", () => {
  const scale = layerScale(EXTREMES, "filter");

  test("the largest positive value divides; without one the layer's largest magnitude", () => {
    expect([...scale.divisors]).toEqual([8.4, 9, 9, 2.1, 9]);
  });

  test("strength is what lies above zero", () => {
    expect([...scale.strengths]).toEqual([8.4, 0, 0, 2.1, 0]);
    expect(scale).toMatchObject({ strongest: 8.4, lowest: -9, highest: 8.4 });
  });
});

test("per layer one divisor serves all", () => {
  expect([...layerScale(EXTREMES, "layer").divisors]).toEqual([8.4, 8.4, 8.4, 8.4, 8.4]);
});

test("a layer never above zero is divided by its largest magnitude in both modes", () => {
  for (const mode of ["filter", "layer"] as const) {
    expect([...layerScale({ min: [-8, -2], max: [-1, 0] }, mode).divisors]).toEqual([8, 8]);
  }
});

test.each([
  ["all zero", [0, 0], [0, 0]],
  ["nothing finite", [NaN], [NaN]],
  ["no filters", [], []],
])("with %s every divisor is still positive", (_, min, max) => {
  const scale = layerScale({ min, max }, "filter");
  expect([...scale.divisors]).toEqual(min.map(() => 1));
  expect(scale).toMatchObject({ lowest: 0, highest: 0, strongest: 0 });
});

describe("across epochs", () => {
  const epochs = { min: [-12, -9, NaN, -3, NaN], max: [4, 3, 0, 10.5, NaN] };

  test("divisors reach as far as any epoch, strengths are of the one that is shown", () => {
    const scale = layerScale(EXTREMES, "filter", epochs);
    expect([...scale.divisors]).toEqual([8.4, 3, 12, 10.5, 12]);
    expect([...scale.strengths]).toEqual([8.4, 0, 0, 2.1, 0]);
    expect(scale).toMatchObject({ acrossEpochs: true, strongest: 10.5, lowest: -12, highest: 10.5 });
  });

  test("and layer there is one divisor", () => {
    expect([...layerScale(EXTREMES, "layer", epochs).divisors]).toEqual([10.5, 10.5, 10.5, 10.5, 10.5]);
    expect(layerScale(EXTREMES, "layer").acrossEpochs).toBe(false);
  });
});

describe("a spectrogram's limits", () => {
  test.each<[string, readonly number[], readonly [number, number]]>([
    ["dB", [-200, -30, 10], [-70, 10]],
    ["dB", [-40, 10, NaN, -Infinity], [-40, 10]],
    ["", [-200, 10], [-200, 10]],
    ["dB", [3, 3], [3, 4]],
    ["dB", [NaN], [0, 1]],
  ])("in %j of %j are %j", (unit, values, limits) => {
    expect(spectrogramLimits(Float32Array.from(values), unit)).toEqual(limits);
  });

  test("reach 80 dB down where magnitudes are natural logarithms", () => {
    const [lowest, highest] = spectrogramLimits(Float32Array.of(-100, 0), "ln");
    expect(20 * Math.log10(Math.exp(lowest))).toBeCloseTo(-80, 9);
    expect(highest).toBe(0);
  });
});
