/** The filters of the chosen layer, every one of them, in step with the sound. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";

import type { Shown } from "../derived";
import { easelOf } from "../painting/easel";
import type { MapsPicture } from "../painting/maps";
import type { Panel } from "../panel";
import { tileUnder, type CanvasPoint, type TileView } from "../pointing";
import type { LayerScale } from "../pure/scale";
import { xToTime } from "../pure/timing";
import { onPage } from "./canvas";
import { prepare } from "./surface";
import { FindField } from "./find_field";
import { GridBar } from "./grid_bar";
import { mapsOf, outlineTile, type TileDrawing } from "./grid_drawing";
import { GridFoot } from "./grid_foot";
import { AROUND, gridView, scrollToTile, type Port } from "./grid_layout";
import { moveMoment } from "./grid_moment";
import { GridPicture, nextMaps, type PictureSize } from "./grid_picture";
import { GridProblem } from "./grid_problem";
import { Inspector } from "./inspector";
import { drawNumberOf } from "./raster_margins";
import { Loading } from "./states";
import { SummaryNote } from "./summary_note";

/** What tiles show. All of it reads signals: what it read decides when it is asked again. */
export interface Scene {
  readonly shown: () => Shown | null;
  /** Filters in the order in which their tiles stand; null while there is nothing to show. */
  readonly filters: () => readonly number[] | null;
  readonly drawing: (view: TileView | null) => TileDrawing | null;
  readonly stale: () => boolean;
  readonly label: () => string;
}

export function Grid({ panel }: { panel: Panel }): JSX.Element {
  const scene = useMemo(() => sceneOfFilters(panel), [panel]);
  return (
    <section class="grid" aria-label="Filters" aria-busy={panel.derived.stale.value}>
      <GridBar panel={panel} />
      <FindField panel={panel} />
      <SummaryNote panel={panel} />
      <GridProblem panel={panel} />
      <div class="grid-room">
        <Tiles panel={panel} scene={scene} />
        <Inspector panel={panel} />
      </div>
      <GridFoot panel={panel} />
      <Loading panel={panel} />
    </section>
  );
}

