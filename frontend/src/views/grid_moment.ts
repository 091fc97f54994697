/** The present moment above the tiles: cursor and marked column move alike in all of them, so that each kind is one picture. */
import { computed, type ReadonlySignal } from "@preact/signals";

import type { Panel } from "../panel";
import type { TileView } from "../pointing";
import type { Box } from "../pure/placement";
import { timeToX } from "../pure/timing";
import type { Scope } from "../scope";
import type { Scene } from "./grid";
import type { Port } from "./grid_layout";
import { boxesOf, drawCaps, drawCursors, sharp } from "./moment_drawing";
import { glideOver, moves } from "./moving";

interface MomentPlace {
  readonly view: ReadonlySignal<TileView | null>;
  readonly port: ReadonlySignal<Port>;
  readonly cursors: HTMLCanvasElement;
  readonly caps: HTMLCanvasElement;
}

export function moveMoment(scope: Scope, panel: Panel, scene: Scene, { view, port, cursors, caps }: MomentPlace): void {
  const rows = computed(() => scene.shown()?.kind === "raster");
  // As long as this is the same, other tiles may stand in the same places.
  const places = computed(() => {
    if (view.value === null) return "";
    const { filters, grid, left, top, scrollTop, height, ratio } = view.value;
    return JSON.stringify([filters.length, grid, left, top, scrollTop, height, ratio, rows.value]);
  });
  const boxes = (): readonly Box[] => {
    const now = places.value === "" ? null : view.peek();
    return now === null ? [] : boxesOf(now, rows.peek());
  };
  const size = () => (places.value === "" ? null : { width: port.value.width, height: port.value.height });
  const onTile = (fraction: number): number => {
    const now = places.value === "" ? null : view.peek();
    return now === null ? 0 : sharp(fraction * now.grid.tileWidth, now.ratio);
  };
  const cursor = computed(() =>
    scene.shown()?.kind === "window" ? null : timeToX(panel.time.value, panel.derived.seconds.value, 1),
  );
  moves(scope, cursors, {
    size: () => (scene.shown()?.kind === "window" ? null : size()),
    draw: (surface) => {
      drawCursors(surface, boxes(), 0);
    },
    left: () => (cursor.value === null ? null : onTile(cursor.value)),
    glide: () => {
      const [course, now] = [panel.course.value, places.value === "" ? null : view.peek()];
      if (course === null || now === null) return null;
      return glideOver({ course, seconds: panel.derived.seconds.value, width: now.grid.tileWidth }, 0, now.ratio);
    },
  });
  // Columns are mostly as wide as each other, but for the last bits.
  const breadth = computed(() => {
    const [from, to] = panel.lit.value?.across ?? [0, 0];
    return Math.round((to - from) * 1e6) / 1e6;
  });
  moves(scope, caps, {
    size,
    draw: (surface) => {
      drawCaps(surface, boxes(), [0, breadth.value]);
    },
    left: () => {
      const across = panel.lit.value?.across;
      return across === undefined ? null : onTile(across[0]);
    },
  });
}
