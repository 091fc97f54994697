/** A filter's kernel: what it weighs its few input channels by. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { colourOf, css, type MapName } from "../pure/colormap";
import { kernelBoxes, kernelCellAt, weightAt, type Kernel } from "../pure/kernel";
import type { Box } from "../pure/placement";
import { asSentence, count, number } from "../words";
import { Canvas } from "./canvas";
import type { Context, Surface } from "./surface";

/** CSS pixels of a kernel's picture, at most. */
const WIDTH = 216;
const HEIGHT = 96;

export function KernelPart({ panel: { inspection, state }, panel }: { panel: Panel }): JSX.Element {
  const pointed = useSignal<string | null>(null);
  const kernel = inspection.kernel.value;
  if (kernel === null) {
    const why = inspection.noKernel.value;
    return (
      <section class="no-kernel" aria-label="Kernel">
        <h4 class="title">Kernel</h4>
        <p class="soft" data-testid="no-kernel">
          {why === null ? "" : asSentence(why)}
        </p>
      </section>
    );
  }
  const boxes = kernelBoxes(kernel, WIDTH, HEIGHT);
  const last = boxes.at(-1) ?? { x: 0, y: 0, width: 0, height: 0 };
  return (
    <section aria-label="Kernel">
      <h4 class="title">
        Kernel <span>{shapeOf(kernel)}</span>
      </h4>
      <div
        class="large-map"
        style={{ width: `${last.x + last.width}px`, height: `${last.height}px` }}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          pointed.value = said(kernel, boxes, event.clientX - box.left, event.clientY - box.top);
        }}
        onPointerLeave={() => {
          pointed.value = null;
        }}
      >
        <Canvas
          panel={panel}
          testId="inspector-kernel"
          label={`Kernel, ${shapeOf(kernel)}`}
          draw={(surface) => {
            const drawn = inspection.kernel.value;
            if (drawn !== null) drawKernel(surface, drawn, kernelBoxes(drawn, WIDTH, HEIGHT), state.colours.value);
          }}
        />
      </div>
      <p class="soft" data-testid="kernel-reading">
        {pointed.value ?? `black is zero, full ±${number(kernel.largest)}`}
      </p>
    </section>
  );
}

function shapeOf({ channels, rows, columns }: Kernel): string {
  const taps = rows > 1 ? `${count(columns, "column")} × ${count(rows, "row")}` : count(columns, "tap");
  return channels > 1 ? `${taps}, ${count(channels, "channel")}` : taps;
}

function said(kernel: Kernel, boxes: readonly Box[], x: number, y: number): string | null {
  const cell = kernelCellAt(kernel, boxes, x, y);
  if (cell === null) return null;
  const at = kernel.rows > 1 ? `column ${cell.column + 1}, row ${cell.row + 1}` : `tap ${cell.column + 1}`;
  const channel = kernel.channels > 1 ? ` of channel ${cell.channel}` : "";
  return `${at}${channel}: ${number(weightAt(kernel, cell))}`;
}

function drawKernel({ context }: Surface, kernel: Kernel, boxes: readonly Box[], map: MapName): void {
  const { rows, columns, largest } = kernel;
  for (const [channel, box] of boxes.entries()) {
    const [across, up] = [box.width / columns, box.height / rows];
    const curve = rows === 1 && across < 3;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const weight = weightAt(kernel, { channel, row, column });
        const [x, y] = [box.x + column * across, box.y + box.height - (row + 1) * up];
        context.fillStyle = css(colourOf(weight, largest, map));
        if (!curve) context.fillRect(x, y, across, up);
        else
          drawTap(context, { x, width: Math.max(across, 1), middle: y + up / 2, reach: ((up / 2) * weight) / largest });
      }
    }
  }
}

/** Many taps of one axis are read as a curve: each from zero to its weight. */
function drawTap(
  context: Context,
  {
    x,
    width,
    middle,
    reach,
  }: { readonly x: number; readonly width: number; readonly middle: number; readonly reach: number },
): void {
  context.fillRect(x, Math.min(middle, middle - reach), width, Math.max(Math.abs(reach), 1));
}
