/** Loads what A gave: its filters' numbers and, for another epoch of the same clip, its maps as B's are shown. */
import type { Source } from "./api";
import type { Target } from "./compare_target";
import type { Shown } from "./derived";
import { findPart, whyNoStrips, whyNoWindows, type LayerPart } from "./layer_arrays";
import { loadShown } from "./load_shown";
import { loadPicture, partOf, type Picture } from "./pictures";
import type { Mode } from "./state";
import { stepName } from "./words";

export interface Side {
  readonly target: Target;
  readonly numbers: Picture<null>;
  /** Maps to subtract from B's; null where there are none. */
  readonly maps: Shown | null;
  /** Why there are none though there should be. */
  readonly why: string | null;
}

interface Wish {
  readonly target: Target;
  /** What A is compared with. */
  readonly b: LayerPart;
  /** As what maps are wanted; null where they would not be comparable. */
  readonly mode: Mode | null;
}

export async function loadSide(source: Source, { target, b, mode }: Wish, abort: AbortSignal): Promise<Side> {
  const layer = b.manifest.layout.layers[b.layer];
  const name = layer?.name ?? "";
  const part = await partOf(source, target.record, { run: target.run, clip: target.clip, name }, abort);
  const why = whyNoSide(part, target, name);
  if (why !== null) throw new Error(why);
  const filters = findPart(part).layer.filters;
  if (filters !== layer?.filters) {
    throw new Error(
      `Layer ${name} has ${filters} filters in A and ${layer?.filters ?? 0} in B: they are not the same.`,
    );
  }
  const numbers = await loadPicture(source, part, () => Promise.resolve(null), abort);
  const whyNot = mode === null ? null : whyNoMaps(part, b, mode);
  if (mode === null || whyNot !== null) return { target, numbers, maps: null, why: whyNot };
  return { target, numbers, maps: await loadShown(source, part, mode, abort), why: null };
}

function whyNoSide({ manifest, probe, layer }: LayerPart, target: Target, name: string): string | null {
  const { layout, step, batch } = manifest;
  const where = `in run ${target.run}, ${stepName(step, batch)}`;
  if (layer < 0) return `Layer ${name} was not logged ${where}, but ${listed(layout.layers)}.`;
  return probe < 0 ? `Clip ${target.clip} was not logged ${where}, but ${listed(layout.probes)}.` : null;
}

const MOST_NAMES = 8;

function listed(items: readonly { readonly name: string }[]): string {
  const names = items.slice(0, MOST_NAMES).map(({ name }) => name);
  return [...names, ...(items.length > MOST_NAMES ? [`${items.length - MOST_NAMES} more`] : [])].join(", ");
}

function whyNoMaps(a: LayerPart, b: LayerPart, mode: Mode): string | null {
  const [then, now] = [a, b].map(({ manifest, probe }) => manifest.layout.probes[probe]);
  if (then?.identity !== now?.identity) return "the clip of this name was another one then";
  if (mode === "raster") return null;
  const why = mode === "window" ? whyNoWindows(a) : whyNoStrips(a);
  return why === null ? null : `of A there are no ${mode === "window" ? "single windows" : "strips"}: ${why}`;
}
