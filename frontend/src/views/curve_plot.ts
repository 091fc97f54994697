/** One uPlot chart of a pane: logged epochs ticked, the chosen one marked. Knows nothing of state. */
import uPlot from "uplot";

import { alignedColumns, labelledSteps, labelledValues } from "../pure/curve_axis";
import type { Pane } from "../pure/curves";
import { colourToken } from "../theme";
import { canvasFont } from "../type_scale";
import { number } from "../words";

export interface Marks {
  /** Logged steps, ascending. */
  readonly logged: readonly number[];
  readonly chosen: number | null;
  /** First and last step of the axis. */
  readonly range: readonly [number, number];
}

const FONT = canvasFont("small");
/** Least distance in CSS pixels between the middle of "before training" and the next label. */
const LABEL_ROOM = 46;
/** From one label on the values' axis to the next, and from "before training" to the lowest. */
const VALUE_ROOM = 12;
const LINE_ROOM = 8;
/** Axis increments: whole steps only. */
const INCREMENTS = [1, 2, 5].flatMap((factor) => Array.from({ length: 8 }, (_, power) => factor * 10 ** power));
const LINE_TOKENS = ["--accent", "--ink-soft"] as const;

/** Draws into `host`; `marks` is asked at every drawing. Update with `setData(alignedColumns(pane))` or `redraw()`. */
export function createCurvePlot(
  host: HTMLElement,
  pane: Pane,
  marks: () => Marks,
  width: number,
  height: number,
): uPlot {
  const ink = (): string => colourToken("--ink-soft");
  const grid = { stroke: () => colourToken("--line"), width: 1 };
  return new uPlot(
    {
      width,
      height,
      // Half a number stands above the topmost line.
      padding: [7, 26, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: { x: { time: false, range: () => padded(marks().range) } },
      series: [{}, ...pane.lines.map((_, index) => lineStyle(index))],
      axes: [
        {
          stroke: ink,
          font: FONT,
          // Half a number of the other axis stands below the lowest line.
          size: 17,
          gap: 4,
          grid: { show: false },
          ticks: { show: false },
          incrs: [...INCREMENTS].sort((a, b) => a - b),
          splits: (plot, _, min, max, increment) => {
            const room = (LABEL_ROOM / Math.max(plot.bbox.width / uPlot.pxRatio, 1)) * (max - min);
            return [...labelledSteps(marks().range, increment, room)];
          },
          values: (_, splits) => splits.map((step) => (step < 0 ? "before training" : step.toLocaleString("en"))),
        },
        {
          stroke: ink,
          font: FONT,
          size: 44,
          gap: 4,
          // What is found with it is not used, yet without any the axis would not be shown.
          space: 1,
          grid,
          ticks: { show: false },
          splits: (plot, _, min, max) => {
            const pixel = (max - min) / Math.max(plot.bbox.height / uPlot.pxRatio, 1);
            const low = marks().range[0] < 0 ? min + LINE_ROOM * pixel : min;
            return [...labelledValues(low, max, VALUE_ROOM * pixel)];
          },
          values: (_, splits) => splits.map(number),
        },
      ],
      hooks: {
        drawAxes: [
          (plot) => {
            if (areBar(plot, marks())) drawTicks(plot, marks().logged);
          },
        ],
        draw: [
          (plot) => {
            const { logged, chosen } = marks();
            if (!areBar(plot, marks())) drawTicks(plot, logged);
            if (chosen !== null) strokeSteps(plot, [chosen], { width: 2, height: plot.bbox.height });
          },
        ],
      },
    },
    alignedColumns(pane),
    host,
  );
}

function padded([first, last]: readonly [number, number]): [number, number] {
  const margin = Math.max((last - first) * 0.015, first === last ? 0.5 : 0);
  return [first - margin, last + margin];
}

function lineStyle(index: number): uPlot.Series {
  return {
    stroke: () => colourToken(LINE_TOKENS[index] ?? "--ink-faint"),
    width: 1.5,
    ...(index === 1 ? { dash: [5, 3] } : {}),
    spanGaps: true,
    points: { size: 4, show: (_, __, first, last) => last - first < 24 },
  };
}

const TICK = 4;
/** Nearer to each other than this many pixels ticks are a bar, which would hide the lines: it goes below them. */
const TICK_ROOM = 3;

function areBar({ bbox }: uPlot, { logged }: Marks): boolean {
  return logged.length * TICK_ROOM * uPlot.pxRatio > bbox.width;
}

function drawTicks(plot: uPlot, logged: readonly number[]): void {
  strokeSteps(plot, logged, { width: 1, height: TICK * uPlot.pxRatio });
}

/** Upright lines from the bottom: `width` in CSS pixels, `height` in those of the canvas. */
function strokeSteps(plot: uPlot, steps: readonly number[], { width, height }: Box): void {
  const { ctx, bbox } = plot;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  ctx.strokeStyle = colourToken("--epoch");
  ctx.lineWidth = width * uPlot.pxRatio;
  for (const step of steps) {
    // The middle of a line that is an odd number of pixels wide lies between two edges of them.
    const x = Math.round(plot.valToPos(step, "x", true)) + (ctx.lineWidth % 2) / 2;
    ctx.beginPath();
    ctx.moveTo(x, bottom - height);
    ctx.lineTo(x, bottom);
    ctx.stroke();
  }
  ctx.restore();
}

interface Box {
  readonly width: number;
  readonly height: number;
}
