/** Below the grid: what is pointed at, and what must be known to read the tiles honestly. */
import type { JSX } from "preact";

import { caption } from "../caption";
import type { Shown } from "../derived";
import type { Panel } from "../panel";
import { fitTiles } from "./grid_drawing";

export function GridFoot({ panel }: { panel: Panel }): JSX.Element {
  const { derived, data, state } = panel;
  const pointed = panel.pointed.value;
  const shown = derived.shown.value;
  const refusal = state.mode.value === "window" ? data.noWindows.value : null;
  const text =
    shown === null
      ? ""
      : caption({ shown, order: derived.order.value, sort: state.sort.value, refusal, shrunk: isShrunk(panel, shown) });
  return (
    <div class="grid-foot">
      <output class={pointed === null ? "soft" : ""} aria-live="off" data-testid="readout">
        {pointed?.text ?? (shown === null ? "" : "Point at a tile to read its values")}
      </output>
      <span class="caption" data-testid="grid-caption" title={text}>
        {text}
      </span>
    </div>
  );
}

function isShrunk({ derived, tiles }: Panel, shown: Shown): boolean {
  if (tiles.value === null) return false;
  const { columns, rows } = fitTiles(shown, derived.seconds.value, tiles.value, window.devicePixelRatio);
  return columns.spans !== null || rows.spans !== null;
}
