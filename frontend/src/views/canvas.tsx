/** A canvas that fills its box at the screen's own resolution and is drawn again whenever a signal it reads changes. */
import { effect, signal } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Panel } from "../panel";
import type { Scope } from "../scope";
import type { Size } from "./size";
import { prepare, type Surface } from "./surface";

interface CanvasProps {
  readonly panel: Panel;
  readonly testId: string;
  /** What the picture shows, for those who do not see it; null where the element around it says so. */
  readonly label: string | null;
  /** Reads signals only: what it read decides when it is called again. The surface is cleared, in CSS pixels. */
  readonly draw: (surface: Surface, element: HTMLCanvasElement) => void;
}

export function Canvas({ panel, testId, label, draw }: CanvasProps): JSX.Element {
  const element = useDrawing(panel, (canvas, { width, height }) => {
    const surface = prepare(onPage(canvas), width, height);
    if (surface !== null) draw(surface, canvas);
  });
  if (label === null) return <canvas ref={element} data-testid={testId} aria-hidden="true" />;
  return <canvas ref={element} data-testid={testId} role="img" aria-label={label} />;
}

/** Of the canvas that is given the ref: calls `draw` with its size, and again whenever a signal that it reads changes. */
export function useDrawing(
  panel: Panel,
  draw: (canvas: HTMLCanvasElement, size: Size, scope: Scope) => void,
): RefObject<HTMLCanvasElement | null> {
  const element = useRef<HTMLCanvasElement>(null);
  const latestDraw = useRef(draw);
  latestDraw.current = draw;
  useEffect(() => {
    const canvas = element.current;
    if (canvas === null) return undefined;
    const scope = panel.scope.child();
    const size = signal({ width: 0, height: 0 });
    scope.onResize(canvas, (width, height) => {
      size.value = { width, height };
    });
    scope.onClose(
      effect(() => {
        // Colours are read from the stylesheet, which this signal switches.
        canvas.dataset["theme"] = panel.theme.value;
        latestDraw.current(canvas, size.value, scope);
      }),
    );
    return () => {
      scope.close();
    };
  }, [panel]);
  return element;
}

const DRAWN_ON = new WeakMap<HTMLCanvasElement, OffscreenCanvas>();

/**
 * What a canvas of the page is drawn on. What has not changed costs nothing there, whereas without a GPU Chromium copies every
 * pixel of every plain canvas whenever anything on the page has changed: 4 ms a frame while a large grid plays.
 */
export function onPage(canvas: HTMLCanvasElement): OffscreenCanvas {
  const drawnOn = DRAWN_ON.get(canvas) ?? canvas.transferControlToOffscreen();
  DRAWN_ON.set(canvas, drawnOn);
  return drawnOn;
}

/** A vertical line of one device pixel's sharpness that stays visible on black and on white. */
export function drawCursor({ context, ratio }: Surface, x: number, top: number, height: number): void {
  const sharp = (Math.round(x * ratio) + 0.5) / ratio;
  context.fillStyle = "rgb(0 0 0 / 55%)";
  context.fillRect(sharp - 1.5, top, 3, height);
  context.fillStyle = "#fff";
  context.fillRect(sharp - 0.5, top, 1, height);
}
