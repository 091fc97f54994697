/** What is chosen when nothing has been chosen yet, and what stays chosen when the log grows. */
import type { Index, LayerLayout, Layout, StepEntry } from "./types";

/** The run that wrote last. */
export function firstRun(index: Index): string | null {
  const newest = index.runs.reduce<Index["runs"][number] | null>(
    (best, run) => (best === null || run.wall_time > best.wall_time ? run : best),
    null,
  );
  return newest?.run ?? null;
}

/**
 * The step to show once `steps` (ascending) are known. A choice survives while its step exists; following moves it to the
 * newest. A step that has vanished gives way to the last one before it, else to the first.
 */
export function stepAmong(steps: readonly StepEntry[], chosen: number | null, following: boolean): number | null {
  const newest = steps.at(-1)?.step ?? null;
  if (chosen === null || following || newest === null) return newest;
  return (steps.findLast((entry) => entry.step <= chosen) ?? steps[0])?.step ?? null;
}

/** The logged step `distance` places on, kept within the first and the last. */
export function neighbourStep(steps: readonly StepEntry[], chosen: number, distance: number): number {
  const place = steps.findIndex((entry) => entry.step === chosen);
  return steps[clampIndex(place + distance, steps.length)]?.step ?? chosen;
}

/** The logged step nearest to `wanted`; of two, the earlier. */
export function nearestStep(steps: readonly StepEntry[], wanted: number): number | null {
  let best: number | null = null;
  for (const { step } of steps) {
    if (best === null || Math.abs(step - wanted) < Math.abs(best - wanted)) best = step;
  }
  return best;
}

/**
 * The deepest layer that still has the input's resolution: along both axes, else along the one it has; without one, the
 * first that has a time axis, else the first.
 */
export function firstLayer(layout: Layout): LayerLayout | null {
  const { layers } = layout;
  return (
    layers.findLast((layer) => layer.axes.length === 2 && hasInputResolution(layer)) ??
    layers.findLast((layer) => layer.axes.length === 1 && hasInputResolution(layer)) ??
    layers.find((layer) => layer.axes.includes("time")) ??
    layers[0] ??
    null
  );
}

function hasInputResolution(layer: LayerLayout): boolean {
  return layer.axes.every((axis) => layer[axis]?.stride === 1);
}

/** The item named `chosen`; where it is not among `items`, the fallback. */
export function byName<T extends { readonly name: string }>(
  items: readonly T[],
  chosen: string | null,
  fallback: T | null,
): T | null {
  return items.find((item) => item.name === chosen) ?? fallback;
}

/** The name `distance` places on in `items`, kept within the first and the last. */
export function neighbourName(items: readonly { readonly name: string }[], chosen: string, distance: number): string {
  const place = items.findIndex((item) => item.name === chosen);
  return items[clampIndex(place + distance, items.length)]?.name ?? chosen;
}

function clampIndex(place: number, length: number): number {
  return Math.min(length - 1, Math.max(0, place));
}
