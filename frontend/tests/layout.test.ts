import { describe, expect, test } from "vitest";

import {
  layoutTiles,
  SMALLEST_HEIGHT,
  SMALLEST_WIDTH,
  tileAt,
  tileBox,
  tilesInView,
  type GridRequest,
  type TileGrid,
} from "../src/pure/layout";

const AREAS: readonly (readonly [number, number])[] = [
  [1010, 560],
  [1600, 900],
  [640, 300],
  [300, 200],
];
const COUNTS = [1, 2, 7, 32, 64, 128, 256, 513, 1024];
const ASPECTS = [0.3, 1, 1.4, 4];

const REQUESTS: readonly GridRequest[] = AREAS.flatMap(([width, height]) =>
  COUNTS.flatMap((count) =>
    ASPECTS.flatMap((aspect) =>
      [null, 90].map((tileWidth) => ({ width, height, count, aspect, gap: 6, header: 14, tileWidth })),
    ),
  ),
);

const rowWidth = ({ across, tileWidth, gap }: TileGrid): number => across * (tileWidth + gap) - gap;

test("no row is wider than the area and no tile smaller than 36 x 26", () => {
  for (const request of REQUESTS) {
    const grid = layoutTiles(request);
    expect(rowWidth(grid), JSON.stringify(request)).toBeLessThanOrEqual(request.width);
    expect(grid.tileWidth).toBeGreaterThanOrEqual(SMALLEST_WIDTH);
    expect(grid.tileHeight).toBeGreaterThanOrEqual(SMALLEST_HEIGHT);
    expect(grid.across * grid.down).toBeGreaterThanOrEqual(request.count);
  }
});

test("all tiles fit unless they would be too small", () => {
  for (const request of REQUESTS.filter(({ tileWidth }) => tileWidth === null)) {
    const grid = layoutTiles(request);
    if (grid.contentHeight <= request.height) continue;
    // The smallest tiles of this aspect really do not fit.
    const smallest = Math.max(SMALLEST_WIDTH, Math.ceil(SMALLEST_HEIGHT * request.aspect));
    const across = Math.floor((request.width + request.gap) / (smallest + request.gap));
    const pitch = Math.max(Math.floor(smallest / request.aspect), SMALLEST_HEIGHT) + request.header + request.gap;
    expect(Math.ceil(request.count / Math.max(across, 1)) * pitch - request.gap).toBeGreaterThan(request.height);
  }
});

test("tiles one pixel wider would not fit", () => {
  for (const request of REQUESTS.filter(({ tileWidth }) => tileWidth === null)) {
    const grid = layoutTiles(request);
    if (grid.contentHeight > request.height) continue;
    const wider = layoutTiles({ ...request, tileWidth: grid.tileWidth + 1 });
    expect(
      wider.contentHeight > request.height || wider.tileWidth === grid.tileWidth,
      JSON.stringify({ request, grid, wider }),
    ).toBe(true);
  }
});

test("a wanted width is taken within the area", () => {
  const request = { count: 40, width: 1000, height: 400, aspect: 1.4, gap: 6, header: 14 };
  expect(layoutTiles({ ...request, tileWidth: 120 })).toMatchObject({ tileWidth: 120, across: 7, down: 6 });
  expect(layoutTiles({ ...request, tileWidth: 5000 })).toMatchObject({ tileWidth: 1000, across: 1 });
  expect(layoutTiles({ ...request, tileWidth: 1 }).tileWidth).toBe(Math.ceil(26 * 1.4));
});

test("no tiles at all take no room", () => {
  expect(
    layoutTiles({ width: 900, height: 400, aspect: 1, gap: 6, header: 14, tileWidth: null, count: 0 }),
  ).toMatchObject({ down: 0, contentHeight: 0 });
});

describe.each([layoutTiles({ count: 75, width: 700, height: 200, aspect: 1.2, gap: 6, header: 14, tileWidth: 80 })])(
  "in a grid of 75",
  (grid) => {
    test("every point of a tile hits it, and nothing else", () => {
      for (let position = 0; position < grid.count; position++) {
        const box = tileBox(grid, position);
        expect(tileAt(grid, box.x, box.y)).toEqual({ position, x: 0, y: 0 });
        const hit = tileAt(grid, box.x + 0.75 * box.width, box.y + 0.25 * box.height);
        expect(hit?.position).toBe(position);
        expect(hit?.x).toBeCloseTo(0.75);
        expect(hit?.y).toBeCloseTo(0.25);
        expect(tileAt(grid, box.x + box.width + 1, box.y + 1)).toBeNull();
        expect(tileAt(grid, box.x + 1, box.y - 1)).toBeNull();
      }
    });

    test("points beside the tiles hit nothing", () => {
      expect(tileAt(grid, -1, 30)).toBeNull();
      expect(tileAt(grid, 30, -1)).toBeNull();
      expect(tileAt(grid, 30, grid.contentHeight + 20)).toBeNull();
    });

    test("exactly the tiles that overlap the view are in view", () => {
      for (let scrollTop = 0; scrollTop < grid.contentHeight; scrollTop += 13) {
        const [first, end] = tilesInView(grid, scrollTop, 200);
        for (let position = 0; position < grid.count; position++) {
          const { y, height } = tileBox(grid, position);
          const seen = y + height > scrollTop && y < scrollTop + 200;
          if (seen) expect(position >= first && position < end).toBe(true);
        }
        const { down, across } = grid;
        expect(end - first).toBeLessThanOrEqual(
          Math.min(down, Math.ceil(200 / (grid.contentHeight / down)) + 1) * across,
        );
      }
    });
  },
);
