import { describe, expect, test } from "vitest";

import { LINE, placeLabels } from "../src/pure/labels";

const places = (labels: readonly { readonly at: number }[]) => labels.map(({ at }) => at);

describe("labels that may be left out", () => {
  test("give way to those before them", () => {
    expect(places(placeLabels([{ at: 50 }, { at: 54 }, { at: 70 }], 100))).toEqual([50, 70]);
    expect(places(placeLabels([{ at: 50 }, { at: 60 }, { at: 71 }], 100))).toEqual([50, 71]);
  });

  test("are not cut by an edge, and have no place outside it", () => {
    expect(places(placeLabels([{ at: 0 }, { at: 100 }, { at: 101 }, { at: -1 }], 100))).toEqual([6.5, 93.5]);
  });

  test("give way to those that are kept, wherever these come", () => {
    const placed = placeLabels([{ at: 50 }, { at: 54, kept: true }], 100);
    expect(places(placed)).toEqual([54]);
  });
});

describe("labels that are kept", () => {
  test.each([
    ["adjacent", [20, 24], 100],
    ["of one place", [50, 50], 100],
    ["at the lower edge", [96, 99], 100],
    ["at the upper edge", [1, 3], 100],
    ["in a low track", [20, 22, 24], 44],
  ])("%s all have a place, in their order, a line apart and within the axis", (_, at, height) => {
    const placed = places(
      placeLabels(
        at.map((each) => ({ at: each, kept: true })),
        height,
      ),
    );
    expect(placed).toHaveLength(at.length);
    for (const [index, place] of placed.entries()) {
      expect(place).toBeGreaterThanOrEqual(LINE / 2);
      expect(place).toBeLessThanOrEqual(height - LINE / 2);
      expect(place - (placed[index - 1] ?? -Infinity)).toBeGreaterThanOrEqual(LINE);
    }
  });

  test("far from each other stay where they belong", () => {
    expect(
      places(
        placeLabels(
          [
            { at: 80, kept: true },
            { at: 20, kept: true },
          ],
          100,
        ),
      ),
    ).toEqual([20, 80]);
  });

  test("are as many as there is room for, the first ones", () => {
    const wanted = [10, 11, 12].map((at, index) => ({ at, index, kept: true }));
    expect(placeLabels(wanted, 2 * LINE).map(({ index }) => index)).toEqual([0, 1]);
  });
});
