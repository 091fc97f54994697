/** Where maps are to be found, for a clip of which none were kept. */
import type { Detail, ProbeLayout } from "../types";

type Clip = Pick<ProbeLayout, "name" | "labels">;

/** The clips with maps that share a label with this one, in their order. */
export function mappedLike(clip: Clip, clips: readonly Clip[], kept: (name: string) => Detail): readonly string[] {
  return clips
    .filter(({ name, labels }) => kept(name) !== "summary" && labels.some((label) => clip.labels.includes(label)))
    .map(({ name }) => name);
}

/** Whether clips differ in that maps of some were kept and of others not. */
export function isMixed(kept: readonly Detail[]): boolean {
  return kept.includes("summary") && kept.some((each) => each !== "summary");
}
