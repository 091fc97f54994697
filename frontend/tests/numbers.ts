/** The server's cut of the plain arrays for one layer, as `http_api.md` says. */
import type { NpyArray } from "../src/pure/npy";
import type { StepManifest } from "../src/types";

/** `[8 + 2 * blocks, filters]` of a layer and a probe. */
export function numbersOf(
  { layout, responses }: Pick<StepManifest, "layout" | "responses">,
  statistics: NpyArray,
  ranges: NpyArray,
  probe: number,
  index: number,
): NpyArray {
  const layer = layout.layers[index];
  if (layer === undefined) throw new Error(`no layer ${index}`);
  const { filters } = layer;
  const own = statisticsOf(statistics, layer);
  const of = (p: number, which: number): number[] =>
    Array.from({ length: filters }, (_, filter) => own.data[6 * (p * filters + filter) + which] ?? NaN);
  const over = (which: number, pick: (...values: number[]) => number): number[] =>
    Array.from({ length: filters }, (_, filter) => {
      const values = layout.probes.map((__, p) => of(p, which)[filter] ?? NaN).filter((value) => !Number.isNaN(value));
      return values.length === 0 ? NaN : pick(...values);
    });
  const rows = [0, 1, 2, 3, 4, 5].map((which) => of(probe, which));
  rows.push(over(0, Math.min), over(1, Math.max));
  const { blocks = [0], first_block = 0 } = responses[probe] ?? {};
  const width = ranges.shape[1] ?? 0;
  for (let block = first_block; block < first_block + blocks.length - 1; block++) {
    for (const which of [0, 1]) {
      const at = (filter: number): number => 2 * (block * width + layer.first_filter + filter) + which;
      rows.push(Array.from({ length: filters }, (_, filter) => ranges.data[at(filter)] ?? NaN));
    }
  }
  return { shape: [rows.length, filters], data: Float32Array.from(rows.flat()) };
}

/** `[probes, filters, 6]` of a layer, of `[probes, filters of all layers, 6]`. */
export function statisticsOf(
  statistics: NpyArray,
  { filters, first_filter }: { readonly filters: number; readonly first_filter: number },
): NpyArray {
  const [probes = 0, width = 0] = statistics.shape;
  const rows = Array.from({ length: probes }, (_, probe) => {
    const from = 6 * (probe * width + first_filter);
    return Array.from(statistics.data.subarray(from, from + 6 * filters));
  });
  return { shape: [probes, filters, 6], data: Float32Array.from(rows.flat()) };
}
