/** How much filters changed between two epochs: over the same clip, cell by cell, in the layer's own units. */
import { readFilter } from "./readings";
import type { LayerStatistics } from "./statistics";
import type { ClipMaps } from "./values";

/** Why two epochs' maps cannot be compared cell by cell; null where they can. */
export function whyNotCompared(now: ClipMaps, then: ClipMaps): string | null {
  const same = now.filters === then.filters && now.rows === then.rows && now.columns === then.columns;
  return same ? null : "its maps had another shape then";
}

/**
 * How large a layer's values are: their root mean square over a clip, of filters that have any finite one. Every filter has as
 * many cells as another, so that it follows from their means and deviations.
 */
export function rootMeanSquare({ mean, deviation }: Pick<LayerStatistics, "mean" | "deviation">): number {
  let [sum, count] = [0, 0];
  for (const [filter, own] of mean.entries()) {
    const square = own ** 2 + (deviation[filter] ?? NaN) ** 2;
    if (!Number.isFinite(square)) continue;
    sum += square;
    count += 1;
  }
  return Math.sqrt(sum / count);
}

/**
 * Mean |now - then| of each filter over the cells that are reached and finite in both; NaN where there is none. Both must be
 * of one shape.
 */
export function meanChange(now: ClipMaps, then: ClipMaps): Float64Array {
  const { filters, rows, columns } = now;
  const changes = new Float64Array(filters);
  const [nowValues, thenValues] = [new Float64Array(rows * columns), new Float64Array(rows * columns)];
  for (let filter = 0; filter < filters; filter++) {
    readFilter(now, filter, nowValues);
    readFilter(then, filter, thenValues);
    let sum = 0;
    let count = 0;
    for (let at = 0; at < nowValues.length; at++) {
      const difference = Math.abs((nowValues[at] ?? NaN) - (thenValues[at] ?? NaN));
      if (!Number.isFinite(difference)) continue;
      sum += difference;
      count += 1;
    }
    changes[filter] = sum / count;
  }
  return changes;
}
