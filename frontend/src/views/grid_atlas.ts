/**
 * Keeps tiles' maps as pixels, one per cell or pooled to the size they are drawn in, so that drawing a tile is one scaled copy.
 * Only groups of tiles in view are filled.
 */
import { atlasCapacity, fillStrips, fillWindow, planAtlas, slotOrigin, type Atlas, type Paint } from "../pure/draw";
import type { Box } from "../pure/placement";
import { shrinkSlot, type Fit } from "../pure/shrink";
import type { ShownTiles } from "./grid_drawing";

/** Pixels of one group: filled within a few milliseconds. */
const GROUP_PIXELS = 1 << 21;
const MOST_GROUPS = 12;

interface Group {
  /** Slots as they are drawn. */
  readonly atlas: Atlas;
  readonly canvas: OffscreenCanvas;
  window: number;
}

/** Where a tile's picture lies in a canvas. */
export interface TilePixels extends Box {
  readonly canvas: OffscreenCanvas;
}

/** What the groups were filled from: any other value makes all of them stale. */
export interface Content {
  readonly shown: ShownTiles;
  readonly filters: readonly number[];
  readonly paint: Paint;
  readonly columns: Fit;
  readonly rows: Fit;
}

export class TileAtlas {
  #content: Content | null = null;
  #groupSize = 1;
  readonly #groups = new Map<number, Group>();

  use(content: Content): void {
    const known = this.#content;
    const same =
      known !== null &&
      known.shown.picture === content.shown.picture &&
      known.filters === content.filters &&
      known.paint === content.paint &&
      sameFit(known.columns, content.columns) &&
      sameFit(known.rows, content.rows);
    if (same) return;
    this.#content = content;
    this.#groups.clear();
    const { rows, columns } = content.shown.picture.maps;
    this.#groupSize = Math.max(1, Math.min(atlasCapacity(rows, columns), Math.floor(GROUP_PIXELS / (rows * columns))));
  }

  /** The map of the tile at a position; `window` matters only where single windows are shown. */
  pixels(position: number, window: number): TilePixels | null {
    if (this.#content === null) return null;
    const index = Math.floor(position / this.#groupSize);
    const group = this.#group(index, this.#content, window);
    const { x, y } = slotOrigin(group.atlas, position - index * this.#groupSize);
    const { columns, rows } = this.#content;
    return {
      canvas: group.canvas,
      x: x + columns.from,
      y: y + rows.from,
      width: columns.extent,
      height: rows.extent,
    };
  }

  #group(index: number, content: Content, window: number): Group {
    let group = this.#groups.get(index);
    const wanted = content.shown.kind === "window" ? window : 0;
    if (group?.window === wanted) return group;
    const filters = content.filters.slice(index * this.#groupSize, (index + 1) * this.#groupSize);
    if (group === undefined) {
      const atlas = planAtlas(filters.length, content.rows.size, content.columns.size);
      group = { atlas, canvas: new OffscreenCanvas(atlas.width, atlas.height), window: wanted };
      this.#keep(index, group);
    }
    group.window = wanted;
    fill(group, content, filters, wanted);
    return group;
  }

  #keep(index: number, group: Group): void {
    this.#groups.set(index, group);
    for (const oldest of this.#groups.keys()) {
      if (this.#groups.size <= MOST_GROUPS) break;
      this.#groups.delete(oldest);
    }
  }
}

function sameFit(a: Fit, b: Fit): boolean {
  return a.size === b.size && a.from === b.from && a.extent === b.extent && (a.spans === null) === (b.spans === null);
}

function fill({ atlas, canvas }: Group, content: Content, filters: readonly number[], window: number): void {
  const image = new ImageData(atlas.width, atlas.height);
  const drawn = new Uint32Array(image.data.buffer);
  const { shown, paint, columns, rows } = content;
  const { maps } = shown.picture;
  const whole = columns.spans === null && rows.spans === null;
  const cells = whole ? atlas : planAtlas(filters.length, maps.rows, maps.columns);
  const pixels = whole ? drawn : new Uint32Array(cells.width * cells.height);
  if (shown.kind === "strip") fillStrips(pixels, cells, shown.picture.maps, filters, paint);
  else fillWindow(pixels, cells, shown.picture.maps, window, filters, paint);
  if (!whole) {
    const region = (of: Uint32Array, { width }: Atlas, { x, y }: { readonly x: number; readonly y: number }) => ({
      pixels: of,
      first: y * width + x,
      pitch: width,
    });
    for (let slot = 0; slot < filters.length; slot++) {
      shrinkSlot(
        region(pixels, cells, slotOrigin(cells, slot)),
        region(drawn, atlas, slotOrigin(atlas, slot)),
        columns,
        rows,
        paint.own?.weight,
      );
    }
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
