/** Draws one filter's map over a whole canvas. */
import type { Shown } from "../derived";
import { drawMaps } from "../painting/maps";
import { drawSheet } from "../painting/recording";
import { TileAtlas } from "../painting/tile_atlas";
import type { TileView } from "../pointing";
import type { Paint } from "../pure/draw";
import { colourToken } from "../theme";
import type { Edges } from "../types";
import type { Surface } from "./surface";
import { RasterImage } from "./raster_drawing";

export interface SoloDrawing {
  readonly shown: Shown;
  readonly filter: number;
  readonly paint: Paint;
  readonly seconds: Edges;
  readonly window: number;
}

/** A view of a single tile without a header, as large as the canvas. */
export function soloView(filters: readonly number[], { width, height, ratio }: Surface): TileView {
  const grid = {
    count: 1,
    across: 1,
    down: 1,
    tileWidth: width,
    tileHeight: height,
    header: 0,
    gap: 0,
    contentHeight: height,
  };
  return { grid, filters, left: 0, top: 0, scrollTop: 0, height, ratio, page: { left: 0, width, room: width } };
}

/** Keeps the pixels of one map for as long as what it shows stays the same. */
export class SoloMap {
  #atlas = new TileAtlas();
  readonly #image = new RasterImage();
  #filters: readonly number[] = [];

  draw(surface: Surface, { shown, filter, paint, seconds, window }: SoloDrawing): void {
    if (this.#filters[0] !== filter) {
      this.#filters = [filter];
      this.#atlas = new TileAtlas();
    }
    const view = soloView(this.#filters, surface);
    if (shown.kind === "raster") {
      const { context, width, height } = surface;
      context.fillStyle = colourToken("--line");
      context.fillRect(0, 0, width, height);
      const row = this.#image.of({ shown, view, seconds, paint }, { first: 0, end: 1 });
      const all = { x: 0, y: 0, width: row.width, height: row.height };
      drawSheet(context, row, all, { x: 0, y: 0, width, height });
      return;
    }
    const picture = { maps: shown.picture.maps, paint, tiles: view, seconds, window, ground: colourToken("--line") };
    drawMaps(surface, picture, { atlas: this.#atlas, still: false });
  }
}
