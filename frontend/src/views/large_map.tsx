/** A filter's map as large as the inspector has room for: with the present moment, and with values where the pointer is. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";

import type { Inspected, InspectedPoint } from "../inspection";
import { litColumn } from "../lit";
import type { Panel } from "../panel";
import { timeToX, xToTime } from "../pure/timing";
import { Canvas } from "./canvas";
import type { Surface } from "./surface";
import { drawMoment } from "./moment_drawing";
import { drawOutside } from "./outside_drawing";
import { SoloMap, soloView } from "./solo_map";

interface LargeMapProps {
  readonly panel: Panel;
  readonly of: InspectedPoint["of"];
  readonly map: ReadonlySignal<Inspected | null>;
  readonly label: string;
  readonly style: Readonly<Record<string, string>>;
}

export function LargeMap({ panel, of, map, label, style }: LargeMapProps): JSX.Element {
  const solo = useMemo(() => new SoloMap(), []);
  const lit = useMemo(
    () =>
      computed(() => {
        const shown = map.value?.shown;
        if (shown === undefined) return null;
        const moment = {
          time: panel.time.value,
          window: panel.window.value,
          seconds: panel.derived.seconds.value,
        };
        return litColumn(shown, moment);
      }),
    [panel, map],
  );
  const seeking = useRef(false);
  const place = (event: PointerEvent): InspectedPoint => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { of, x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const seek = ({ x }: InspectedPoint) => {
    if (of === "strip") panel.seek(xToTime(x, panel.derived.seconds.peek(), 1));
  };
  const drawMap = (surface: Surface) => {
    const own = map.value;
    // Strips and rows hold all moments: only single windows are drawn anew when the moment changes.
    const window = of === "window" ? (panel.window.value ?? 0) : 0;
    if (own === null) return;
    const { filter, shown } = own;
    const seconds = panel.derived.seconds.value;
    solo.draw(surface, { ...own, seconds, window });
    const box = { x: 0, y: 0, width: surface.width, height: surface.height };
    drawOutside(surface, shown, [{ filter, box }], { seconds, inside: true });
  };
  const drawNow = (surface: Surface) => {
    const own = map.value;
    if (own === null) return;
    const cursor = of === "window" ? null : timeToX(panel.time.value, panel.derived.seconds.value, 1);
    drawMoment(surface, soloView([own.filter], surface), cursor, lit.value, own.shown.kind === "raster");
  };
  return (
    <div
      class="large-map"
      style={style}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        seeking.current = true;
        seek(place(event));
      }}
      onPointerMove={(event) => {
        if (seeking.current) seek(place(event));
        panel.inspection.point(place(event));
      }}
      onPointerUp={() => {
        seeking.current = false;
      }}
      onPointerCancel={() => {
        seeking.current = false;
      }}
      onPointerLeave={() => {
        panel.inspection.point(null);
      }}
    >
      <Canvas panel={panel} testId={`inspector-${of}`} label={label} draw={drawMap} />
      <Canvas panel={panel} testId={`inspector-${of}-now`} label={null} draw={drawNow} />
    </div>
  );
}
