/** How maps come to the painter: whatever stays the same is told once, and of single windows one at a time. */
import type { Paint } from "../pure/draw";
import type { Tiles } from "../pure/layout";
import { cutWindow, type StripData, type WindowChunk, type WindowData } from "../pure/values";
import type { Known } from "./known";
import type { MapsPicture } from "./maps";

type Maps = StripData | WindowData;

/** Known by its number; told the first time. */
interface Numbered<Thing> {
  readonly id: number;
  readonly thing: Thing | null;
}

export interface ToldPicture extends Pick<MapsPicture, "seconds" | "window" | "ground"> {
  readonly maps: Numbered<Maps>;
  readonly paint: Numbered<Paint>;
  readonly tiles: Numbered<Tiles>;
  /** The cells of the window, unless they are known; null of a strip. */
  readonly cells: readonly WindowChunk[] | null;
}

/** Windows whose cells both sides keep: the one that is shown, and the one that will be. */
const KEPT_WINDOWS = 2;

function keep<Kept>(kept: Map<number, Kept>, window: number, what: Kept): void {
  kept.set(window, what);
  for (const oldest of kept.keys()) if (kept.size > KEPT_WINDOWS) kept.delete(oldest);
}

/** On the page. */
export class PictureTeller {
  readonly #known: Known;
  readonly #windows = new WeakMap<Maps, Map<number, true>>();

  constructor(known: Known) {
    this.#known = known;
  }

  tell({ maps, paint, tiles, ...rest }: MapsPicture): ToldPicture {
    const told = this.#tell(maps, portable);
    if (told.thing !== null) this.#windows.set(maps, new Map());
    const cells = "chunks" in maps ? this.#cells(maps, rest.window) : null;
    return { ...rest, maps: told, paint: this.#tell(paint), tiles: this.#tell(tiles), cells };
  }

  #tell<Thing extends object>(thing: Thing, copy = (same: Thing): Thing => same): Numbered<Thing> {
    const { id, isNew } = this.#known.use(thing);
    return { id, thing: isNew ? copy(thing) : null };
  }

  #cells(maps: WindowData, window: number): readonly WindowChunk[] | null {
    const known = this.#windows.get(maps);
    if (known === undefined || known.has(window)) return null;
    keep(known, window, true);
    return cutWindow(maps, window);
  }
}

/** What is handed over rather than copied. */
export function buffersOf({ maps: { thing }, cells }: ToldPicture): readonly Transferable[] {
  const chunks = cells?.map(({ data }) => data.buffer) ?? [];
  if (thing === null || "chunks" in thing) return chunks;
  return [...chunks, (thing.cells.kind === "codes" ? thing.cells.codes : thing.cells.values).buffer];
}

/** With arrays of its own: of an array that is part of a larger one all of that would be copied. */
function portable(maps: Maps): Maps {
  if ("chunks" in maps) return { ...maps, chunks: [], ranges: maps.ranges && alone(maps.ranges) };
  const { cells } = maps;
  const own =
    cells.kind === "codes"
      ? { ...cells, codes: cells.codes.slice(), ranges: alone(cells.ranges) }
      : { ...cells, values: cells.values.slice() };
  return { ...maps, cells: own, outside: null };
}

function alone<Arrays extends { readonly lo: Float32Array; readonly hi: Float32Array }>(ranges: Arrays): Arrays {
  return { ...ranges, lo: ranges.lo.slice(), hi: ranges.hi.slice() };
}

/** In the painter. */
export class PictureHearer {
  readonly #things = new Map<number, unknown>();
  readonly #windows = new WeakMap<WindowData, Map<number, readonly WindowChunk[]>>();

  hear({ maps, paint, tiles, cells, ...rest }: ToldPicture): MapsPicture {
    const heard = this.#hear(maps, (thing) => this.#apart(thing));
    const windows = "chunks" in heard ? this.#windows.get(heard) : undefined;
    if (windows !== undefined && cells !== null) keep(windows, rest.window, cells);
    return { ...rest, maps: heard, paint: this.#hear(paint), tiles: this.#hear(tiles) };
  }

  forget(id: number): void {
    this.#things.delete(id);
  }

  /** The page tells of everything before it uses its number. */
  #hear<Thing>({ id, thing }: Numbered<Thing>, made = (same: Thing): Thing => same): Thing {
    if (thing !== null) this.#things.set(id, made(thing));
    return this.#things.get(id) as Thing;
  }

  #apart(maps: Maps): Maps {
    if (!("chunks" in maps)) return maps;
    const windows = new Map<number, readonly WindowChunk[]>();
    const own = { ...maps, apart: windows };
    this.#windows.set(own, windows);
    return own;
  }
}
