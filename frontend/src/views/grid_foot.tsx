/** Below the grid: what is pointed at, and what must be known to read the tiles honestly. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { insideCount } from "../pure/axes";
import { mapAxes } from "../pure/placement";
import { count } from "../words";
import { MARKS } from "./grid_drawing";

export function GridFoot({ panel }: { panel: Panel }): JSX.Element {
  const pointed = panel.pointed.value;
  const caption = captionOf(panel);
  return (
    <div class="grid-foot">
      <output class={pointed === null ? "soft" : ""} aria-live="off" data-testid="readout">
        {pointed?.text ?? (panel.derived.shown.value === null ? "" : "Point at a tile to read its values")}
      </output>
      <span class="space" />
      <span data-testid="grid-caption" title={caption}>
        {caption}
      </span>
    </div>
  );
}

function captionOf({ derived, data, state }: Panel): string {
  const shown = derived.shown.value;
  const layer = derived.layer.value;
  if (shown === null || layer === null) return "";
  const parts: string[] = [];
  const { states } = shown.picture;
  for (const kind of ["silent", "constant"] as const) {
    const those = states.filter((state) => state === kind).length;
    if (those > 0) parts.push(`${those} ${kind} (${MARKS[kind].sign})`);
  }
  if (shown.kind === "window") {
    const { time } = mapAxes(shown.picture.maps);
    if (time !== null) {
      const { inside, total } = insideCount(time);
      parts.push(`${inside} of ${count(total, "column")} ${inside === 1 ? "lies" : "lie"} in the window`);
    }
    if (layer.map_shape[0] < layer.shape[0] || layer.map_shape[1] < layer.shape[1])
      parts.push("maps pooled by magnitude");
  } else {
    if (shown.picture.maps.fromEnvelope) parts.push("largest value per window");
    if (shown.picture.maps.grid.approximate) parts.push("no column is centred in its window: places approximate");
  }
  if (layer.time?.approximate ?? false) parts.push("places in time approximate");
  const why = data.noWindows.value;
  if (why !== null && state.mode.value === "window") parts.push(`Window is not to be had: ${why}`);
  return parts.join("  ·  ");
}
