/** Maps that the painter draws are those that the page would have drawn, and each part of them is told it once. */
import { beforeEach, describe, expect, it, vi } from "vitest";

import { drawMaps, type MapsPicture } from "../src/painting/maps";
import { Replay } from "../src/painting/replay";
import { TileAtlas } from "../src/painting/tile_atlas";
import { layoutTiles } from "../src/pure/layout";
import { PooledCodes } from "../src/pure/pool";
import { stripOfEnvelope, windowsOfEnvelope, type StripData, type WindowData } from "../src/pure/values";
import { prepare } from "../src/views/surface";
import { NotingCanvas, paintersEasel, stubCanvases } from "./easels";
import { CONV8_TIME, layerLayout, stripOf, windowsOf } from "./fixtures";

beforeEach(stubCanvases);

const SIZE = { width: 300, height: 200 };
const FILTERS = 5;
const CELLS = 70 * 90;
const LAYER = layerLayout({ filters: FILTERS, shape: [70, 90], map_shape: [70, 90] });
const WINDOWS = windowsOf(LAYER, 4, [-1, 2]);
const [CHUNK] = WINDOWS.chunks;
const ENVELOPE = {
  layer: LAYER,
  filters: FILTERS,
  windows: 4,
  maximum: Float32Array.from({ length: FILTERS * 4 }, (_, at) => at - 9),
  mean: new Float32Array(FILTERS * 4),
};
const TIMES = [0, 1, 2, 3].map((start): [number, number] => [start, start + 1]);
const STRIP = stripOf(
  Array.from({ length: FILTERS }, (_, filter) =>
    Array.from({ length: 70 }, (_, row) => Array.from({ length: 90 }, (_, column) => filter + row - column)),
  ),
);

const KINDS: Readonly<Record<string, StripData | WindowData>> = {
  strips: STRIP,
  "strips with columns that are left out": {
    ...STRIP,
    reached: STRIP.reached.map((_, column) => Number(column > 7 && column < 80)),
  },
  "maxima in their place": stripOfEnvelope(ENVELOPE, TIMES),
  windows: WINDOWS,
  "windows in part": {
    ...WINDOWS,
    chunks: CHUNK === undefined ? [] : [{ first: 1, end: 3, data: CHUNK.data.subarray(0, 2 * 4 * CELLS) }],
  },
  "windows with cells that lie outside": { ...WINDOWS, layer: { ...LAYER, time: CONV8_TIME } },
  "windows' maxima": windowsOfEnvelope(ENVELOPE),
};

function pictureOf(maps: StripData | WindowData, window: number, tileWidth: number): MapsPicture {
  const grid = layoutTiles({ count: FILTERS, ...SIZE, aspect: 1.2, gap: 4, header: 15, tileWidth });
  const tiles = { grid, filters: [3, 0, 4, 1, 2], left: 2, top: 3, scrollTop: 0, height: SIZE.height };
  const divisors = Array.from({ length: FILTERS }, (_, filter) => 1 + filter / 2);
  return { maps, paint: { map: "magma", divisors }, tiles, seconds: [0, 90], window, ground: "#123456" };
}

/** What a canvas is asked for where the page draws these pictures by itself, one after the other. */
function drawnByThePage(pictures: readonly MapsPicture[]): unknown[] {
  const canvas = new NotingCanvas(1, 1);
  const atlas = new TileAtlas();
  for (const picture of pictures) {
    const surface = prepare(canvas as unknown as OffscreenCanvas, SIZE.width, SIZE.height);
    if (surface !== null) drawMaps(surface, picture, { atlas, still: true });
  }
  return canvas.asked;
}

/** On the page the atlas of the maps of these is not asked for anything. */
function show(easel: ReturnType<typeof paintersEasel>["easel"], picture: MapsPicture): void {
  const untouched = null as unknown as TileAtlas;
  easel.draw(
    SIZE,
    true,
    (surface) => {
      drawMaps(surface, picture, { atlas: untouched, still: true });
    },
    () => undefined,
  );
}

function replayed(orders: ReturnType<typeof paintersEasel>["orders"]): unknown[] {
  const canvas = new NotingCanvas(1, 1);
  const replay = new Replay(canvas as unknown as OffscreenCanvas);
  for (const order of orders) {
    if ("frame" in order) replay.draw(order.frame);
    else if ("next" in order) replay.prepare(order.next);
  }
  return canvas.asked;
}

