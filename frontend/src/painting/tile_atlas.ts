/**
 * Keeps filters' maps as pixels, one per cell or pooled to the size they are drawn in, so that drawing a tile is one scaled copy,
 * wherever the tile stands. Only tiles that are asked for are filled.
 */
import { atlasCapacity, planAtlas, slotOrigin, slotRegion, type Atlas, type Region } from "../pure/atlas";
import { fillStrip, fillWindow, type Paint } from "../pure/draw";
import type { Box } from "../pure/placement";
import { PooledCodes } from "../pure/pool";
import { shrinkSlot, type Fit } from "../pure/shrink";
import type { StripData, WindowData } from "../pure/values";
import { Sheet } from "./sheet";

/** Pixels of one sheet, and of all: what is beyond is drawn again when it is wanted. A screen of tiles takes about 8 million. */
const SHEET_PIXELS = 1 << 21;
const MOST_PIXELS = 12 * SHEET_PIXELS;

interface Place {
  readonly sheet: Sheet;
  /** Slots of the sheet as they are drawn. */
  readonly atlas: Atlas;
  readonly slot: number;
  /** What its pixels show; null before they are filled. */
  drawn: { readonly content: Content; readonly window: number; readonly covers: boolean } | null;
}

/** Where a tile's picture lies. */
export interface TilePixels {
  readonly sheet: Sheet;
  readonly part: Box;
}

/** Maps, and how they fit the tiles. */
interface Fitted {
  readonly maps: StripData | WindowData;
  readonly columns: Fit;
  readonly rows: Fit;
}

/** What tiles are filled from: any other value makes all of them stale. */
export interface Content extends Fitted {
  readonly paint: Paint;
}

export class TileAtlas {
  #content: Content | null = null;
  #pool: PooledCodes | null = null;
  /** Single windows have two places a filter, in turns: one can be filled while the other is shown. */
  readonly #places = new Map<number, Place>();
  #pixels = 0;
  /** The window that was filled last, to be drawn. */
  #window = 0;
  /** Maps that may be shown next. */
  #next: { readonly fitted: Fitted; readonly pool: PooledCodes | null } | null = null;
  /** What is filled ahead of its drawing, and how many filters are. */
  #ahead: { readonly content: Content; readonly window: number; done: number } | null = null;

  use(content: Content): void {
    const known = this.#content;
    const sameFits = known !== null && areSameFits(known, content);
    const sameMaps = known?.maps === content.maps;
    if (sameFits && sameMaps && known.paint === content.paint) return;
    this.#content = content;
    if (sameFits && sameMaps) return;
    const next = this.#next;
    this.#next = null;
    this.#pool = next?.fitted.maps === content.maps && areSameFits(next.fitted, content) ? next.pool : poolOf(content);
    if (!sameFits) this.#clear();
  }

