import { describe, expect, test } from "vitest";

import { readClasses, readSpectrogram } from "../src/input_pointing";
import type { Edges, ImageEntry } from "../src/types";

describe("class x time", () => {
  const predictions = {
    windows: 3,
    classes: ["burst", "tone"],
    scores: Float32Array.of(0.25, 0.75, 0.5, 0.5, NaN, 0.9),
  };
  const times: Edges[] = [
    [0, 2],
    [1, 3],
    [2, 4],
  ];
  const read = (x: number, y: number) => readClasses(predictions, { times, seconds: [0, 4] }, { x, y });

  test("says class, score, window and seconds, classes from the top", () => {
    expect(read(0.1, 0.1)).toBe("burst .25  ·  window 1 of 3  ·  0.40 s");
    expect(read(0.1, 0.9)).toBe("tone .75  ·  window 1 of 3  ·  0.40 s");
    expect(read(0.9, 0.9)).toBe("tone .90  ·  window 3 of 3  ·  3.60 s");
  });

  test("changes windows half-way between their centres", () => {
    expect(read(0.374, 0)).toContain("window 1");
    expect(read(0.376, 0)).toContain("window 2");
  });

  test("says where there is no score, and nothing outside", () => {
    expect(read(0.9, 0.1)).toContain("burst no score");
    expect(read(0.5, 1)).toBeNull();
    expect(readClasses(predictions, { times: [], seconds: [0, 4] }, { x: 0.5, y: 0.5 })).toBeNull();
  });
});

describe("the spectrogram", () => {
  const entry: ImageEntry = {
    name: "image",
    bytes: 1,
    inflated: 1,
    seconds: [1, 3],
    hertz: [100, 2000],
    title: "log-mel",
    unit: "dB",
  };
  const image = { shape: [2, 2], data: Float32Array.of(-1, -2, -3, -4) };

  test("says frequency, seconds and value with its unit, the lowest row at the bottom", () => {
    expect(readSpectrogram(image, entry, { x: 0.1, y: 0.9 })).toBe("100 Hz  ·  1.50 s  ·  −1 dB");
    expect(readSpectrogram(image, entry, { x: 0.9, y: 0.1 })).toBe("2,000 Hz  ·  2.50 s  ·  −4 dB");
  });

  test("counts rows where it has no frequencies, and says nothing outside", () => {
    expect(readSpectrogram(image, { ...entry, hertz: null, unit: "" }, { x: 0.1, y: 0.1 })).toBe(
      "row 1  ·  1.50 s  ·  −3",
    );
    expect(readSpectrogram(image, entry, { x: 1, y: 0.5 })).toBeNull();
    expect(readSpectrogram(image, entry, { x: 0.5, y: -0.1 })).toBeNull();
  });
});
