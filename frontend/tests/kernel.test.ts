import { describe, expect, it } from "vitest";

import { kernelBoxes, kernelCellAt, kernelOf, weightAt } from "../src/pure/kernel";

const shape = [2, 3, 2, 4];
const member = { shape, data: Float32Array.from({ length: 48 }, (_, at) => at - 40) };

describe("kernelOf", () => {
  it("gives a filter's weights by channel, row and column", () => {
    const kernel = kernelOf(member, 1);
    expect(kernel).toMatchObject({ channels: 3, rows: 2, columns: 4, largest: 16 });
    expect(weightAt(kernel, { channel: 2, row: 1, column: 3 })).toBe(7);
    expect(weightAt(kernel, { channel: 0, row: 0, column: 0 })).toBe(-16);
    expect(weightAt(kernel, { channel: 3, row: 0, column: 0 })).toBeNaN();
    expect(kernelOf({ shape: [1, 1, 1, 2], data: new Float32Array(2) }, 0).largest).toBe(1);
  });
});

describe("kernelBoxes", () => {
  it.each([
    [3, 3, 1, "square", 26],
    [3, 3, 3, "square", 21],
    [1, 9, 2, "square", 11],
    [11, 5, 1, "square", 8],
  ])("makes %i × %i taps of %i channels %s", (rows, columns, channels, _kind, cell) => {
    const kernel = kernelOf(
      { shape: [1, channels, rows, columns], data: new Float32Array(channels * rows * columns) },
      0,
    );
    const boxes = kernelBoxes(kernel, 216, 96);
    expect(boxes).toHaveLength(channels);
    for (const box of boxes) expect([box.width, box.height]).toEqual([cell * columns, cell * rows]);
  });

  it("keeps a thousand taps within the room, and each channel's cells apart", () => {
    const kernel = kernelOf({ shape: [1, 2, 1, 1024], data: new Float32Array(2048) }, 0);
    const boxes = kernelBoxes(kernel, 216, 96);
    const last = boxes.at(-1);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(216);
    expect(kernelCellAt(kernel, boxes, (boxes[0]?.width ?? 0) + 1, 1)).toBeNull();
  });

  it("finds each cell again", () => {
    const kernel = kernelOf(member, 0);
    const boxes = kernelBoxes(kernel, 216, 96);
    for (const [channel, box] of boxes.entries()) {
      for (let row = 0; row < 2; row++) {
        for (let column = 0; column < 4; column++) {
          const [x, y] = [box.x + ((column + 0.5) / 4) * box.width, box.y + (1 - (row + 0.5) / 2) * box.height];
          expect(kernelCellAt(kernel, boxes, x, y)).toEqual({ channel, row, column });
        }
      }
    }
  });
});
