/** The shape of tiles: a strip's may be chosen, since both its axes are the clip's own; a window's is the map's. */
import { layoutTiles, type GridRequest, type TileGrid } from "./layout";
import type { StripData, WindowData } from "./values";

/** Width over height. Wider ones would squeeze the frequencies, narrower ones the seconds. */
const STRIP_ASPECTS = Array.from({ length: 31 }, (_, index) => 0.75 + index / 20);
const ROW_ASPECTS = [1.4, 2, 3];
/** The largest that is chosen; where the room of a large screen is for few tiles they are larger by themselves. */
export const LARGEST_WIDTH = 720;
export const WIDEST = 1440;

/** The shapes that tiles of these maps may have, best first. */
export function aspectsOf(maps: StripData | WindowData): readonly number[] {
  // By the layer, not by what is drawn: where maxima stand in for its maps, tiles keep their shape.
  if ("grid" in maps) return maps.layer.axes.includes("frequency") ? STRIP_ASPECTS : ROW_ASPECTS;
  const [rows, columns] = maps.fromEnvelope ? maps.layer.map_shape : [maps.rows, maps.columns];
  const across = columns * (maps.layer.time?.stride ?? 1);
  const up = rows * (maps.layer.frequency?.stride ?? 1);
  return [Math.min(Math.max(across / up, 0.25), 4)];
}

/** The layout whose tiles are largest; of a wanted width, the one whose shape would be best if all tiles had to fit. */
export function layoutBest(request: Omit<GridRequest, "aspect">, aspects: readonly number[]): TileGrid {
  const fitting = aspects.map((aspect) => ({ aspect, grid: layoutFitting({ ...request, aspect }) }));
  const [best] = fitting.toSorted((a, b) => merit(b.grid, request.height) - merit(a.grid, request.height));
  if (best === undefined) return layoutFitting({ ...request, aspect: 1 });
  return request.tileWidth === null ? best.grid : layoutTiles({ ...request, aspect: best.aspect });
}

/** As large as fits, within reason: shapes are told apart by what they are then. */
function layoutFitting(request: GridRequest): TileGrid {
  const largest = layoutTiles({ ...request, tileWidth: null });
  return largest.tileWidth > WIDEST ? layoutTiles({ ...request, tileWidth: WIDEST }) : largest;
}

/** Area of a tile; what must be scrolled comes after all that fits, the shortest first. */
function merit(grid: TileGrid, height: number): number {
  if (grid.contentHeight > height) return -grid.contentHeight;
  return grid.tileWidth * grid.tileHeight;
}
