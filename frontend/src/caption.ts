/** What must be known to read the tiles honestly, in one line under them; what matters most comes first. */
import type { Order, Shown } from "./derived";
import { insideCount } from "./pure/axes";
import { mapAxes } from "./pure/placement";
import type { FilterState } from "./pure/statistics";
import type { Sort } from "./state";
import type { CellAxis } from "./types";
import { count, limitReached } from "./words";

/** In words where there is room, else a sign; a letter would read as a unit of the number. */
export const MARKS: Readonly<Record<Exclude<FilterState, "active">, { readonly word: string; readonly sign: string }>> =
  {
    silent: { word: "silent", sign: "∅" },
    constant: { word: "constant", sign: "=" },
    unknown: { word: "no finite value", sign: "?" },
  };

export interface CaptionParts {
  readonly shown: Shown;
  readonly order: Order | null;
  /** As chosen, which the layer may not allow. */
  readonly sort: Sort;
  /** Why Window mode was asked for and is not shown. */
  readonly refusal: string | null;
  /** Tiles have fewer pixels than their maps have cells. */
  readonly shrunk: boolean;
}

export function caption({ shown, order, sort, refusal, shrunk }: CaptionParts): string {
  const { layer } = shown.picture.maps;
  const parts = shown.kind === "strip" ? stripParts(shown) : windowParts(shown);
  if (layer.time?.approximate ?? false) parts.push("places in time approximate");
  if (refusal !== null) parts.push(`no single windows: ${refusal}`);
  if (order !== null && order.sort !== sort) parts.push("no onset to harmonic here: sorted by number");
  parts.push(...filterParts(shown));
  if (shrunk) parts.push("small tiles: each pixel shows its brightest cell");
  return parts.join("  ·  ");
}

function stripParts(shown: Extract<Shown, { kind: "strip" }>): string[] {
  const { maps } = shown.picture;
  if (maps.fromEnvelope) return [`largest value per window${whyEnvelope(shown)}`];
  if (maps.grid.approximate) return ["no column is centred in its window: places approximate"];
  const { time } = maps.layer;
  const columns = time === null ? null : insideCount(time);
  if (columns === null || columns.inside === columns.total) return [];
  return [`${lies(columns.inside, columns.total, "column")} in the window, the others are left out`];
}

/** Nothing where the strip itself is on its way. */
function whyEnvelope({ picture: { manifest, probe, layer, maps } }: Extract<Shown, { kind: "strip" }>): string {
  const response = manifest.responses[probe];
  if (response?.layers[layer]?.strip !== null) return "";
  if (response.kept === "summary")
    return `: ${response.why === null ? "logged as summary" : limitReached(response.why)}`;
  return maps.layer.axes.includes("time")
    ? ": where its columns lie in time is unknown"
    : ": the layer has no time axis that is known";
}

function windowParts({ picture: { maps } }: Extract<Shown, { kind: "window" }>): string[] {
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
