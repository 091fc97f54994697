/** What a filter is called: its number, and its class where the layer's filters are the classes. */
import type { Shown } from "./derived";

/** The class that a filter of the output stands for; null where it stands for none. */
export function classOf({ picture: { manifest, name, maps } }: Shown, filter: number): string | null {
  const { output, classes } = manifest.layout;
  return name === output && classes.length === maps.filters ? (classes[filter] ?? null) : null;
}

export function filterTitle(shown: Shown, filter: number): string {
  const own = classOf(shown, filter);
  return own === null ? String(filter) : `${filter} ${own}`;
}

/** `text` where it is no wider than `room`, else as much of it as is with an ellipsis; null where that is no letter. */
export function shortened(text: string, room: number, widthOf: (text: string) => number): string | null {
  if (widthOf(text) <= room) return text;
  const letters = Array.from(text);
  for (let kept = letters.length - 1; kept > 0; kept--) {
    const short = `${letters.slice(0, kept).join("")}…`;
    if (widthOf(short) <= room) return short;
  }
  return null;
}
