import { expect, test } from "vitest";

import { layerScale } from "../src/pure/scale";
import type { ScoreBars } from "../src/ranking";
import { barParts, zeroOf, type Span } from "../src/views/filter_bars";

const NO_SCORES: ScoreBars = { heading: "change", values: [], most: 0, signed: false, say: String };
const CHANGE: ScoreBars = { ...NO_SCORES, values: [0.5, 2, NaN], most: 2 };
const GOES: ScoreBars = { ...NO_SCORES, values: [1, -0.5, NaN], most: 1, signed: true };
const EXTREMES = { min: [0, 0, -1], max: [1, 4, -0.5] };

/** What each colour of the bars covers, of filters that have a bar together. */
function covered(
  bars: ScoreBars | null,
  filters: readonly number[],
  peaks: number[] | null = null,
): Record<string, Span> {
  const scale = layerScale(EXTREMES, "filter");
  return Object.fromEntries(barParts({ scale, peaks, bars }).map(({ token, of }) => [token, of(filters)]));
}

test("bars are strengths, and what strips leave out of them is told apart", () => {
  expect(covered(null, [0])).toEqual({ "--bar-soft": [0, 1], "--bar-hidden": [0, 0.25], "--bar": [0, 0.25] });
  expect(covered(null, [1], [1, 3, 0])).toMatchObject({ "--bar-hidden": [0, 1], "--bar": [0, 0.75] });
  expect(covered(null, [2])).toMatchObject({ "--bar-hidden": [0, 0], "--bar": [0, 0] });
  expect(covered(null, [0, 1, 2])).toMatchObject({ "--bar": [0, 1] });
  expect(zeroOf({ bars: null })).toBe(0);
});

test("or what filters are sorted by, whatever strips leave out", () => {
  expect(covered(CHANGE, [0], [0, 0, 0])).toEqual({ "--bar-soft": [0, 1], "--bar": [0, 0.25] });
  expect(covered(CHANGE, [0, 1, 2])).toMatchObject({ "--bar": [0, 1] });
  expect(zeroOf({ bars: CHANGE })).toBe(0);
});

test("from the middle to either side where that is below zero for some", () => {
  expect(zeroOf({ bars: GOES })).toBe(0.5);
  expect(covered(GOES, [0])).toMatchObject({ "--bar": [0.5, 0.5] });
  expect(covered(GOES, [1])).toMatchObject({ "--bar": [0.25, 0.25] });
  expect(covered(GOES, [1, 2])).toMatchObject({ "--bar": [0.25, 0.25] });
});

test("nothing where scores are on their way, or a filter has none", () => {
  expect(covered(NO_SCORES, [0, 1])).toMatchObject({ "--bar": [0, 0] });
  expect(covered(GOES, [2])).toMatchObject({ "--bar": [0.5, 0] });
});
