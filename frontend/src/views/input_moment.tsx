/** The cursor and the bracket of the present window over all tracks of the input. */
import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Panel } from "../panel";
import { timeToX } from "../pure/timing";
import { drawCursor } from "./canvas";
import { BRACKET, bracketAt, drawBracket } from "./input_drawing";
import { sharp } from "./moment_drawing";
import { glideOver, moves } from "./moving";
import { useSize, type Size } from "./size";

/** Room on both sides of a line, for its halo. */
const AROUND = 2;

export function InputMoment({ panel, spectrogram }: { panel: Panel; spectrogram: ReadonlySignal<Size> }): JSX.Element {
  const { ref, size } = useSize<HTMLDivElement>(panel);
  const [cursor, left, right] = [
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
  ];
  useEffect(() => {
    const scope = panel.scope.child();
    const present = () => (panel.data.probe.value === null || size.value.width === 0 ? null : size.value);
    const device = (x: number): number => sharp(x, window.devicePixelRatio) - AROUND;
    if (cursor.current !== null) {
      moves(scope, cursor.current, {
        size: () => {
          const track = present();
          return track === null ? null : { width: 2 * AROUND + 1, height: track.height };
        },
        draw: (surface) => {
          drawCursor(surface, AROUND, 0, surface.height);
        },
        left: () => device(timeToX(panel.time.value, panel.derived.seconds.value, size.value.width)),
        glide: () => {
          const course = panel.course.value;
          if (course === null) return null;
          return glideOver({ course, seconds: panel.derived.seconds.value, width: size.value.width }, -AROUND);
        },
      });
    }
    for (const [side, canvas] of [
      ["left", left.current],
      ["right", right.current],
    ] as const) {
      if (canvas === null) continue;
      const line = side === "left" ? AROUND : AROUND + BRACKET;
      moves(scope, canvas, {
        size: () => (present() === null ? null : { width: BRACKET + 2 * AROUND, height: spectrogram.value.height }),
        draw: (surface) => {
          drawBracket(surface.context, side, line, surface.height);
        },
        left: () => {
          const edges = panel.windowEdges.value;
          if (edges === null) return null;
          const x = bracketAt(side, edges, panel.derived.seconds.value, size.value.width);
          return device(x) + AROUND - line;
        },
      });
    }
    return () => {
      scope.close();
    };
  }, [panel, size, spectrogram]);
  return (
    <div ref={ref} class="moment">
      <canvas ref={left} class="moving" data-with="input-cursor" aria-hidden="true" />
      <canvas ref={right} class="moving" data-with="input-cursor" aria-hidden="true" />
      <canvas ref={cursor} class="moving" data-with="input-cursor" aria-hidden="true" />
    </div>
  );
}