describe("the painter draws what the page would", () => {
  for (const [kind, maps] of Object.entries(KINDS)) {
    it.each([60, 36])(`of ${kind}, in tiles %i pixels wide`, (tileWidth) => {
      const picture = pictureOf(maps, 0, tileWidth);
      const pictures = [0, 1, 3, 2, 3, 0].map((window) => ({ ...picture, window }));
      const { easel, orders } = paintersEasel();
      for (const each of pictures) {
        show(easel, each);
        // What is made ready may be wanted next, or not.
        if ("chunks" in maps) expect(easel.prepare({ ...each, window: (each.window + 1) % 4 })).toBe(true);
      }
      const expected = drawnByThePage(pictures);
      expect(expected.length).toBeGreaterThan(6 * FILTERS);
      expect(replayed(orders)).toEqual(expected);
    });
  }

  it("with other colours, other tiles and another layer", () => {
    const picture = pictureOf(WINDOWS, 1, 40);
    const pictures = [
      picture,
      { ...picture, paint: { map: "viridis", divisors: [1, 1, 1, 1, 1] } as const },
      { ...pictureOf(WINDOWS, 1, 60) },
      pictureOf(STRIP, 0, 40),
      picture,
    ];
    const { easel, orders } = paintersEasel();
    for (const each of pictures) show(easel, each);
    expect(replayed(orders)).toEqual(drawnByThePage(pictures));
  });
});

describe("a strip that is made ready", () => {
  const [now, next] = [pictureOf(STRIP, 0, 36), pictureOf({ ...STRIP, reached: STRIP.reached.slice() }, 0, 36)];

  it.each([36, 60])("is drawn as any other, in tiles %i pixels wide", (tileWidth) => {
    const { easel, orders } = paintersEasel();
    const then = { ...next, tiles: pictureOf(STRIP, 0, tileWidth).tiles };
    show(easel, now);
    expect(easel.prepare(next)).toBe(true);
    show(easel, then);
    expect(replayed(orders)).toEqual(drawnByThePage([now, then]));
  });

  it("is neither told nor pooled again", () => {
    const pooled = vi.spyOn(PooledCodes, "of");
    const { easel, frames, orders } = paintersEasel();
    show(easel, now);
    easel.prepare(next);
    show(easel, next);
    replayed(orders);
    expect(frames[1]?.pictures[0]?.maps.thing).toBeNull();
    expect(pooled).toHaveBeenCalledTimes(2);
  });
});

describe("of maps the painter is told", () => {
  const told = (frames: ReturnType<typeof paintersEasel>["frames"]) =>
    frames.map(({ pictures: [picture] }) => ({
      maps: picture?.maps.thing != null,
      paint: picture?.paint.thing != null,
      cells: picture?.cells?.map(({ data }) => data.length) ?? null,
    }));

  it("the cells of a strip once, and of windows those that it does not have", () => {
    const { easel, frames } = paintersEasel();
    const [strip, windows] = [pictureOf(STRIP, 0, 40), pictureOf(WINDOWS, 0, 40)];
    for (const picture of [strip, strip, windows, { ...windows, window: 1 }, windows]) show(easel, picture);
    const cells = [FILTERS * CELLS];
    expect(told(frames)).toEqual([
      { maps: true, paint: true, cells: null },
      { maps: false, paint: false, cells: null },
      { maps: true, paint: true, cells },
      { maps: false, paint: false, cells },
      { maps: false, paint: false, cells: null },
    ]);
  });

  it("nothing again with the picture that was told beforehand", () => {
    const { easel, frames } = paintersEasel();
    const picture = pictureOf(WINDOWS, 0, 40);
    easel.prepare(picture);
    show(easel, picture);
    expect(told(frames)).toEqual([{ maps: false, paint: false, cells: null }]);
  });

  it("other colours alone when only these change", () => {
    const { easel, frames } = paintersEasel();
    const picture = pictureOf(STRIP, 0, 40);
    show(easel, picture);
    show(easel, { ...picture, paint: { ...picture.paint } });
    expect(told(frames)[1]).toEqual({ maps: false, paint: true, cells: null });
  });

  it("all of them anew after two pictures did without", () => {
    const { easel, frames } = paintersEasel();
    const [one, other] = [pictureOf(WINDOWS, 0, 40), pictureOf(STRIP, 0, 40)];
    for (const picture of [one, other, other, one]) show(easel, picture);
    expect(told(frames)[3]).toEqual({ maps: true, paint: true, cells: [FILTERS * CELLS] });
    expect(frames.map(({ forgotten }) => forgotten.length)).toEqual([0, 0, 3, 0]);
  });

  it("copies: what the page reads stays as it is", () => {
    const { easel } = paintersEasel();
    for (const maps of Object.values(KINDS)) {
      const before = structuredClone(maps);
      show(easel, pictureOf(maps, 0, 40));
      expect(maps).toEqual(before);
    }
  });
});

it("maps whose colours come from elsewhere are drawn by the page", () => {
  const { easel, frames } = paintersEasel();
  const plain = pictureOf(STRIP, 0, 40);
  const own = { fill: () => undefined, weight: () => 0, weightOf: () => 0 };
  const picture = { ...plain, paint: { ...plain.paint, own } };
  expect(easel.prepare(picture)).toBe(false);
  const atlas = new TileAtlas();
  easel.draw(
    SIZE,
    true,
    (surface) => {
      drawMaps(surface, picture, { atlas, still: true });
    },
    () => undefined,
  );
  expect(frames[0]?.pictures).toEqual([]);
  expect(frames[0]?.sheets).toHaveLength(1);
});
