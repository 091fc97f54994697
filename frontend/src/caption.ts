/** What must be known to read the tiles honestly, in one line under them; what matters most comes first. */
import type { Shown } from "./derived";
import { isCurrent, type Order } from "./order";
import { outsideParts } from "./outside_words";
import { insideCount } from "./pure/axes";
import { mapAxes } from "./pure/placement";
import type { RasterData } from "./pure/raster";
import type { FilterState } from "./pure/statistics";
import type { ClipMaps, StripData } from "./pure/values";
import type { Scores } from "./ranking";
import { SHARED_WORDS, type SharedScale } from "./shared_scale";
import type { Mode, Sort } from "./state";
import type { CellAxis, LayerLayout, StripGrid } from "./types";
import { count, SORT_WORDS, stepName } from "./words";

/** In words where there is room, else a sign; a letter would read as a unit of the number. */
export const MARKS: Readonly<Record<Exclude<FilterState, "active">, Mark>> = {
  silent: { word: "silent", sign: "∅", means: "never above 0 on any logged clip" },
  constant: { word: "constant", sign: "=", means: "one value other than 0 everywhere, on every logged clip" },
  unknown: { word: "no finite value", sign: "?", means: "nothing but NaN or infinity was logged" },
};

interface Mark {
  readonly word: string;
  readonly sign: string;
  readonly means: string;
}

export interface CaptionParts {
  readonly shown: Shown;
  readonly order: Order | null;
  /** As chosen, which the layer may not allow. */
  readonly sort: Sort;
  readonly scores: Scores | null;
  readonly refusals: Refusals;
  /** Which have fewer pixels than there are cells to show; null where none have. */
  readonly shrunk: "tiles" | "rows" | null;
}

/** What was asked for and is not shown. */
export interface Refusals {
  readonly mode: Mode;
  readonly noWindows: string | null;
  readonly noStrips: string | null;
  /** Why filters are on the layer's scale though each was to have its own. */
  readonly shared: SharedScale | null;
  /** Why the scale does not reach across epochs though it was to. */
  readonly noEpochs: string | null;
}

const SHRUNK = {
  tiles: "small tiles: each pixel shows its brightest cell",
  rows: "rows share pixels: each shows its brightest",
} as const;

/** What the words of a caption mean; null where it has none that need telling. */
export function captionMeanings({ picture: { states } }: Shown): string | null {
  const kinds = (["silent", "constant", "unknown"] as const).filter((kind) => states.includes(kind));
  return kinds.length === 0 ? null : kinds.map((kind) => `${MARKS[kind].word}: ${MARKS[kind].means}`).join("\n");
}

export function caption({ shown, order, sort, scores, refusals, shrunk }: CaptionParts): string {
  const { layer } = shown.picture.maps;
  const former = order === null || order.sort === "index" || isCurrent(order, shown) ? [] : [formerOrder(order, shown)];
  // What is said of now would be read as what the order was made of.
  const sorted = scores?.note == null ? [] : [scores.note, ...former];
  const parts = [...sorted, ...insideParts(shown)];
  if (layer.time?.approximate ?? false) parts.push("places in time approximate");
  parts.push(...refused(shown, refusals));
  if (order?.why != null) parts.push(`no ${SORT_WORDS[sort]}: ${order.why}`);
  parts.push(...filterParts(shown));
  if (sorted.length === 0) parts.push(...former);
  if (shrunk !== null) parts.push(SHRUNK[shrunk]);
  return parts.join("  ·  ");
}

function formerOrder({ clip, step, kind }: Order, { picture, kind: now }: Shown): string {
  const parts = [
    ...(clip === picture.clip ? [] : [`clip ${clip}`]),
    ...(step === picture.step ? [] : [stepName(step, picture.manifest.batch)]),
  ];
  return `in the order of ${parts.length === 0 && kind !== now ? KIND_WORDS[kind] : parts.join(", ")}`;
}

const KIND_WORDS = { strip: "strips", window: "windows", raster: "rows" } as const;

/** How many columns and rows are centred on the input, and what is left out. */
export function insideParts(shown: Shown): readonly string[] {
  if (shown.kind === "window") return windowParts(shown);
  return shown.kind === "strip" ? stripParts(shown.picture.maps) : rasterParts(shown.picture.maps);
}

function refused({ kind }: Shown, { mode, noWindows, noStrips, shared, noEpochs }: Refusals): readonly string[] {
  const parts: string[] = [];
  if (mode === "window" && kind !== "window" && noWindows !== null) parts.push(`no single windows: ${noWindows}`);
  if (mode !== "raster" && kind === "raster" && noStrips !== null) parts.push(`no strips: ${noStrips}`);
  if (shared !== null) parts.push(SHARED_WORDS[shared]);
  if (noEpochs !== null) parts.push(`the scale is of this epoch alone: ${noEpochs}`);
  return parts;
}

const MAXIMUM = "each window's largest value";

function rasterParts(maps: RasterData): readonly string[] {
  if (maps.gives === "column") return columnParts(maps, maps.grid);
  return maps.gives === "maximum" ? [MAXIMUM, ...outsideParts(maps)] : [];
}

function stripParts(maps: StripData): readonly string[] {
  return maps.fromEnvelope ? [MAXIMUM] : columnParts(maps, maps.grid);
}

function columnParts(maps: ClipMaps, grid: StripGrid | null): readonly string[] {
  return [...leftOut(maps.layer, grid), ...outsideParts(maps)];
}

function leftOut({ time }: LayerLayout, grid: StripGrid | null): readonly string[] {
  if (grid?.approximate === true) return ["no column is centred in its window: places approximate"];
  const columns = time === null ? null : insideCount(time);
  if (columns === null || columns.inside === columns.total) return [];
  return [`${lies(columns.inside, columns.total, "column")} in the window`];
}

function windowParts({ picture: { maps } }: Extract<Shown, { kind: "window" }>): string[] {
  if (maps.fromEnvelope) return [MAXIMUM];
  const { time, frequency } = mapAxes(maps);
  const parts: string[] = [];
  if (time !== null) parts.push(`${liesOn(time, "column")} in the window`);
  if (frequency !== null && insideCount(frequency).inside < frequency.centres.length) {
    parts.push(`${liesOn(frequency, "row")} in its frequencies`);
  }
  const { shape, map_shape: kept } = maps.layer;
  if (kept[0] < shape[0] || kept[1] < shape[1]) parts.push("maps pooled by magnitude");
  return parts;
}

function liesOn(axis: CellAxis, word: string): string {
  const { inside, total } = insideCount(axis);
  return lies(inside, total, word);
}

function lies(inside: number, total: number, word: string): string {
  return `${inside} of ${count(total, word)} ${inside === 1 ? "lies" : "lie"}`;
}

function filterParts({ picture: { states, statistics } }: Shown): string[] {
  const parts: string[] = [];
  for (const kind of ["silent", "constant", "unknown"] as const) {
    const those = states.filter((state) => state === kind).length;
    if (those > 0) parts.push(`${those} ${MARKS[kind].word} (${MARKS[kind].sign})`);
  }
  const nonFinite = statistics.nonFinite.filter((amount) => amount > 0).length;
  if (nonFinite > 0) parts.push(`${nonFinite} with NaN (grey), ∞ (white) or −∞ (blue)`);
  return parts;
}
