/** Layers whose filters say nothing on scales of their own: they share the layer's, whatever was chosen. */
import type { Shown } from "./derived";
import type { ScaleMode } from "./pure/scale";
import { isScalarLayer } from "./pure/values";
import type { State } from "./state";
import type { LayerLayout, Layout } from "./types";

/** "classes": a score that is never more than 6e-7 would glow like the best. "lone": one number is always its own largest. */
export type SharedScale = "classes" | "lone";

export const SHARED_WORDS: Readonly<Record<SharedScale, string>> = {
  classes: "class scores: shown on the layer's scale",
  lone: "one number per filter: shown on the layer's scale",
};

/** Whether the layer's filters are the classes, with one score of each per window. */
export function areClassScores({ output, classes }: Layout, layer: LayerLayout): boolean {
  return layer.name === output && layer.filters === classes.length && isScalarLayer(layer);
}

/** Null where each filter can have a scale of its own. */
export function sharedScale(shown: Shown, acrossEpochs: boolean): SharedScale | null {
  const { maps, manifest, times } = shown.picture;
  if (areClassScores(manifest.layout, maps.layer)) return "classes";
  if (acrossEpochs || times.length !== 1) return null;
  // Of maps a row has the window's largest value alone.
  const isLone = isScalarLayer(maps.layer) || (shown.kind === "raster" && shown.picture.maps.gives !== "column");
  return isLone ? "lone" : null;
}

/** What is drawn of what was chosen, over a whole clip; reads signals. */
export function scaleFor({ scale }: State, layout: Layout, layer: LayerLayout): ScaleMode {
  return areClassScores(layout, layer) ? "layer" : scale.value;
}
