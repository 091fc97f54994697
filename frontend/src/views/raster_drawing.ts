/** Draws a raster: its rows, below the input's seconds, and what stands beside them. */
import { pixelColumns, rasterPixels } from "../pure/raster_draw";
import { linesInView, shareRows, type Lines } from "../pure/raster_layout";
import { colourToken } from "../theme";
import type { Surface } from "./canvas";
import { visibleTiles, type ShownRaster, type TileDrawing } from "./grid_drawing";
import { drawOutside } from "./outside_drawing";
import { drawNumbers, drawStrengths } from "./raster_margins";

export type RasterDrawing = TileDrawing & { readonly shown: ShownRaster };

export function drawRaster(surface: Surface, drawing: RasterDrawing, image: RasterImage): void {
  const { context, ratio } = surface;
  const { grid, left } = drawing.view;
  const lines = linesInView(drawing.view);
  const height = lines.rows.length * lines.pitch;
  context.fillStyle = colourToken("--line");
  context.fillRect(left, lines.top, grid.tileWidth, height);
  context.drawImage(image.of(drawing, lines), left, lines.top, Math.round(grid.tileWidth * ratio) / ratio, height);
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
  drawStrengths(surface, drawing, lines);
}

/** Keeps the pixels of the rows in view for as long as what they show stays the same. */
export class RasterImage {
  #key: readonly unknown[] = [];
  #canvas = new OffscreenCanvas(1, 1);

  of(
    { shown, view, seconds, paint }: Pick<RasterDrawing, "shown" | "view" | "seconds" | "paint">,
    { first, end }: Pick<Lines, "first" | "end">,
  ): OffscreenCanvas {
    const { grid, filters, ratio } = view;
    const width = Math.max(Math.round(grid.tileWidth * ratio), 1);
    const rows = shareRows(grid, ratio);
    const key = [shown.picture, filters, paint, ...seconds, first, end, width, rows.size];
    if (key.length === this.#key.length && key.every((part, index) => part === this.#key[index])) return this.#canvas;
    this.#key = key;
    const { maps } = shown.picture;
    const columns = pixelColumns(maps.stretches, seconds, width);
    const drawn = rasterPixels(maps, filters.slice(first, end), paint, { columns, rows });
    this.#canvas = new OffscreenCanvas(drawn.width, Math.max(drawn.height, 1));
    const data = new ImageData(drawn.width, Math.max(drawn.height, 1));
    new Uint32Array(data.data.buffer).set(drawn.pixels);
    this.#canvas.getContext("2d")?.putImageData(data, 0, 0);
    return this.#canvas;
  }
}
