import { describe, expect, test } from "vitest";

import { LARGEST_ROW, layoutRows, linesInView, numberedRows, pitchOf, rowsSharing } from "../src/pure/raster_layout";

const request = { width: 700, height: 300, ratio: 1, rowHeight: null };

describe("rows that all must fit", () => {
  test.each([1, 2, 11, 64, 150, 299, 300, 301, 512, 1024, 2048])("%d do", (count) => {
    for (const ratio of [1, 1.25, 2]) {
      const grid = layoutRows({ ...request, count, ratio });
      expect(grid).toMatchObject({ count, across: 1, down: count, tileWidth: 700 });
      expect(grid.contentHeight).toBeLessThanOrEqual(request.height + 1e-9);
      expect(pitchOf(grid)).toBeLessThanOrEqual(LARGEST_ROW);
      const pixels = pitchOf(grid) * ratio;
      if (count <= request.height) expect(pixels).toBeCloseTo(Math.round(pixels), 9);
    }
  });

  test("more than there are pixels fill the height, each pixel shared by neighbours", () => {
    const grid = layoutRows({ ...request, count: 2048 });
    expect(grid.contentHeight).toBeCloseTo(300, 9);
    const { rows, pitch, first, end } = linesInView({ grid, top: 4, scrollTop: 0, height: 320, ratio: 1 });
    expect([rows.length, pitch, first, end]).toEqual([300, 1, 0, 2048]);
    expect(rows[0]?.[0]).toBe(0);
    expect(rows.at(-1)?.[1]).toBe(2048);
    for (const [index, row] of rows.entries()) expect(row[0]).toBeLessThanOrEqual(rows[index - 1]?.[1] ?? 0);
    expect(rowsSharing(grid, 1, 999, 150)).toEqual(rows[150]);
  });

  test("high ones are parted by a line", () => {
    expect(layoutRows({ ...request, count: 11 }).gap).toBe(1);
    expect(layoutRows({ ...request, count: 100 }).gap).toBe(0);
  });
});

describe("rows of a wanted height", () => {
  test("keep it and are scrolled to", () => {
    const grid = layoutRows({ ...request, count: 2048, rowHeight: 12 });
    expect(pitchOf(grid)).toBe(12);
    const lines = linesInView({ grid, top: 4, scrollTop: 1204, height: 300, ratio: 1 });
    expect(lines.first).toBe(100);
    expect(lines.rows[0]).toEqual([100, 101]);
    expect(lines.top).toBe(4 - 1204 + 1200);
    expect(lines.top + lines.rows.length * lines.pitch).toBeGreaterThanOrEqual(300);
    expect(rowsSharing(grid, 1, 7, 90)).toEqual([7, 8]);
  });

  test("are whole pixels of the screen, at least one", () => {
    expect(pitchOf(layoutRows({ ...request, count: 20, ratio: 1.25, rowHeight: 3 }))).toBeCloseTo(4 / 1.25, 9);
    expect(pitchOf(layoutRows({ ...request, count: 2048, ratio: 1, rowHeight: 0.2 }))).toBe(1);
  });
});

test("numbers stand apart by a line", () => {
  for (const count of [5, 40, 300, 2048]) {
    const grid = layoutRows({ ...request, count });
    expect(numberedRows(grid) * pitchOf(grid)).toBeGreaterThanOrEqual(12);
    expect((numberedRows(grid) - 1) * pitchOf(grid)).toBeLessThan(12);
  }
});
