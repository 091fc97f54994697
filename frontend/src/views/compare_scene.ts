/** What tiles show while two epochs are compared: B - A, A, or B on A's scale. */
import type { Exact } from "../compare";
import type { Shown } from "../derived";
import type { Panel } from "../panel";
import type { TileView } from "../pointing";
import type { Paint } from "../pure/draw";
import { layerScale, type LayerScale } from "../pure/scale";
import type { Scene } from "./grid";
import type { TileDrawing } from "./grid_drawing";

export function sceneOfDifference(panel: Panel): Scene {
  const { compare } = panel;
  return {
    shown: () => compare.exact.value?.frame ?? null,
    filters: () => compare.order.value?.filters ?? null,
    drawing: (view) => drawingOf(panel, view),
    stale: () => compare.stale.value,
    label: () => {
      const exact = compare.exact.value;
      if (exact === null) return "Nothing to show yet";
      const { name, clip, maps } = exact.b.picture;
      return `B − A of ${maps.filters} filters of layer ${name} for clip ${clip}`;
    },
  };
}

function drawingOf(panel: Panel, view: TileView | null): TileDrawing | null {
  const { compare, derived } = panel;
  const exact = compare.exact.value;
  const showing = compare.showing.value;
  if (view === null || exact === null) return null;
  const seen = seenOf(panel, exact);
  if (seen === null) return null;
  return {
    ...seen,
    view,
    peaks: null,
    bars: null,
    seconds: derived.seconds.value,
    window: exact.b.kind === "window" ? (panel.window.value ?? 0) : 0,
    told: { showing, against: String(exact.a.picture.step), limit: String(exact.difference.limit) },
  };
}

function seenOf(panel: Panel, exact: Exact): { shown: Shown; scale: LayerScale; paint: Paint } | null {
  const { compare, state } = panel;
  const showing = compare.showing.value;
  if (showing === "difference") return { shown: exact.frame, scale: exact.scale, paint: exact.paint };
  const [scale, paint] = [compare.scaleOfA.value, compare.paintOfA.value];
  if (scale === null || paint === null) return null;
  if (showing === "a") return { shown: exact.a, scale, paint };
  // The bars of B are measured as A's are, but may be longer than the longest of A.
  const { strengths, strongest } = layerScale(exact.b.picture.statistics, state.scale.value);
  return { shown: exact.b, scale: { ...scale, strengths, strongest: Math.max(strongest, scale.strongest) }, paint };
}
