/** The present moment above the tiles: the cursor, and the column that stands for it. One path for all tiles: it is drawn at every frame. */
import type { Lit } from "../lit";
import type { TileView } from "../pointing";
import type { Box } from "../pure/placement";
import type { Surface } from "./canvas";
import { visibleTiles } from "./grid_drawing";

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
  const { context, ratio } = surface;
  const boxes = rows ? [rowsBox(view)] : [...visibleTiles(view)].map(({ box }) => box);
  const sharp = (length: number): number => Math.round(length * ratio) / ratio;
  const path = (draw: (box: Box) => void, colour: string): void => {
    context.fillStyle = colour;
    context.beginPath();
    for (const box of boxes) draw(box);
    context.fill();
  };
  if (cursor !== null) {
    const line = (width: number) => (box: Box) => {
      const x = sharp(box.x + cursor * box.width) + 0.5 / ratio;
      context.rect(x - width / 2, box.y, width, box.height);
    };
    path(line(3), HALO);
    path(line(1), "#fff");
  }
  if (lit !== null) {
    const [from, to] = lit.across;
    const caps = (around: number) => (box: Box) => {
      const width = Math.max((to - from) * box.width, LEAST_CAP);
      const left = sharp(box.x + ((from + to) / 2) * box.width - width / 2);
      for (const y of [box.y, box.y + box.height - CAP]) {
        context.rect(left - around, y - around, sharp(width) + 2 * around, CAP + 2 * around);
      }
    };
    path(caps(1), HALO);
    path(caps(0), "#fff");
  }
}

/** All rows as one: what of them is in view. */
function rowsBox({ grid, left, top, scrollTop, height }: TileView): Box {
  const y = Math.max(top - scrollTop, 0);
  return { x: left, y, width: grid.tileWidth, height: Math.min(top - scrollTop + grid.contentHeight, height) - y };
}
