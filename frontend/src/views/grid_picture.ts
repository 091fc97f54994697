/** The picture of the grid's tiles or rows, drawn anew no further than it has changed. */
import { onPage, prepare, surfaceOf, type Surface } from "./canvas";
import { TileAtlas } from "./grid_atlas";
import { drawHeaders, drawMaps, visibleTiles, type TileDrawing } from "./grid_drawing";
import { drawOutside } from "./outside_drawing";
import { drawRaster, RasterImage } from "./raster_drawing";
import { drawTileClasses } from "./tile_classes";

export interface Kept {
  readonly atlas: TileAtlas;
  readonly image: RasterImage;
}

/** Draws all of it on a cleared surface; for `still` see `drawMaps`. */
export function drawGrid(surface: Surface, drawing: TileDrawing, { atlas, image }: Kept, still = false): void {
  const { shown, view, seconds } = drawing;
  if (shown.kind === "raster") {
    drawRaster(surface, { ...drawing, shown }, image);
    return;
  }
  drawHeaders(surface, drawing);
  drawTileClasses(surface, drawing);
  drawMaps(surface, drawing, shown, { atlas, still });
  drawOutside(surface, shown, visibleTiles(view), { seconds, inside: false });
}

export class GridPicture {
  readonly #kept: Kept = { atlas: new TileAtlas(), image: new RasterImage() };
  /** What stands around the maps on the canvas, or nothing that is known. */
  #around: readonly unknown[] = [];

  /** False while the canvas has no size or there is nothing to draw. */
  draw(
    canvas: HTMLCanvasElement,
    drawing: TileDrawing | null,
    { width, height, theme }: { readonly width: number; readonly height: number; readonly theme: string },
  ): boolean {
    const former = this.#around;
    this.#around = [];
    if (drawing === null) {
      prepare(onPage(canvas), width, height);
      return false;
    }
    const around = [width, height, window.devicePixelRatio, theme, ...aroundMaps(drawing)];
    const shown = drawing.shown.kind === "raster" ? null : drawing.shown;
    const mapsAlone = shown !== null && isSame(around, former) ? shown : null;
    const surface = (mapsAlone === null ? prepare : surfaceOf)(onPage(canvas), width, height);
    if (surface === null) return false;
    if (mapsAlone === null) drawGrid(surface, drawing, this.#kept, true);
    else drawMaps(surface, drawing, mapsAlone, { atlas: this.#kept.atlas, still: true });
    this.#around = around;
    return true;
  }

  /** Makes ready, for so many milliseconds, what the window after the one that is drawn needs; true when all of it is. */
  prepareNext({ view, shown, window }: TileDrawing, milliseconds: number): boolean {
    if (shown.kind !== "window") return true;
    const filters = [...visibleTiles(view)].map(({ filter }) => filter);
    return this.#kept.atlas.prepare(filters, (window + 1) % shown.picture.maps.windows, milliseconds);
  }
}

/** While all of this stays the same, scale, colours and window change the maps alone. */
function aroundMaps({ view, shown, scale, peaks, seconds }: TileDrawing): readonly unknown[] {
  return [view, shown.picture, peaks, ...seconds, scale.strongest, ...scale.strengths];
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((part, index) => part === other[index]);
}