  /** Pools these filters of a strip that will be wanted next. */
  poolAhead(fitted: Fitted, filters: readonly number[]): void {
    if (fitted.maps === this.#content?.maps) return;
    const pool = poolOf(fitted);
    for (const filter of filters) pool?.prepare(filter);
    this.#next = { fitted, pool };
  }

  /** Fills what is stale of these filters' pixels; `window` matters only where single windows are shown. */
  fill(filters: readonly number[], window: number): void {
    const content = this.#content;
    if (content === null) return;
    this.#window = "chunks" in content.maps ? window : 0;
    this.#makeRoom(filters, this.#window, content);
    for (const filter of filters) this.#fill(filter, this.#window, content);
  }

  /** Fills pixels of the window that will be wanted next, for so many milliseconds; true when all these filters have theirs. */
  fillAhead(filters: readonly number[], window: number, milliseconds: number): boolean {
    const content = this.#content;
    if (content === null || !this.#hasRoom(filters, window, content)) return true;
    if (this.#ahead?.content !== content || this.#ahead.window !== window) this.#ahead = { content, window, done: 0 };
    this.#makeRoom(filters, window, content);
    const end = performance.now() + milliseconds;
    for (const filter of filters.slice(this.#ahead.done)) {
      if (performance.now() > end) return false;
      this.#fill(filter, window, content);
      this.#ahead.done += 1;
    }
    return true;
  }

  /** Whether a filter that was filled has the pixels of a box of this size, one for one, none of them transparent. */
  fits(filter: number, { width, height }: Box): boolean {
    const place = this.#places.get(placeOf(filter, this.#window));
    if (place?.drawn?.covers !== true || this.#content === null) return false;
    const { columns, rows } = this.#content;
    return isWhole(columns) && isWhole(rows) && width === columns.size && height === rows.size;
  }

  /** The map of a filter that was filled. */
  pixels(filter: number): TilePixels | null {
    const place = this.#places.get(placeOf(filter, this.#window));
    if (this.#content === null || place === undefined) return null;
    const { x, y } = slotOrigin(place.atlas, place.slot);
    const { columns, rows } = this.#content;
    const part = { x: x + columns.from, y: y + rows.from, width: columns.extent, height: rows.extent };
    return { sheet: place.sheet, part };
  }

  #fill(filter: number, window: number, content: Content): void {
    const place = this.#places.get(placeOf(filter, window));
    if (place === undefined || (place.drawn?.content === content && place.drawn.window === window)) return;
    const { sheet, atlas, slot } = place;
    const covers = this.#draw(slotRegion(sheet.pixels, atlas, slot), content, filter, window);
    place.drawn = { content, window, covers };
    sheet.changed(slotOrigin(atlas, slot).y, atlas.slotHeight);
  }

  #missing(filters: readonly number[], window: number): readonly number[] {
    return filters.filter((filter) => !this.#places.has(placeOf(filter, window)));
  }

  #hasRoom(filters: readonly number[], window: number, { columns, rows }: Content): boolean {
    return this.#pixels + this.#missing(filters, window).length * columns.size * rows.size <= MOST_PIXELS;
  }

  #makeRoom(filters: readonly number[], window: number, content: Content): void {
    if (!this.#hasRoom(filters, window, content)) this.#clear();
    const missing = this.#missing(filters, window);
    const { columns, rows } = content;
    const slotPixels = columns.size * rows.size;
    const perSheet = Math.max(
      1,
      Math.min(atlasCapacity(rows.size, columns.size), Math.floor(SHEET_PIXELS / slotPixels)),
    );
    for (let first = 0; first < missing.length; first += perSheet) {
      const own = missing.slice(first, first + perSheet);
      const atlas = planAtlas(own.length, rows.size, columns.size);
      const sheet = new Sheet(atlas.width, atlas.height);
      this.#pixels += sheet.pixels.length;
      for (const [slot, filter] of own.entries()) {
        this.#places.set(placeOf(filter, window), { sheet, atlas, slot, drawn: null });
      }
    }
  }

  /** Returns whether nothing is known to be transparent. */
  #draw(into: Region, content: Content, filter: number, window: number): boolean {
    const { maps, paint, columns, rows } = content;
    if (paint.own === undefined && this.#pool !== null) return this.#pool.paint(into, filter, window, paint);
    if (columns.spans === null && rows.spans === null) {
      drawWhole(into, content, filter, window);
      return false;
    }
    const cells = { pixels: new Uint32Array(maps.rows * maps.columns), first: 0, pitch: maps.columns };
    drawWhole(cells, content, filter, window);
    shrinkSlot(cells, into, columns, rows, paint.own?.weight);
    return false;
  }

  #clear(): void {
    this.#places.clear();
    this.#pixels = 0;
  }
}

function placeOf(filter: number, window: number): number {
  return 2 * filter + (window % 2);
}

/** Whether all of a slot is drawn. */
function isWhole({ size, from, extent }: Fit): boolean {
  return from === 0 && extent === size;
}

function poolOf({ maps, columns, rows }: Fitted): PooledCodes | null {
  return PooledCodes.of(maps, columns, rows);
}

function areSameFits(one: Fitted, other: Fitted): boolean {
  return isSameFit(one.columns, other.columns) && isSameFit(one.rows, other.rows);
}

function isSameFit(a: Fit, b: Fit): boolean {
  if (a.size !== b.size || a.from !== b.from || a.extent !== b.extent) return false;
  const [one, other] = [a.spans, b.spans];
  if (one === null || other === null) return one === other;
  return one.every((span, pixel) => {
    const [first, end] = other[pixel] ?? [];
    return span[0] === first && span[1] === end;
  });
}

/** One pixel per cell. */
function drawWhole(into: Region, { maps, paint }: Content, filter: number, window: number): void {
  if ("chunks" in maps) fillWindow(into, maps, window, filter, paint);
  else fillStrip(into, maps, filter, paint);
}