export function Tiles({ panel, scene }: { panel: Panel; scene: Scene }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const maps = useRef<HTMLCanvasElement>(null);
  const cursors = useRef<HTMLCanvasElement>(null);
  const caps = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const port = useMemo(() => signal<Port>({ left: 0, width: 0, room: 0, height: 0 }), []);
  const scrollTop = useMemo(() => signal(0), []);
  const view = useMemo(
    () => computed(() => gridView(panel, scene.shown(), scene.filters(), port.value, scrollTop.value)),
    [panel, scene, port, scrollTop],
  );
  const seeking = useRef(false);
  /** Where the pointer went down: what is let go at the same place was a click. */
  const pressed = useRef<CanvasPoint | null>(null);

  useEffect(() => {
    const [area, canvas, above] = [scroller.current, maps.current, marks.current];
    if (area === null || canvas === null || above === null) return undefined;
    const scope = panel.scope.child();
    const measure = () => {
      for (const each of [canvas, above]) each.style.height = `${area.clientHeight}px`;
      const { left } = area.getBoundingClientRect();
      // Another tile than the one that was pointed at may come to lie under the pointer.
      if (area.clientWidth !== port.peek().width) panel.point(null);
      const scrollbar = area.offsetWidth - area.clientWidth;
      const room = Math.max((area.parentElement?.clientWidth ?? 0) - scrollbar, area.clientWidth);
      port.value = { left, width: area.clientWidth, room, height: area.clientHeight };
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
    if (cursors.current !== null && caps.current !== null) {
      moveMoment(scope, panel, scene, { view, port, cursors: cursors.current, caps: caps.current });
    }
    const owner = {};
    const picture = signal<GridPicture | null>(null);
    scope.onClose(
      panel.painter.subscribe((painter) => {
        // A canvas is given to a painter for good.
        if (painter !== undefined) picture.value ??= new GridPicture(easelOf(canvas, painter, scope));
      }),
    );
    // Maps that have fewer pixels than cells take long to pool: a part of the next window's at each frame of this one.
    const prepareNext = (picture: GridPicture, next: MapsPicture) => {
      panel.clock.next(scope, picture, () => {
        if (!picture.prepare(next, POOLING_MILLISECONDS)) prepareNext(picture, next);
      });
    };
    // Reading first, drawing when all has been told: several changes of one moment are drawn once.
    const drawNext = (picture: GridPicture, drawing: TileDrawing | null, size: PictureSize) => {
      panel.clock.soon(scope, owner, () => {
        if (!picture.free) {
          drawNext(picture, drawing, size);
          return;
        }
        const drawn = picture.draw(drawing, size, () => {
          canvas.dataset["theme"] = size.theme;
          if (drawing !== null) describe(canvas, drawing);
        });
        const next = drawn && drawing !== null ? nextMaps(drawing) : null;
        if (next !== null) prepareNext(picture, next);
      });
    };
    scope.onClose(
      effect(() => {
        const strip = panel.nextStrip.value;
        const drawing = untracked(() => scene.drawing(view.value));
        const maps = drawing === null ? null : mapsOf(drawing);
        if (strip === null || maps?.maps.layer.name !== strip.layer.name) return;
        picture.value?.prepare({ ...maps, maps: strip }, POOLING_MILLISECONDS);
      }),
    );
    let sought: object | null = null;
    scope.onClose(
      effect(() => {
        panel.tiles.value = view.value;
      }),
    );
    scope.onClose(
      effect(() => {
        const drawing = scene.drawing(view.value);
        const { width, height } = port.value;
        if (picture.value !== null) drawNext(picture.value, drawing, { width, height, theme: panel.theme.value });
      }),
    );
    scope.onClose(
      effect(() => {
        const { width, height } = port.value;
        const surface = prepare(onPage(above), width, height);
        const now = view.value;
        if (surface === null || now === null) return;
        const kind = scene.shown()?.kind;
        const inspected = panel.state.inspected.value;
        if (inspected !== null) for (const filter of panel.state.pinned.value) outlineTile(surface, now, filter, 1);
        for (const [filter, thick] of [
          [panel.finding.found.value?.filter, 4],
          [inspected, 3],
          [panel.pointed.value?.filter, 2],
        ] as const) {
          if (filter === null || filter === undefined) continue;
          outlineTile(surface, now, filter, thick);
          if (kind === "raster") drawNumberOf(surface, now, filter);
        }
      }),
    );
    scope.onClose(
      effect(() => {
        const found = panel.finding.found.value;
        // What was found while no tiles stood here comes into view as soon as they do.
        const now = found === sought ? view.peek() : view.value;
        if (found === sought || found === null || now === null) return;
        sought = found;
        area.scrollTop = scrollToTile(now, found.filter);
      }),
    );
    scope.onClose(
      effect(() => {
        // When the drawer takes its room, too: the tile may have gone elsewhere.
        const filter = port.value.width > 0 ? panel.state.inspected.value : null;
        const now = view.peek();
        if (filter !== null && now !== null) area.scrollTop = scrollToTile(now, filter);
      }),
    );
    return () => {
      scope.close();
      panel.tiles.value = null;
      panel.point(null);
    };
  }, [panel, scene, port, scrollTop, view]);

  const placeOf = (event: PointerEvent): CanvasPoint | null => {
    const box = maps.current?.getBoundingClientRect();
    return box === undefined ? null : { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const seek = (event: PointerEvent) => {
    const hit = tileUnder(view.peek(), placeOf(event));
    if (hit !== null && untracked(scene.shown)?.kind !== "window") {
      panel.seek(xToTime(hit.x, panel.derived.seconds.peek(), 1));
    }
  };
  const content = view.value?.grid.contentHeight ?? 0;
  return (
    <div
      ref={scroller}
      class={`scroller${scene.stale() ? " stale" : ""}`}
      role="group"
      aria-label="Tiles"
      tabIndex={0}
      data-testid="grid-scroller"
      onPointerDown={(event) => {
        if (event.button !== 0 || tileUnder(view.peek(), placeOf(event)) === null) return;
        seeking.current = true;
        pressed.current = placeOf(event);
        seek(event);
      }}
      onPointerMove={(event) => {
        if (seeking.current && event.buttons === 0) seeking.current = false;
        if (seeking.current) seek(event);
        panel.point(placeOf(event));
      }}
      onPointerUp={(event) => {
        seeking.current = false;
        const at = placeOf(event);
        if (at !== null && isNear(at, pressed.current)) inspectAt(panel, view.peek(), at);
        pressed.current = null;
      }}
      onPointerLeave={() => {
        seeking.current = false;
        panel.point(null);
      }}
    >
      <div class="sheet">
        <canvas ref={maps} data-testid="grid" role="img" aria-label={scene.label()} />
        <canvas ref={cursors} class="moving" data-testid="grid-cursor" aria-hidden="true" />
        <canvas ref={caps} class="moving" data-with="grid-cursor" aria-hidden="true" />
        <canvas ref={marks} class="marks" data-with="grid-cursor" aria-hidden="true" />
      </div>
      <div style={{ height: `${content + AROUND}px` }} />
    </div>
  );
}

function sceneOfFilters(panel: Panel): Scene {
  return {
    shown: () => panel.derived.shown.value,
    filters: () => panel.derived.order.value?.filters ?? null,
    drawing: (view) => tileDrawing(panel, view),
    stale: () => panel.derived.stale.value,
    label: () => gridLabel(panel),
  };
}

const POOLING_MILLISECONDS = 4;
const CLICK_REACH = 4;

function isNear(at: CanvasPoint, other: CanvasPoint | null): boolean {
  return other !== null && Math.hypot(at.x - other.x, at.y - other.y) <= CLICK_REACH;
}

/** Of rows that share a pixel the one that is read there. */
function inspectAt({ state, pointed }: Panel, view: TileView | null, at: CanvasPoint): void {
  const hit = state.view.peek() === "filters" ? tileUnder(view, at) : null;
  if (hit !== null) state.inspect(pointed.peek()?.filter ?? hit.filter);
}

export function tileDrawing(panel: Panel, view: TileView | null): TileDrawing | null {
  const { derived } = panel;
  const shown = derived.shown.value;
  const scale = derived.scale.value;
  const paint = derived.paint.value;
  if (view === null || shown === null || scale === null || paint === null) return null;
  // Strips and rows hold all moments: only single windows are drawn anew when the moment changes.
  const window = shown.kind === "window" ? (panel.window.value ?? 0) : 0;
  const [peaks, bars, seconds] = [derived.peaks.value, derived.bars.value, derived.seconds.value];
  return { view, shown, scale, paint, peaks, bars, seconds, window };
}

function gridLabel({ derived }: Panel): string {
  const shown = derived.shown.value;
  if (shown === null) return "Nothing to show yet";
  const { name, clip, maps } = shown.picture;
  return `${maps.filters} filters of layer ${name} for clip ${clip}`;
}

function scaleName({ mode, acrossEpochs }: LayerScale): string {
  return acrossEpochs ? `${mode}-epochs` : mode;
}

/** What the pixels show, for tests: written when they are drawn, not when they are asked for. */
function describe(canvas: HTMLCanvasElement, { shown, scale, window, told }: TileDrawing): void {
  const { run, step, name, clip } = shown.picture;
  const pictured = { run, step, layer: name, clip, mode: shown.kind, window, scale: scaleName(scale), ...told };
  for (const [key, value] of Object.entries(pictured)) canvas.dataset[key] = String(value);
}
