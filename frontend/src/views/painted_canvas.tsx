/** As `Canvas`, for a picture that changes often: the painter draws it, so that the page's own thread stays free. */
import { effect, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { easelOf, type Easel } from "../painting/easel";
import type { Brush } from "../painting/recording";
import type { Panel } from "../panel";
import type { Surface } from "./surface";

interface PaintedCanvasProps {
  readonly panel: Panel;
  readonly testId: string;
  /** Reads signals only: what it read decides when it is called again. The surface is cleared, in CSS pixels. */
  readonly draw: (surface: Surface<Brush>) => void;
}

export function PaintedCanvas({ panel, testId, draw }: PaintedCanvasProps): JSX.Element {
  const element = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = element.current;
    if (canvas === null) return undefined;
    const scope = panel.scope.child();
    const size = signal({ width: 0, height: 0 });
    scope.onResize(canvas, (width, height) => {
      size.value = { width, height };
    });
    let easel: Easel | null = null;
    scope.onClose(
      effect(() => {
        const painter = panel.painter.value;
        // A canvas is given to a painter for good.
        if (painter === undefined) return;
        easel ??= easelOf(canvas, painter, scope);
        // Colours are read from the stylesheet, which this signal switches.
        canvas.dataset["theme"] = panel.theme.value;
        easel.draw(size.value, true, draw, () => undefined);
      }),
    );
    return () => {
      scope.close();
    };
  }, [panel, draw]);
  return <canvas ref={element} data-testid={testId} aria-hidden="true" />;
}
