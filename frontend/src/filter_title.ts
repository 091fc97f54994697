/** What a filter is called: its number, and its class where the layer's filters are the classes. */
import type { Shown } from "./derived";
import type { Picture } from "./pictures";

/** The class that a filter of the output stands for; null where it stands for none. */
export function classOf({ picture }: Shown, filter: number): string | null {
  return classOfLayer(picture, picture.maps.filters, filter);
}

function classOfLayer({ manifest, name }: Titled, filters: number, filter: number): string | null {
  const { output, classes } = manifest.layout;
  return name === output && classes.length === filters ? (classes[filter] ?? null) : null;
}

type Titled = Pick<Picture<unknown>, "manifest" | "name">;

/** Where only the numbers of the layer's `filters` filters are known. */
export function filterTitleOf(picture: Titled, filters: number, filter: number): string {
  const own = classOfLayer(picture, filters, filter);
  return own === null ? String(filter) : `${filter} ${own}`;
}

export function filterTitle(shown: Shown, filter: number): string {
  return filterTitleOf(shown.picture, shown.picture.maps.filters, filter);
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
