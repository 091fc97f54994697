import { expect, test } from "vitest";

import { layOutPicture, rowsThatFit, type PictureRequest } from "../src/export/picture_layout";
import { layoutTiles } from "../src/pure/layout";
import type { Box } from "../src/pure/placement";

const REQUEST: PictureRequest = {
  width: 1000,
  track: { left: 58, width: 720 },
  headLines: 2,
  footLines: 1,
  classes: 11,
  gridHeight: 400,
};

test.each([
  ["the prediction beside the input", REQUEST],
  ["the prediction under it", { ...REQUEST, width: 700, track: { left: 58, width: 630 } }],
  ["no prediction", { ...REQUEST, classes: 0 }],
  ["a thousand classes, many lines", { ...REQUEST, classes: 1000, headLines: 6, footLines: 4 }],
])("no part of a picture lies over another or outside: %s", (_, request) => {
  const { width, height, tracks, ...parts } = layOutPicture(request);
  const boxes = Object.values(parts).filter((box): box is Box => box !== null);
  for (const [index, box] of boxes.entries()) {
    expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
    for (const other of boxes.slice(index + 1)) {
      const apart =
        box.x + box.width <= other.x ||
        other.x + other.width <= box.x ||
        box.y + box.height <= other.y ||
        other.y + other.height <= box.y;
      expect(apart).toBe(true);
    }
  }
  expect(parts.bars === null).toBe(request.classes === 0);
  expect(tracks.y).toBe(parts.spectrogram.y);
});

test("of a grid that no canvas holds whole rows are kept, fewer on a finer screen", () => {
  const grid = layoutTiles({ count: 2048, width: 80, height: 100, aspect: 1, gap: 8, header: 15, tileWidth: 36 });
  expect(grid.contentHeight).toBeGreaterThan(16_384);
  const size = { width: 100, around: 500 };
  const kept = rowsThatFit(grid, { ...size, ratio: 1 });
  expect(kept * (36 + 15 + 8) - 8).toBeLessThanOrEqual(16_384 - 500);
  expect((kept + 1) * (36 + 15 + 8) - 8).toBeGreaterThan(16_384 - 500);
  expect(rowsThatFit(grid, { ...size, ratio: 2 })).toBeLessThan(kept / 2);
  expect(rowsThatFit(grid, { ...size, ratio: 1000 })).toBe(1);
  const small = layoutTiles({ count: 5, width: 500, height: 100, aspect: 1, gap: 8, header: 15, tileWidth: 36 });
  expect(rowsThatFit(small, { ...size, ratio: 1 })).toBe(small.down);
});
