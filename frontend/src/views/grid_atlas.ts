/** Keeps tiles' maps as pixels, one per cell, so that drawing a tile is one scaled copy. Only groups of tiles in view are filled. */
import type { Shown } from "../derived";
import { atlasCapacity, fillStrips, fillWindow, planAtlas, slotOrigin, type Atlas, type Paint } from "../pure/draw";

/** Pixels of one group: filled within a few milliseconds. */
const GROUP_PIXELS = 1 << 21;
const MOST_GROUPS = 12;

interface Group {
  readonly atlas: Atlas;
  readonly canvas: OffscreenCanvas;
  window: number;
}

export interface TilePixels {
  readonly canvas: OffscreenCanvas;
  readonly x: number;
  readonly y: number;
}

/** What the groups were filled from: any other value makes all of them stale. */
export interface Content {
  readonly shown: Shown;
  readonly filters: readonly number[];
  readonly paint: Paint;
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
      known.paint.divisors === content.paint.divisors;
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
    return { canvas: group.canvas, x, y };
  }

  #group(index: number, content: Content, window: number): Group {
    let group = this.#groups.get(index);
    const wanted = content.shown.kind === "window" ? window : 0;
    if (group?.window === wanted) return group;
    const filters = content.filters.slice(index * this.#groupSize, (index + 1) * this.#groupSize);
    const { rows, columns } = content.shown.picture.maps;
    if (group === undefined) {
      const atlas = planAtlas(filters.length, rows, columns);
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

function fill({ atlas, canvas }: Group, { shown, paint }: Content, filters: readonly number[], window: number): void {
  const image = new ImageData(atlas.width, atlas.height);
  const pixels = new Uint32Array(image.data.buffer);
  if (shown.kind === "strip") fillStrips(pixels, atlas, shown.picture.maps, filters, paint);
  else fillWindow(pixels, atlas, shown.picture.maps, window, filters, paint);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
