import { describe, expect, test } from "vitest";

import { byIndex, byScore, byStrength, onsetScores, whyNotByOnset } from "../src/pure/sort";
import { layerLayout, stripOf } from "./fixtures";

const ROWS = 12;
const COLUMNS = 20;

function map(value: (row: number, column: number) => number): number[][] {
  return Array.from({ length: ROWS }, (_, row) => Array.from({ length: COLUMNS }, (_, column) => value(row, column)));
}

const onset = map((_, column) => (column === 7 ? 5 : 0));
const harmonic = map((row) => (row % 4 === 1 ? 5 : 0));
const blob = map((row, column) => Math.exp(-((row - 6) ** 2 + (column - 6) ** 2) / 8));

describe("the onset-to-harmonic score", () => {
  test("is 1 for an upright line, 0 for level lines, 1/2 for a round blob", () => {
    const [first, second, third] = onsetScores(stripOf([onset, harmonic, blob]));
    expect(first).toBe(1);
    expect(second).toBe(0);
    expect(third).toBeCloseTo(0.5, 2);
  });

  test("equals the formula, each pair of neighbours counted once", () => {
    // Along time (2-0)^2 + (3-1)^2 = 8, along frequency (1-0)^2 + (3-2)^2 = 2.
    const [score] = onsetScores(
      stripOf([
        [
          [0, 2],
          [1, 3],
        ],
      ]),
    );
    expect(score).toBeCloseTo(8 / 10, 3);
  });

  test("does not depend on the values' unit, however small or large", () => {
    const scaled = [1, 1e-30, 1e30].map((unit) => blob.map((row) => row.map((value) => value * unit)));
    const scores = [...onsetScores(stripOf(scaled))];
    for (const score of scores) expect(score).toBeCloseTo(scores[0] ?? NaN, 6);
  });

  test("looks at the positive part only", () => {
    const withNegatives = onset.map((row, index) => row.map((value) => (value > 0 ? value : -(index % 3))));
    const [score] = onsetScores(stripOf([withNegatives]));
    expect(score).toBeGreaterThan(0.99);
  });

  test("passes over columns not reached and values not finite", () => {
    const spoilt = harmonic.map((row, index) => row.map((value, column) => (column === 3 ? index * 2 : value)));
    const reached = new Uint8Array(COLUMNS).fill(1);
    reached[3] = 0;
    expect(onsetScores(stripOf([spoilt], { reached }))[0]).toBe(0);
    const holes = onset.map((row, index) => row.map((value, column) => (column === 2 && index === 5 ? NaN : value)));
    expect(onsetScores(stripOf([holes]))[0]).toBe(1);
  });

  test("is absent where nothing changes or there is one row or one column", () => {
    const constant = map(() => 2);
    const negative = map((row, column) => -row - column);
    expect([...onsetScores(stripOf([constant, negative]))]).toEqual([NaN, NaN]);
    expect([...onsetScores(stripOf([[[1, 2, 3]]]))]).toEqual([NaN]);
    expect([...onsetScores(stripOf([[[1], [2]]]))]).toEqual([NaN]);
  });
});

test("only what has rows and columns can be sorted from onset to harmonic", () => {
  const layer = layerLayout();
  expect(whyNotByOnset({ layer, rows: 2, columns: 2 })).toBeNull();
  expect(whyNotByOnset({ layer, rows: 1, columns: 9 })).toContain("one row");
  expect(whyNotByOnset({ layer, rows: 9, columns: 1 })).toContain("one column");
  expect(whyNotByOnset({ layer: layerLayout({ axes: [] }), rows: 1, columns: 9 })).toContain("one number per window");
});

describe("orders", () => {
  test("hold every filter once", () => {
    const scores = Array.from({ length: 50 }, (_, filter) => (filter % 7 === 0 ? NaN : (filter * 13) % 5));
    for (const order of [byIndex(50), byStrength(scores), byScore(scores, null)]) {
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, filter) => filter));
    }
  });

  test("are stable: equal filters keep their numbers' order", () => {
    expect(byStrength([1, 3, 3, 0, 1])).toEqual([1, 2, 0, 4, 3]);
    expect(byScore([0.5, 0.5, 0.9, 0.5], null)).toEqual([2, 0, 1, 3]);
  });

  test("put silent, constant and unscored filters last", () => {
    const states = ["active", "silent", "active", "constant", "active", "unknown"] as const;
    expect(byScore([0.1, 1, NaN, 0.9, 0.2, 1], states)).toEqual([4, 0, 1, 5, 3, 2]);
  });
});
