/** The bars behind the names and numbers of the classes: drawn by the painter, so that nothing is laid out for another length. */
import { useSignal } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useMemo } from "preact/hooks";

import type { Brush } from "../painting/recording";
import type { Panel } from "../panel";
import type { Box } from "../pure/placement";
import { bestOf, classBars, sharesOf } from "../pure/predict";
import { colourToken } from "../theme";
import { sharp } from "./moment_drawing";
import { PaintedCanvas } from "./painted_canvas";
import type { Surface } from "./surface";

interface BarLengthsProps {
  readonly panel: Panel;
  readonly list: RefObject<HTMLUListElement | null>;
  /** Indices of the classes that have a row in the page, in the rows' order. */
  readonly classes: readonly number[];
}

/** CSS pixels. */
interface Places {
  /** In the list. */
  readonly canvas: Box;
  /** On the canvas. */
  readonly rows: readonly Box[];
}

const NOWHERE: Places = { canvas: { x: 0, y: 0, width: 0, height: 0 }, rows: [] };

export function BarLengths({ panel, list, classes }: BarLengthsProps): JSX.Element {
  const places = useSignal(NOWHERE);
  const shown = useSignal(classes);
  useLayoutEffect(() => {
    const scope = panel.scope.child();
    shown.value = classes;
    const measure = (): void => {
      if (list.current !== null) places.value = placesIn(list.current);
    };
    // Rows are lower where the window is, in a list that is not.
    for (const element of [list.current, list.current?.querySelector("[data-class]") ?? null]) {
      if (element !== null) scope.onResize(element, measure);
    }
    return () => {
      scope.close();
    };
    // The classes themselves are another array each time.
  }, [panel, list, classes.join()]);
  const draw = useMemo(
    () => (surface: Surface<Brush>) => {
      const predictions = panel.derived.predictions.value;
      if (predictions === null) return;
      const bars = classBars(predictions, panel.window.value ?? 0, []);
      const [best, shares] = [bestOf(bars)?.index, sharesOf(bars)];
      for (const [row, box] of places.value.rows.entries()) {
        const index = shown.value[row] ?? -1;
        fill(surface, box, "--ground");
        fill(
          surface,
          { ...box, width: box.width * (shares[index] ?? 0) },
          index === best ? "--bar-first" : "--bar-soft",
        );
      }
    },
    [panel, places, shown],
  );
  const { x, y, width, height } = places.value.canvas;
  const style = { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
  return (
    <li class="lengths" aria-hidden="true" style={style}>
      <PaintedCanvas panel={panel} testId="bar-lengths" draw={draw} />
    </li>
  );
}

function placesIn(list: HTMLElement): Places {
  const origin = list.getBoundingClientRect();
  const boxes = [...list.querySelectorAll("[data-class]")].map((row) => {
    const { left, top, width, height } = row.getBoundingClientRect();
    return { x: left - origin.left, y: top - origin.top + list.scrollTop, width, height };
  });
  if (boxes.length === 0) return NOWHERE;
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const rows = boxes.map((box) => ({ ...box, x: box.x - x, y: box.y - y }));
  return { canvas: { x, y, width: right - x, height: bottom - y }, rows };
}

/** The last pixel of a row's height is between it and the next. */
function fill({ context, ratio }: Surface<Brush>, { x, y, width, height }: Box, colour: `--${string}`): void {
  const [left, top] = [sharp(x, ratio), sharp(y, ratio)];
  context.fillStyle = colourToken(colour);
  context.fillRect(left, top, sharp(x + width, ratio) - left, sharp(y + height - 1, ratio) - top);
}
