/**
 * Codes of maps that have fewer pixels than cells, pooled once for every scale and all colours. Colours brighten away from zero,
 * so that of the cells that share a pixel either the largest or the smallest value is the brightest, whatever both are divided by:
 * these two are kept, and a new scale asks no cell again.
 */
import type { Region } from "./atlas";
import { coloursOf, lightsOf } from "./code_tables";
import { LARGEST_CODE, type Ranges } from "./codes";
import { TRANSPARENT } from "./colormap";
import type { Paint } from "./draw";
import { brightness, type Fit } from "./shrink";
import { cellsOfWindow, type ClipMaps, type WindowData } from "./values";

/** One map: where its cells `[rows, columns]` begin. */
interface Cells {
  readonly codes: Uint8Array;
  readonly first: number;
}

/** A map's pixels, from the top: codes of the largest and, where values are below zero, of the smallest value of each. */
interface Pooled {
  readonly largest: Uint8Array;
  readonly smallest: Uint8Array | null;
}

/** The cells of each pixel along one axis: from `first` up to, not with, `end`. */
interface Spans {
  readonly first: Int32Array;
  readonly end: Int32Array;
}

/** Pixels side by side whose cells all belong to one block; `SEVERAL` where one pixel's do not, `NONE` where it has none. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly block: number;
}

const SEVERAL = -1;
const NONE = -2;
/** What is kept of maps of single windows, of which there are many. */
const MOST_BYTES = 32 << 20;

export class PooledCodes {
  readonly #maps: ClipMaps | WindowData;
  readonly #ranges: Ranges;
  readonly #columns: Spans;
  readonly #rows: Spans;
  /** Null where all columns are shown. */
  readonly #reached: Uint8Array | null;
  /** Null where a map has one block. */
  readonly #runs: readonly Run[] | null;
  readonly #line: Uint8Array;
  readonly #kept = new Map<number, Pooled>();

  private constructor(maps: ClipMaps | WindowData, ranges: Ranges, columns: Fit, rows: Fit) {
    this.#maps = maps;
    this.#ranges = ranges;
    this.#columns = spansOf(columns);
    this.#rows = flipped(spansOf(rows), maps.rows);
    this.#line = new Uint8Array(maps.columns);
    this.#reached = "chunks" in maps || maps.reached.every((one) => one === 1) ? null : maps.reached;
    this.#runs = "chunks" in maps ? null : runsOf(this.#columns, maps);
  }

  /** Null where there is nothing to pool: plain values, or a pixel for each cell. */
  static of(maps: ClipMaps | WindowData, columns: Fit, rows: Fit): PooledCodes | null {
    if (columns.spans === null && rows.spans === null) return null;
    const ranges = "chunks" in maps ? maps.ranges : maps.cells.kind === "codes" ? maps.cells.ranges : null;
    return ranges === null ? null : new PooledCodes(maps, ranges, columns, rows);
  }

