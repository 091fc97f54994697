import { describe, expect, it } from "vitest";

import { fitAxis, shrinkSlot, type Fit } from "../src/pure/shrink";

const BLACK = 0xff000000;
const grey = (level: number): number => (BLACK | (level << 16) | (level << 8) | level) >>> 0;

function shrink(rows: number[][], columns: Fit, down: Fit): number[][] {
  const width = rows[0]?.length ?? 0;
  const pixels = Uint32Array.from(rows.flat());
  const target = new Uint32Array(columns.size * down.size);
  shrinkSlot({ pixels, first: 0, pitch: width }, { pixels: target, first: 0, pitch: columns.size }, columns, down);
  return Array.from({ length: down.size }, (_, y) => [...target.slice(y * columns.size, (y + 1) * columns.size)]);
}

describe("fitAxis", () => {
  it.each([
    [10, 0, 10, 10],
    [10, 0, 10, 25],
    [10, 1.5, 7, 7.9],
  ])("leaves %i cells alone where %f + %f of them get %f pixels", (cells, from, extent, pixels) => {
    expect(fitAxis(cells, from, extent, pixels)).toEqual({ size: cells, from, extent, spans: null });
  });

  it("gives every cell to at least one pixel, and none outside", () => {
    for (let cells = 2; cells < 60; cells++) {
      for (let pixels = 1; pixels < cells; pixels++) {
        for (const from of [0, 0.5, 1]) {
          const extent = cells - from;
          const { size, spans } = fitAxis(cells, from, extent, pixels);
          if (spans === null) continue;
          const seen = new Set<number>();
          for (const [first, end] of spans) for (let cell = first; cell < end; cell++) seen.add(cell);
          const found = [
            size,
            spans.every(([first, end]) => end > first),
            Math.min(...seen),
            Math.max(...seen),
            seen.size,
          ];
          expect(found).toEqual([pixels, true, Math.floor(from), cells - 1, cells - Math.floor(from)]);
        }
      }
    }
  });

  it("makes a pixel of what is narrower than one", () => {
    expect(fitAxis(5, 0, 5, 0.2).spans).toEqual([[0, 5]]);
  });
});

describe("shrinkSlot", () => {
  it("shows a line one cell wide at every size", () => {
    for (let bright = 0; bright < 130; bright++) {
      const row = Array.from({ length: 130 }, (_, cell) => (cell === bright ? grey(255) : BLACK));
      for (const pixels of [1, 7, 36, 99]) {
        const [shown = []] = shrink([row], fitAxis(130, 0, 130, pixels), fitAxis(1, 0, 1, 1));
        expect(shown).toHaveLength(pixels);
        const at = Math.min(Math.floor(((bright + 0.5) / 130) * pixels), pixels - 1);
        expect(shown[at]).toBe(grey(255));
      }
    }
  });

  it("keeps the brightest of each group, both ways, and transparent only where nothing else is", () => {
    const map = [
      [0, 0, grey(9), grey(4)],
      [0, 0, BLACK, 0],
    ];
    expect(shrink(map, fitAxis(4, 0, 4, 2), fitAxis(2, 0, 2, 1))).toEqual([[0, grey(9)]]);
    expect(shrink(map, fitAxis(4, 0, 4, 2), fitAxis(2, 0, 2, 2))).toEqual([
      [0, grey(9)],
      [0, BLACK],
    ]);
  });
});
