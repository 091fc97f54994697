/** The filters of the chosen layer, every one of them, in step with the sound. */
import { computed, effect, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";

import type { Panel } from "../panel";
import { tileUnder, type CanvasPoint, type TileView } from "../pointing";
import { aspectsOf, layoutBest } from "../pure/grid_shape";
import type { TileGrid } from "../pure/layout";
import { xToTime } from "../pure/timing";
import { prepare } from "./canvas";
import { TileAtlas } from "./grid_atlas";
import { GridBar } from "./grid_bar";
import { drawTileCursors, drawTiles, fitTiles, HEADER, outlineTile, type TileDrawing } from "./grid_drawing";
import { GridFoot } from "./grid_foot";
import { GridProblem } from "./grid_problem";
import { Loading } from "./states";
import { drawTileClasses } from "./tile_classes";

const MARGIN = 12;
const TOP = 4;
const GAP = 8;

export function Grid({ panel }: { panel: Panel }): JSX.Element {
  return (
    <section class="grid" aria-label="Filters" aria-busy={panel.derived.stale.value}>
      <GridBar panel={panel} />
      <GridProblem panel={panel} />
      <Tiles panel={panel} />
      <GridFoot panel={panel} />
      <Loading panel={panel} />
    </section>
  );
}

function Tiles({ panel }: { panel: Panel }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const maps = useRef<HTMLCanvasElement>(null);
  const cursors = useRef<HTMLCanvasElement>(null);
  const port = useMemo(() => signal({ width: 0, height: 0 }), []);
  const scrollTop = useMemo(() => signal(0), []);
  const layout = useMemo(() => computed(() => tileGrid(panel, port.value)), [panel, port]);
  const view = useMemo(
    () => computed(() => tileView(panel, layout.value, port.value.height, scrollTop.value)),
    [panel, layout, port, scrollTop],
  );
  const seeking = useRef(false);

  useEffect(() => {
    const [area, canvas, above] = [scroller.current, maps.current, cursors.current];
    if (area === null || canvas === null || above === null) return undefined;
    const scope = panel.scope.child();
    const measure = () => {
      for (const each of [canvas, above]) each.style.height = `${area.clientHeight}px`;
      port.value = { width: area.clientWidth, height: area.clientHeight };
    };
    scope.onResize(area, measure);
    scope.listen(
      area,
      "scroll",
      () => {
        scrollTop.value = area.scrollTop;
      },
      { passive: true },
    );
    const atlas = new TileAtlas();
    const owner = {};
    scope.onClose(
      effect(() => {
        panel.tiles.value = view.value;
      }),
    );
    scope.onClose(
      effect(() => {
        // Reading first, drawing at the next frame: several changes of one moment are drawn once.
        const drawing = tileDrawing(panel, view.value);
        const { width, height } = port.value;
        const theme = panel.theme.value;
        panel.clock.next(scope, owner, () => {
          const surface = prepare(canvas, width, height);
          if (surface === null || drawing === null) return;
          atlas.use({
            shown: drawing.shown,
            filters: drawing.view.filters,
            paint: { map: "magma", divisors: drawing.scale.divisors },
            ...fitTiles(drawing.shown, drawing.seconds, drawing.view, surface.ratio),
          });
          drawTiles(surface, { ...drawing, atlas });
          drawTileClasses(surface, drawing);
          canvas.dataset["theme"] = theme;
          describe(canvas, drawing);
        });
      }),
    );
    scope.onClose(
      effect(() => {
        const { width, height } = port.value;
        const surface = prepare(above, width, height);
        const now = view.value;
        if (surface === null || now === null) return;
        if (panel.derived.shown.value?.kind === "strip") {
          drawTileCursors(surface, now, panel.derived.seconds.value, panel.time.value);
        }
        const filter = panel.pointed.value?.filter;
        if (filter !== undefined) outlineTile(surface, now, filter);
      }),
    );
    return () => {
      scope.close();
    };
  }, [panel, port, scrollTop, view]);

  const placeOf = (event: PointerEvent): CanvasPoint | null => {
    const box = maps.current?.getBoundingClientRect();
    return box === undefined ? null : { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const seek = (event: PointerEvent) => {
    const hit = tileUnder(view.peek(), placeOf(event));
    if (hit !== null && panel.derived.shown.peek()?.kind === "strip") {
      panel.seek(xToTime(hit.x, panel.derived.seconds.peek(), 1));
    }
  };
  const content = view.value?.grid.contentHeight ?? 0;
  return (
    <div
      ref={scroller}
      class={`scroller${panel.derived.stale.value ? " stale" : ""}`}
      role="group"
      aria-label="Tiles"
      tabIndex={0}
      data-testid="grid-scroller"
      onPointerDown={(event) => {
        if (event.button !== 0 || tileUnder(view.peek(), placeOf(event)) === null) return;
        seeking.current = true;
        seek(event);
      }}
      onPointerMove={(event) => {
        if (seeking.current && event.buttons === 0) seeking.current = false;
        if (seeking.current) seek(event);
        panel.point(placeOf(event));
      }}
      onPointerUp={() => {
        seeking.current = false;
      }}
      onPointerLeave={() => {
        seeking.current = false;
        panel.point(null);
      }}
    >
      <div class="sheet">
        <canvas ref={maps} data-testid="grid" role="img" aria-label={gridLabel(panel)} />
        <canvas ref={cursors} class="cursor" data-testid="grid-cursor" aria-hidden="true" />
      </div>
      <div style={{ height: `${content + TOP + MARGIN}px` }} />
    </div>
  );
}

interface Port {
  readonly width: number;
  readonly height: number;
}

function tileGrid({ derived, state }: Panel, { width, height }: Port): TileGrid | null {
  const maps = derived.shown.value?.picture.maps;
  if (maps === undefined || width === 0) return null;
  const request = {
    count: maps.filters,
    width: Math.max(width - 2 * MARGIN, 1),
    height: Math.max(height - TOP - MARGIN, 1),
    gap: GAP,
    header: HEADER,
    tileWidth: state.tileWidth.value,
  };
  return layoutBest(request, aspectsOf(maps));
}

function tileView({ derived }: Panel, grid: TileGrid | null, height: number, scrollTop: number): TileView | null {
  if (grid === null) return null;
  const filters = derived.order.value?.filters ?? Array.from({ length: grid.count }, (_, filter) => filter);
  return { grid, filters, left: MARGIN, top: TOP, scrollTop, height };
}

type Drawn = Omit<TileDrawing, "atlas">;

function tileDrawing(panel: Panel, view: TileView | null): Drawn | null {
  const { derived } = panel;
  const shown = derived.shown.value;
  const scale = derived.scale.value;
  if (view === null || shown === null || scale === null) return null;
  // A strip holds all moments: only single windows are drawn anew when the moment changes.
  const window = shown.kind === "window" ? (panel.window.value ?? 0) : 0;
  return { view, shown, scale, peaks: derived.peaks.value, seconds: derived.seconds.value, window };
}

function gridLabel({ derived }: Panel): string {
  const shown = derived.shown.value;
  if (shown === null) return "Nothing to show yet";
  const { name, clip, maps } = shown.picture;
  return `${maps.filters} filters of layer ${name} for clip ${clip}`;
}

/** What the pixels show, for tests: written when they are drawn, not when they are asked for. */
function describe(canvas: HTMLCanvasElement, { shown, scale, window }: Drawn): void {
  const { run, step, name, clip } = shown.picture;
  const pictured = { run, step, layer: name, clip, mode: shown.kind, window, scale: scale.mode };
  for (const [key, value] of Object.entries(pictured)) canvas.dataset[key] = String(value);
}
