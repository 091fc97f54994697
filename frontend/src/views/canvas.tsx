/** A canvas that fills its box at the screen's own resolution and is drawn again whenever a signal it reads changes. */
import { effect, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Panel } from "../panel";

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export interface Surface {
  readonly context: Context;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

interface CanvasProps {
  readonly panel: Panel;
  readonly testId: string;
  /** What the picture shows, for those who do not see it; null where the element around it says so. */
  readonly label: string | null;
  /** Reads signals only: what it read decides when it is called again. The surface is cleared, in CSS pixels. */
  readonly draw: (surface: Surface, element: HTMLCanvasElement) => void;
}

export function Canvas({ panel, testId, label, draw }: CanvasProps): JSX.Element {
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
        const { width, height } = size.value;
        // Colours are read from the stylesheet, which this signal switches.
        canvas.dataset["theme"] = panel.theme.value;
        const surface = prepare(onPage(canvas), width, height);
        if (surface !== null) latestDraw.current(surface, canvas);
      }),
    );
    return () => {
      scope.close();
    };
  }, [panel]);
  if (label === null) return <canvas ref={element} data-testid={testId} aria-hidden="true" />;
  return <canvas ref={element} data-testid={testId} role="img" aria-label={label} />;
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

/** Sizes the canvas, for the screen where no ratio is given, and clears it; null while it has no size. */
export function prepare(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  width: number,
  height: number,
  ratio?: number,
): Surface | null {
  const surface = surfaceOf(canvas, width, height, ratio);
  surface?.context.clearRect(0, 0, width, height);
  return surface;
}

/** As `prepare`, but what is drawn stays unless the size is another. */
export function surfaceOf(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  width: number,
  height: number,
  ratio = window.devicePixelRatio,
): Surface | null {
  const context = canvas instanceof OffscreenCanvas ? canvas.getContext("2d") : canvas.getContext("2d");
  if (context === null || width < 1 || height < 1) return null;
  const across = Math.round(width * ratio);
  const down = Math.round(height * ratio);
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.imageSmoothingEnabled = false;
  context.textAlign = "left";
  return { context, width, height, ratio };
}

/** A vertical line of one device pixel's sharpness that stays visible on black and on white. */
export function drawCursor({ context, ratio }: Surface, x: number, top: number, height: number): void {
  const sharp = (Math.round(x * ratio) + 0.5) / ratio;
  context.fillStyle = "rgb(0 0 0 / 55%)";
  context.fillRect(sharp - 1.5, top, 3, height);
  context.fillStyle = "#fff";
  context.fillRect(sharp - 0.5, top, 1, height);
}
