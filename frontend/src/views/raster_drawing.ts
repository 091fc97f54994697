/** Draws a raster: its rows, below the input's seconds, and what stands beside them. */
import { drawSheet, type Brush } from "../painting/recording";
import { Sheet } from "../painting/sheet";
import { pixelColumns, rasterPixels } from "../pure/raster_draw";
import { linesInView, shareRows, type Lines } from "../pure/raster_layout";
import { colourToken } from "../theme";
import type { Surface } from "./surface";
import type { ShownRaster, TileDrawing } from "./grid_drawing";
import { visibleTiles } from "../pure/layout";
import { drawOutside } from "./outside_drawing";
import { drawBars, drawFoot, drawNumbers } from "./raster_margins";

export type RasterDrawing = TileDrawing & { readonly shown: ShownRaster };

export function drawRaster(surface: Surface<Brush>, drawing: RasterDrawing, image: RasterImage): void {
  const { context, ratio } = surface;
  const { grid, left } = drawing.view;
  const lines = linesInView(drawing.view);
  const height = lines.rows.length * lines.pitch;
  context.fillStyle = colourToken("--line");
  context.fillRect(left, lines.top, grid.tileWidth, height);
  const rows = image.of(drawing, lines);
  const all = { x: 0, y: 0, width: rows.width, height: rows.height };
  const width = Math.round(grid.tileWidth * ratio) / ratio;
  drawSheet(context, rows, all, { x: left, y: lines.top, width, height });
  if (grid.gap > 0) {
    context.fillStyle = colourToken("--ground");
    for (const index of lines.rows.keys()) {
      context.fillRect(left, lines.top + (index + 1) * lines.pitch - grid.gap, grid.tileWidth, grid.gap);
    }
  }
  if (grid.gap > 0) {
    const { shown, view, seconds } = drawing;
    drawOutside(surface, shown, visibleTiles(view), { seconds, inside: true });
  }
  drawNumbers(surface, drawing);
  drawBars(surface, drawing, lines);
  drawFoot(surface, drawing);
}

/** Keeps the pixels of the rows in view for as long as what they show stays the same. */
export class RasterImage {
  #key: readonly unknown[] = [];
  #sheet = new Sheet(1, 1);

  of(
    { shown, view, seconds, paint }: Pick<RasterDrawing, "shown" | "view" | "seconds" | "paint">,
    { first, end }: Pick<Lines, "first" | "end">,
  ): Sheet {
    const { grid, filters, ratio } = view;
    const width = Math.max(Math.round(grid.tileWidth * ratio), 1);
    const rows = shareRows(grid, ratio);
    const key = [shown.picture, filters, paint, ...seconds, first, end, width, rows.size];
    if (key.length === this.#key.length && key.every((part, index) => part === this.#key[index])) return this.#sheet;
    this.#key = key;
    const { maps } = shown.picture;
    const columns = pixelColumns(maps.stretches, seconds, width);
    const drawn = rasterPixels(maps, filters.slice(first, end), paint, { columns, rows });
    this.#sheet = new Sheet(drawn.width, Math.max(drawn.height, 1));
    this.#sheet.write({ top: 0, pixels: drawn.pixels });
    return this.#sheet;
  }
}
