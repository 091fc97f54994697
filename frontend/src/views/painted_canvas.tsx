/** As `Canvas`, for a picture that changes often: the painter draws it, so that the page's own thread stays free. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import { easelOf, type Easel } from "../painting/easel";
import type { Brush } from "../painting/recording";
import type { Panel } from "../panel";
import { useDrawing } from "./canvas";
import type { Surface } from "./surface";

interface PaintedCanvasProps {
  readonly panel: Panel;
  readonly testId: string;
  /** Reads signals only: what it read decides when it is called again. The surface is cleared, in CSS pixels. */
  readonly draw: (surface: Surface<Brush>) => void;
}

export function PaintedCanvas({ panel, testId, draw }: PaintedCanvasProps): JSX.Element {
  const easel = useRef<Easel | null>(null);
  const element = useDrawing(panel, (canvas, size, scope) => {
    const painter = panel.painter.value;
    // A canvas is given to a painter for good.
    if (painter === undefined) return;
    easel.current ??= easelOf(canvas, painter, scope);
    easel.current.draw(size, true, draw, () => undefined);
  });
  return <canvas ref={element} data-testid={testId} aria-hidden="true" />;
}
