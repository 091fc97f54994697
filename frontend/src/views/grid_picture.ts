/** The picture of the grid's tiles or rows, drawn anew no further than it has changed. */
import type { Easel } from "../painting/easel";
import { drawMaps, prepareMaps, type MapsPicture } from "../painting/maps";
import type { Brush } from "../painting/recording";
import { TileAtlas } from "../painting/tile_atlas";
import { visibleTiles } from "../pure/layout";
import { drawHeaders, mapsOf, type TileDrawing } from "./grid_drawing";
import { drawOutside } from "./outside_drawing";
import { drawRaster, RasterImage } from "./raster_drawing";
import type { Surface } from "./surface";
import { drawTileClasses } from "./tile_classes";

export interface Kept {
  readonly atlas: TileAtlas;
  readonly image: RasterImage;
}

/** Draws all of it on a cleared surface; for `still` see `drawMaps`. */
export function drawGrid(surface: Surface<Brush>, drawing: TileDrawing, { atlas, image }: Kept, still = false): void {
  const { shown, view, seconds } = drawing;
  if (shown.kind === "raster") {
    drawRaster(surface, { ...drawing, shown }, image);
    return;
  }
  drawHeaders(surface, drawing);
  drawTileClasses(surface, drawing);
  const maps = mapsOf(drawing);
  if (maps !== null) drawMaps(surface, maps, { atlas, still });
  drawOutside(surface, shown, visibleTiles(view), { seconds, inside: false });
}

export interface PictureSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly theme: string;
}

export class GridPicture {
  readonly #easel: Easel;
  readonly #kept: Kept = { atlas: new TileAtlas(), image: new RasterImage() };
  /** What stands around the maps on the canvas, or nothing that is known. */
  #around: readonly unknown[] = [];

  constructor(easel: Easel) {
    this.#easel = easel;
  }

  /** False while pictures before it are still on their way. */
  get free(): boolean {
    return this.#easel.free;
  }

  /** `drawn` is called once that is done. False while the canvas has no size or there is nothing to draw. */
  draw(drawing: TileDrawing | null, { width, height, theme }: PictureSize, drawn: () => void): boolean {
    const former = this.#around;
    this.#around = [];
    const size = { width, height };
    if (drawing === null) {
      this.#easel.draw(
        size,
        true,
        () => undefined,
        () => undefined,
      );
      return false;
    }
    const around = [width, height, window.devicePixelRatio, theme, ...aroundMaps(drawing)];
    const mapsAlone = isSame(around, former) ? mapsOf(drawing) : null;
    const draw = (surface: Surface<Brush>): void => {
      if (mapsAlone === null) drawGrid(surface, drawing, this.#kept, true);
      else drawMaps(surface, mapsAlone, { atlas: this.#kept.atlas, still: true });
    };
    if (!this.#easel.draw(size, mapsAlone === null, draw, drawn)) return false;
    this.#around = around;
    return true;
  }

  /** Makes the next maps ready for so many milliseconds; true when all of them are, or somebody else sees to it. */
  prepare(next: MapsPicture, milliseconds: number): boolean {
    return (
      this.#easel.prepare(next) || prepareMaps(next, this.#kept.atlas, { milliseconds, ratio: window.devicePixelRatio })
    );
  }
}

/** The maps of the window after the one that is drawn, to be made ready; null where single windows are not shown. */
export function nextMaps(drawing: TileDrawing): MapsPicture | null {
  if (drawing.shown.kind !== "window") return null;
  const { windows } = drawing.shown.picture.maps;
  return mapsOf({ ...drawing, window: (drawing.window + 1) % windows });
}

/** While all of this stays the same, scale, colours and window change the maps alone. */
function aroundMaps({ view, shown, scale, peaks, bars, seconds }: TileDrawing): readonly unknown[] {
  return [view, shown.picture, peaks, bars, ...seconds, scale.strongest, ...scale.strengths];
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((part, index) => part === other[index]);
}
