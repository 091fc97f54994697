import { expect, test } from "vitest";

import {
  asSentence,
  bytes,
  clockTime,
  count,
  hertz,
  hertzTick,
  limitReached,
  mapShape,
  number,
  ordinal,
  percent,
  score,
  seconds,
  signedScore,
  stepName,
} from "../src/words";

test.each([
  [0, "0:00.00"],
  [1.32, "0:01.32"],
  [2.999, "0:02.99"],
  [83.456, "1:23.45"],
  [600, "10:00.00"],
  [-1, "0:00.00"],
])("%d seconds read %s", (value, text) => {
  expect(clockTime(value)).toBe(text);
});

test.each([
  [0, "0 %"],
  [0.0041, "0.4 %"],
  [0.034, "3 %"],
  [0.126, "13 %"],
  [12.5, "1,250 %"],
])("the share %d reads %s", (share, text) => {
  expect(percent(share)).toBe(text);
});

test.each([
  [0.834, "+.83"],
  [-0.3, "−.30"],
  [1, "+1.00"],
  [0, "+.00"],
])("%d between -1 and 1 reads %s", (value, text) => {
  expect(signedScore(value)).toBe(text);
});

test.each([
  [1.234, "1.23 s"],
  [-0.05, "−0.05 s"],
  [-0.004, "0.00 s"],
])("the time %d reads %s", (value, text) => {
  expect(seconds(value)).toBe(text);
});

test.each([
  [0, "0"],
  [1234.5, "1235"],
  [12.345, "12.3"],
  [-0.5738, "−0.574"],
  [0.00092, "0.00092"],
  [0.0000123, "1.2e-5"],
  [123456, "1.2e+5"],
  [NaN, "NaN"],
  [Infinity, "∞"],
  [-Infinity, "−∞"],
])("the number %d reads %s", (value, text) => {
  expect(number(value)).toBe(text);
});

test.each([
  [1, "1st"],
  [2, "2nd"],
  [3, "3rd"],
  [4, "4th"],
  [11, "11th"],
  [12, "12th"],
  [13, "13th"],
  [21, "21st"],
  [111, "111th"],
  [102, "102nd"],
  [1000, "1,000th"],
])("place %d reads %s", (place, text) => {
  expect(ordinal(place)).toBe(text);
});

test("steps, scores, counts and sizes carry their words", () => {
  expect(stepName(-1, null)).toBe("before training");
  expect(stepName(12, null)).toBe("epoch 12");
  expect(stepName(1200, 1200)).toBe("step 1,200");
  expect([0.714, 1, 0, -2.5].map(score)).toEqual([".71", "1.00", ".00", "−2.5"]);
  expect(count(1, "filter")).toBe("1 filter");
  expect(count(1024, "filter")).toBe("1,024 filters");
  expect(hertz(2235.4)).toBe("2,235 Hz");
  expect([50, 500, 1000, 2500].map(hertzTick)).toEqual(["50 Hz", "500 Hz", "1 kHz", "2.5 kHz"]);
  expect([512, 45_000, 5_650_000].map(bytes)).toEqual(["512 B", "45 kB", "5.7 MB"]);
});

test("a map's shape is said by its axes", () => {
  expect(mapShape(["frequency", "time"], [132, 47], "mel row")).toBe("47 columns × 132 mel rows");
  expect(mapShape(["time"], [1, 47])).toBe("47 columns");
  expect(mapShape(["frequency"], [12, 1])).toBe("12 rows");
  expect(mapShape([], [1, 1])).toBe("one number per window");
});

test.each([
  ["max_disk", "max_disk reached"],
  ["free_disk", "the disk was nearly full"],
  ["a limit to come", "a limit to come"],
])("a step that was cut by %s says so", (why, text) => {
  expect(limitReached(why)).toBe(text);
});

test.each([
  ["the record has format version 3.0: update", "The record has format version 3.0: update."],
  ["2-f6e8.zip is missing", "2-f6e8.zip is missing."],
  ["probes-f6e8.zip is missing", "probes-f6e8.zip is missing."],
  ["max_disk reached", "max_disk reached."],
  ["Choose one that was.", "Choose one that was."],
])("a reason stands alone as a sentence, and names of files as they are: %s", (reason, sentence) => {
  expect(asSentence(reason)).toBe(sentence);
});
