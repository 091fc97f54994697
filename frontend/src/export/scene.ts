/** All that a picture shows but for the moment: read once, so that a recording stays of one layer, clip and epoch. */
import { untracked } from "@preact/signals";

import type { Shown } from "../derived";
import type { Panel } from "../panel";
import type { TileView } from "../pointing";
import type { ClassBar, Predictions } from "../pure/predict";
import { classBars } from "../pure/predict";
import type { Edges } from "../types";
import { tileDrawing } from "../views/grid";
import { captionText } from "../views/grid_foot";
import { AROUND, withoutInspector } from "../views/grid_layout";
import type { TileDrawing } from "../views/grid_drawing";
import { count } from "../words";
import { heading, scaleParts, type Heading, type Subject } from "./names";
import { rowsThatFit } from "./picture_layout";

export interface Scene {
  readonly panel: Panel;
  readonly subject: Subject;
  readonly drawing: TileDrawing;
  readonly times: readonly Edges[];
  readonly duration: number;
  readonly predictions: Predictions | null;
  /** Classes' indices in the order of their bars. */
  readonly classOrder: readonly number[];
  readonly labels: readonly string[];
  readonly heading: Heading;
  readonly scale: readonly string[];
  /** What must be known to read the tiles honestly. */
  readonly notes: readonly string[];
}

/** Everything else of a picture is lower than this, in CSS pixels. */
const AROUND_GRID = 800;

/**
 * Null while what is chosen is not on the screen. `whole`: all rows of the grid, as far as a canvas can hold them; else those
 * that are scrolled into view.
 */
export function readScene(panel: Panel, { whole, ratio }: { whole: boolean; ratio: number }): Scene | null {
  return untracked(() => {
    const { derived, state, data } = panel;
    const [tiles, now] = [panel.tiles.value, derived.shown.value];
    const view = tiles === null || now === null ? null : withoutInspector(panel, now, tiles);
    const drawing = tileDrawing(panel, view);
    if (drawing === null || view === null || derived.stale.value) return null;
    const { shown } = drawing;
    const own = whole ? wholeView(view, shown, ratio) : { view, cut: null };
    const subject = subjectOf(shown);
    const caption = captionText(panel, view);
    return {
      panel,
      subject,
      drawing: { ...drawing, view: { ...own.view, ratio } },
      times: data.probe.value?.times ?? [],
      duration: panel.player.duration.value,
      predictions: derived.predictions.value,
      classOrder: derived.classOrder.value,
      labels: state.clip.value?.labels ?? [],
      heading: heading(subject, shown.picture.maps.filters),
      scale: scaleParts(drawing.scale, state.colours.value, derived.order.value),
      notes: [...(own.cut === null ? [] : [own.cut]), ...(caption === "" ? [] : [caption])],
    };
  });
}

export function subjectOf({ picture }: Shown): Subject {
  const { run, name, clip, step, manifest } = picture;
  return { run, layer: name, clip, step, batch: manifest.batch };
}

/** The classes of one window, in the order of their bars. */
export function barsAt({ predictions, classOrder, labels }: Scene, window: number): readonly ClassBar[] {
  if (predictions === null) return [];
  const bars = classBars(predictions, window, labels);
  return classOrder.map((index) => bars[index]).filter((bar) => bar !== undefined);
}

function wholeView(view: TileView, shown: Shown, ratio: number): { view: TileView; cut: string | null } {
  const { grid, filters } = view;
  const rows = rowsThatFit(grid, { width: view.page.width, around: AROUND_GRID, ratio });
  const kept = filters.slice(0, rows * grid.across);
  const pitch = grid.down === 0 ? 0 : (grid.contentHeight + grid.gap) / grid.down;
  const contentHeight = Math.max(rows * pitch - grid.gap, 0);
  const cut = kept.length === filters.length ? null : `the first ${kept.length.toLocaleString("en")} of`;
  return {
    view: {
      ...view,
      grid: { ...grid, count: kept.length, down: rows, contentHeight },
      filters: kept,
      scrollTop: 0,
      height: contentHeight + AROUND,
    },
    cut: cut === null ? null : `${cut} ${count(shown.picture.maps.filters, "filter")}: a picture holds no more`,
  };
}