  /** Draws a filter's map or, of single windows, that of one; transparent where it has not come. Returns whether it left nothing transparent. */
  paint(into: Region, filter: number, window: number, paint: Paint): boolean {
    const [width, height] = [this.#columns.first.length, this.#rows.first.length];
    const cells = cellsOf(this.#maps, filter, window);
    if (cells === null) {
      clear(into, { from: 0, to: width }, height);
      return false;
    }
    let covers = true;
    const pooled = this.#pooled(cells, filter, window);
    for (const run of this.#runs ?? [{ from: 0, to: width, block: this.#blockOf(0, window) }]) {
      if (run.block === NONE) {
        clear(into, run, height);
        covers = false;
        continue;
      }
      const colours = run.block === SEVERAL ? null : coloursOf(this.#ranges, run.block, filter, paint);
      // What is not finite has a colour of its own, which may be darker than that of a number beside it.
      const done = colours !== null && paintRun(into, run, pooled, colours, width);
      if (!done) this.#paintEach(into, run, cells, filter, window, paint);
      if (run.block === SEVERAL) covers = false;
    }
    return covers;
  }

  /** Pools a filter's map before it is drawn, of a strip. */
  prepare(filter: number): void {
    const cells = cellsOf(this.#maps, filter, 0);
    if (cells !== null) this.#pooled(cells, filter, 0);
  }

  #blockOf(column: number, window: number): number {
    return ("chunks" in this.#maps ? this.#maps.windowBlock[window] : this.#maps.columnBlock[column]) ?? 0;
  }

  #pooled(cells: Cells, filter: number, window: number): Pooled {
    const key = window * this.#maps.filters + filter;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = {
      largest: this.#pool(cells, 0),
      smallest: isEverNegative(this.#ranges, filter) ? this.#pool(cells, 255) : null,
    };
    const each = made.largest.length * 2;
    for (const oldest of this.#kept.keys()) {
      if ((this.#kept.size + 1) * each <= MOST_BYTES) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(key, made);
    return made;
  }

  /** The largest code of each pixel or, where `flip` is 255, the smallest. */
  #pool({ codes, first }: Cells, flip: number): Uint8Array {
    const [line, columns, rows, across] = [this.#line, this.#columns, this.#rows, this.#maps.columns];
    const pooled = new Uint8Array(columns.first.length * rows.first.length);
    let at = 0;
    for (let y = 0; y < rows.first.length; y++) {
      line.fill(0);
      for (let row = rows.first[y] ?? 0; row < (rows.end[y] ?? 0); row++)
        largestOf(line, codes, first + row * across, flip);
      if (this.#reached !== null) leaveOut(line, this.#reached);
      at = poolLine(line, columns, flip, pooled, at);
    }
    return pooled;
  }

  /** As `paint`, asking every cell. */
  #paintEach(
    { pixels, first, pitch }: Region,
    { from, to }: Run,
    cells: Cells,
    filter: number,
    window: number,
    paint: Paint,
  ): void {
    const [columns, rows, across] = [this.#columns, this.#rows, this.#maps.columns];
    for (let x = from; x < to; x++) {
      for (let y = 0; y < rows.first.length; y++) {
        let [best, most] = [TRANSPARENT, -1];
        for (let column = columns.first[x] ?? 0; column < (columns.end[x] ?? 0); column++) {
          if (this.#reached?.[column] === 0) continue;
          const colours = coloursOf(this.#ranges, this.#blockOf(column, window), filter, paint);
          for (let row = rows.first[y] ?? 0; row < (rows.end[y] ?? 0); row++) {
            const colour = colours[cells.codes[cells.first + row * across + column] ?? 0] ?? TRANSPARENT;
            const light = brightness(colour);
            if (light > most) [best, most] = [colour, light];
          }
        }
        pixels[first + y * pitch + x] = best;
      }
    }
  }
}

function spansOf({ size, spans }: Fit): Spans {
  const edge = (which: 0 | 1): Int32Array =>
    Int32Array.from({ length: size }, (_, pixel) => (spans === null ? pixel + which : (spans[pixel]?.[which] ?? 0)));
  return { first: edge(0), end: edge(1) };
}

/** Of rows counted from the bottom, as they are stored. */
function flipped({ first, end }: Spans, rows: number): Spans {
  return { first: end.map((row) => rows - row), end: first.map((row) => rows - row) };
}

function runsOf({ first, end }: Spans, { reached, columnBlock }: ClipMaps): readonly Run[] {
  const runs: { from: number; to: number; block: number }[] = [];
  for (let pixel = 0; pixel < first.length; pixel++) {
    let block = NONE;
    for (let column = first[pixel] ?? 0; column < (end[pixel] ?? 0); column++) {
      const own = columnBlock[column] ?? 0;
      if (reached[column] === 1) block = block === NONE || block === own ? own : SEVERAL;
    }
    const last = runs.at(-1);
    if (last?.block === block) last.to += 1;
    else runs.push({ from: pixel, to: pixel + 1, block });
  }
  return runs;
}

function cellsOf(maps: ClipMaps | WindowData, filter: number, window: number): Cells | null {
  if (!("chunks" in maps)) {
    const { rows, columns } = maps;
    return maps.cells.kind === "codes" ? { codes: maps.cells.codes, first: filter * rows * columns } : null;
  }
  const cells = cellsOfWindow(maps, filter, window);
  return cells?.data instanceof Uint8Array ? { codes: cells.data, first: cells.first } : null;
}

function isEverNegative({ blocks, filters, lo }: Ranges, filter: number): boolean {
  for (let block = 0; block < blocks; block++) if ((lo[block * filters + filter] ?? NaN) < 0) return true;
  return false;
}

// Loops over cells stand by themselves: each is compiled for its arrays alone. They never branch on a code, which nobody can
// predict, and call nothing: `Math.max` costs several times as much until a page has run for a while. Of two small whole numbers
// `a` and `b` the larger is `a - (d & (d >> 31))` with `d = a - b`.

function largestOf(line: Uint8Array, codes: Uint8Array, first: number, flip: number): void {
  const columns = line.length;
  for (let column = 0; column < columns; column++) {
    const most = line[column] ?? 0;
    const over = most - ((codes[first + column] ?? 0) ^ flip);
    line[column] = most - (over & (over >> 31));
  }
}

function leaveOut(line: Uint8Array, reached: Uint8Array): void {
  for (let column = 0; column < line.length; column++) if (reached[column] !== 1) line[column] = 0;
}

/** Returns where the next line begins. */
function poolLine(line: Uint8Array, { first, end }: Spans, flip: number, into: Uint8Array, at: number): number {
  for (let pixel = 0; pixel < first.length; pixel++) {
    const to = end[pixel] ?? 0;
    let most = 0;
    for (let column = first[pixel] ?? 0; column < to; column++) {
      const over = most - (line[column] ?? 0);
      most -= over & (over >> 31);
    }
    into[at + pixel] = most ^ flip;
  }
  return at + first.length;
}

/** False where it met what is not finite. */
function paintRun(into: Region, run: Run, { largest, smallest }: Pooled, colours: Uint32Array, width: number): boolean {
  if (!paintLargest(into, run, largest, colours, width)) return false;
  if (smallest !== null) paintSmallest(into, run, { largest, smallest }, colours, width);
  return true;
}

function paintLargest(
  { pixels, first, pitch }: Region,
  { from, to }: Run,
  largest: Uint8Array,
  colours: Uint32Array,
  width: number,
): boolean {
  // Below zero as soon as one code is beyond.
  let below = 0;
  for (let source = 0, target = first; source < largest.length; source += width, target += pitch) {
    for (let x = from; x < to; x++) {
      const code = largest[source + x] ?? 0;
      below |= LARGEST_CODE - code;
      pixels[target + x] = colours[code] ?? TRANSPARENT;
    }
  }
  return below >= 0;
}

/** Over the largest ones, where they are brighter. */
function paintSmallest(
  { pixels, first, pitch }: Region,
  { from, to }: Run,
  { largest, smallest }: { readonly largest: Uint8Array; readonly smallest: Uint8Array },
  colours: Uint32Array,
  width: number,
): void {
  const lights = lightsOf(colours);
  for (let source = 0, target = first; source < largest.length; source += width, target += pitch) {
    for (let x = from; x < to; x++) {
      const code = smallest[source + x] ?? 0;
      if ((lights[code] ?? 0) > (lights[largest[source + x] ?? 0] ?? 0))
        pixels[target + x] = colours[code] ?? TRANSPARENT;
    }
  }
}

function clear({ pixels, first, pitch }: Region, { from, to }: Pick<Run, "from" | "to">, height: number): void {
  for (let y = 0; y < height; y++) pixels.fill(TRANSPARENT, first + y * pitch + from, first + y * pitch + to);
}
