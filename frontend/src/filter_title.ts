/** What a filter is called: its number, and its class where the layer's filters are the classes. */
import type { Shown } from "./derived";

export function filterTitle({ picture: { manifest, name, maps } }: Shown, filter: number): string {
  const { output, classes } = manifest.layout;
  const own = name === output && classes.length === maps.filters ? classes[filter] : undefined;
  return own === undefined ? String(filter) : `${filter} ${own}`;
}
