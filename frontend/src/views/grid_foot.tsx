/** Below the grid: what is pointed at, and what must be known to read the tiles honestly. */
import type { JSX } from "preact";

import { caption, captionMeanings } from "../caption";
import type { Shown } from "../derived";
import type { Panel } from "../panel";
import type { TileView } from "../pointing";
import { shareRows } from "../pure/raster_layout";
import { fitTiles } from "../painting/maps";

export function GridFoot({ panel }: { panel: Panel }): JSX.Element {
  const pointed = panel.pointed.value;
  const text = captionText(panel);
  const shown = panel.derived.shown.value;
  const meanings = shown === null ? null : captionMeanings(shown);
  return (
    <div class={pointed === null ? "grid-foot" : "grid-foot pointing"}>
      <output
        class={pointed === null ? "soft" : ""}
        aria-live="off"
        title={pointed === null ? MARKED : undefined}
        data-testid="readout"
      >
        {pointed?.text ?? momentText(panel)}
      </output>
      <span class="caption" data-testid="grid-caption" title={meanings === null ? text : `${text}\n${meanings}`}>
        {text}
      </span>
    </div>
  );
}

/** What must be known to read the tiles honestly, of what is shown now in tiles that stand like these. */
export function captionText(panel: Panel, view: TileView | null = panel.tiles.value): string {
  const { derived, data, state } = panel;
  const shown = derived.shown.value;
  if (shown === null) return "";
  const epochs = data.overSteps.resource.value;
  return caption({
    shown,
    order: derived.order.value,
    sort: state.sort.value,
    scores: derived.scores.value,
    refusals: {
      mode: state.mode.value,
      noWindows: data.noWindows.value,
      noStrips: data.noStrips.value,
      shared: derived.shared.value,
      noEpochs: epochs.status === "failed" ? epochs.reason : null,
    },
    shrunk: shrunkPart(panel, shown, view),
  });
}

const MARKED =
  "The column that is marked at the top and bottom of every tile: of those that are shown the one centred nearest to now. " +
  "It may be of another window than the present one, which is the one whose centre is nearest, and which the prediction is of.";

/** What is lit, where the sound rests: it would flicker past. */
function momentText({ derived, lit, player, window }: Panel): string {
  const shown = derived.shown.value;
  if (shown === null) return "";
  const tile = shown.kind === "raster" ? "row" : "tile";
  const invitation = `Point at a ${tile} to read its values; a click inspects its filter and goes to that moment`;
  const now = player.playing.value ? null : lit.value;
  if (now === null) return invitation;
  const present = window.value;
  const other = present === null || present === now.window ? "" : `; the prediction is of window ${present + 1}`;
  return `Now: ${now.text}${other}`;
}

function shrunkPart({ derived }: Panel, shown: Shown, view: TileView | null): "tiles" | "rows" | null {
  if (view === null) return null;
  if (shown.kind === "raster") return shareRows(view.grid, view.ratio).spans === null ? null : "rows";
  const { columns, rows } = fitTiles(shown.picture.maps, derived.seconds.value, view, view.ratio);
  return columns.spans !== null || rows.spans !== null ? "tiles" : null;
}
