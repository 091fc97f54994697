/** Lines that mark the windows whose largest value strips leave out, at those windows' seconds. */
import type { Brush } from "../painting/recording";
import { markedRuns } from "../pure/outside";
import type { Box } from "../pure/placement";
import { turnsOf } from "../pure/raster";
import { colourToken } from "../theme";
import type { Edges } from "../types";
import type { Surface } from "./surface";
import type { ShownRaster, ShownTiles } from "./grid_drawing";

/** From a tile's lower edge to the line, so that an outline leaves it free. */
const BELOW = 2;
const LINE = 2;
const HALO = "rgb(0 0 0 / 55%)";

export interface MarkedTile {
  readonly filter: number;
  readonly box: Box;
}

/** `inside`: along the lower edges, over the maps, where there is no room below them. */
export function drawOutside(
  { context, ratio }: Surface<Brush>,
  shown: ShownTiles | ShownRaster,
  tiles: Iterable<MarkedTile>,
  { seconds, inside }: { readonly seconds: Edges; readonly inside: boolean },
): void {
  if (shown.kind === "window") return;
  const { maps, times } = shown.picture;
  const { outside } = maps;
  if (outside?.problem !== null) return;
  const turns = turnsOf(times);
  const sharp = (length: number): number => Math.round(length * ratio) / ratio;
  const lines = [...tiles].flatMap(({ filter, box }) =>
    markedRuns(outside, filter, turns, seconds).map(([from, to]): Box => {
      const x = sharp(box.x + from * box.width);
      const y = sharp(box.y + box.height + (inside ? -LINE : BELOW));
      return { x, y, width: Math.max(sharp(box.x + to * box.width) - x, 1), height: LINE };
    }),
  );
  const fill = (colour: string, around: number): void => {
    context.fillStyle = colour;
    context.beginPath();
    for (const { x, y, width, height } of lines) context.rect(x, y - around, width, height + around);
    context.fill();
  };
  if (inside) fill(HALO, 1);
  fill(inside ? "#fff" : colourToken("--mark"), 0);
}
