/** The present moment above the tiles: the cursor, and the column that stands for it. One path for all tiles. */
import type { Lit } from "../lit";
import type { TileView } from "../pointing";
import type { Box } from "../pure/placement";
import type { Edges } from "../types";
import type { Surface } from "./surface";
import { visibleTiles } from "../pure/layout";

const HALO = "rgb(0 0 0 / 55%)";
const CAP = 2;
const LEAST_CAP = 3;

/** `cursor` is where the moment lies on a tile's width, a fraction; null where tiles are the moment. */
export function drawMoment(
  surface: Surface,
  view: TileView,
  cursor: number | null,
  lit: Lit | null,
  rows: boolean,
): void {
  const boxes = boxesOf(view, rows);
  if (cursor !== null) drawCursors(surface, boxes, cursor);
  if (lit !== null) drawCaps(surface, boxes, lit.across);
}

/** Where the cursor and the marks stand: every tile in view, or all rows as one. */
export function boxesOf(view: TileView, rows: boolean): readonly Box[] {
  return rows ? [rowsBox(view)] : [...visibleTiles(view)].map(({ box }) => box);
}

export function drawCursors(surface: Surface, boxes: readonly Box[], cursor: number): void {
  const { ratio } = surface;
  const line = (width: number) => (box: Box) => {
    const x = sharp(box.x + cursor * box.width, ratio) + 0.5 / ratio;
    surface.context.rect(x - width / 2, box.y, width, box.height);
  };
  fillAll(surface, boxes, line(3), HALO);
  fillAll(surface, boxes, line(1), "#fff");
}

/** How wide a cap is that stands for a part of a tile's width. */
function capWidth([from, to]: Edges, tileWidth: number): number {
  return Math.max((to - from) * tileWidth, LEAST_CAP);
}

export function drawCaps(surface: Surface, boxes: readonly Box[], across: Edges): void {
  const { context, ratio } = surface;
  const caps = (around: number) => (box: Box) => {
    const width = capWidth(across, box.width);
    const left = sharp(box.x + ((across[0] + across[1]) / 2) * box.width - width / 2, ratio);
    for (const y of [box.y, box.y + box.height - CAP]) {
      context.rect(left - around, y - around, sharp(width, ratio) + 2 * around, CAP + 2 * around);
    }
  };
  fillAll(surface, boxes, caps(1), HALO);
  fillAll(surface, boxes, caps(0), "#fff");
}

function fillAll({ context }: Surface, boxes: readonly Box[], add: (box: Box) => void, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  for (const box of boxes) add(box);
  context.fill();
}

/** On a whole device pixel. */
export function sharp(length: number, ratio: number): number {
  return Math.round(length * ratio) / ratio;
}

/** All rows as one: what of them is in view. */
function rowsBox({ grid, left, top, scrollTop, height }: TileView): Box {
  const y = Math.max(top - scrollTop, 0);
  return { x: left, y, width: grid.tileWidth, height: Math.min(top - scrollTop + grid.contentHeight, height) - y };
}
