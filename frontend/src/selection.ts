/** What is chosen when nothing has been chosen yet, and what stays chosen when the log grows. */
import type { Axis, Index, LayerLayout, Layout, StepEntry } from "./types";

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

/** Whether these are a training's: of a trained model there is one step, which is none before a training. */
export function isTraining(steps: readonly StepEntry[]): boolean {
  return steps.length > 1 || (steps[0]?.step ?? 0) < 0;
}

/** What one logged step of a run is called, also the one before training, which belongs to no batch. */
export function stepUnit(steps: readonly StepEntry[]): "epoch" | "step" {
  return steps.some(({ record }) => record !== null && record.batch !== null) ? "step" : "epoch";
}

/** The logged step `distance` places on, kept within the first and the last. */
export function neighbourStep(steps: readonly StepEntry[], chosen: number, distance: number): number {
  const place = steps.findIndex((entry) => entry.step === chosen);
  return steps[clampIndex(place + distance, steps.length)]?.step ?? chosen;
}

/** The step whose maps changes are counted from: the chosen one, else the last with maps before `step`. Null where there is none. */
export function stepBefore(steps: readonly StepEntry[], step: number, chosen: number | null): number | null {
  if (chosen !== null) return steps.some((entry) => entry.step === chosen) ? chosen : null;
  return steps.findLast((entry) => entry.step < step && entry.record?.bundle != null)?.step ?? null;
}

/** Columns and rows may be this much wider than the finest: arrays logged without a model fill their window evenly. */
const ABOUT_AS_FINE = 1.25;

/**
 * The deepest layer that still has the input's resolution, which is the finest that any layer has; along both axes where
 * some layer has both. Without any axis, the first layer.
 */
export function firstLayer(layout: Layout): LayerLayout | null {
  const { layers } = layout;
  const most = Math.max(0, ...layers.map(({ axes }) => axes.length));
  const full = layers.filter(({ axes }) => axes.length === most);
  const finest = (axis: Axis): number => Math.min(...full.map((layer) => coarseness(layer, axis)));
  const limits = { time: finest("time") * ABOUT_AS_FINE, frequency: finest("frequency") * ABOUT_AS_FINE };
  return (
    full.findLast((layer) => layer.axes.every((axis) => coarseness(layer, axis) <= limits[axis])) ?? layers[0] ?? null
  );
}

/** The share of the input between neighbouring columns or rows. */
function coarseness(layer: LayerLayout, axis: Axis): number {
  const place = layer[axis];
  return place === null ? Infinity : place.stride / place.cells;
}

/** More filters than this are rows at first: their tiles would have to be scrolled through. */
const MOST_TILES = 512;

/** Whether a layer shows as a raster unless otherwise chosen: of many filters, or of one number per window. */
export function suitsRaster({ filters, axes }: LayerLayout): boolean {
  return filters > MOST_TILES || axes.length === 0;
}

/** The item of that name, where there is one. */
export function named<T extends { readonly name: string }>(items: readonly T[], name: string | null): T | null {
  return items.find((item) => item.name === name) ?? null;
}

/** The name `distance` places on in `items`, kept within the first and the last; the first where `chosen` is none of them. */
export function neighbourName(items: readonly { readonly name: string }[], chosen: string, distance: number): string {
  const place = items.findIndex((item) => item.name === chosen);
  return items[place < 0 ? 0 : clampIndex(place + distance, items.length)]?.name ?? chosen;
}

function clampIndex(place: number, length: number): number {
  return Math.min(length - 1, Math.max(0, place));
}
