/** The part that repeats, along the seconds: its edges and the whole of it can be dragged, its edges moved by keys. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import type { Panel } from "../panel";
import { isWhole, moveEdge, shiftRegion, type LoopRegion } from "../pure/loop";
import { timeToX } from "../pure/timing";
import type { Edges } from "../types";
import { seconds as secondsText } from "../words";

const FINE = 0.01;
const COARSE = 0.1;

interface LoopProps {
  readonly panel: Panel;
  /** Of the axis, which is `width` CSS pixels wide. */
  readonly seconds: Edges;
  readonly width: number;
}

export function LoopBar({ panel, seconds, width }: LoopProps): JSX.Element | null {
  const { player } = panel;
  const from = useRef<{ x: number; region: LoopRegion } | null>(null);
  const loop = player.loop.value;
  if (loop === null || width === 0) return null;
  const duration = player.duration.value;
  const [left, right] = [timeToX(loop[0], seconds, width), timeToX(loop[1], seconds, width)];
  return (
    <>
      <div
        class="loop"
        title="Drag to move the part that repeats; double-click to repeat the whole clip"
        data-testid="loop-bar"
        style={{ left: `${left}px`, width: `${right - left}px` }}
        onPointerDown={(event) => {
          if (isWhole(loop, duration)) return;
          event.stopPropagation();
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = { x: event.clientX, region: loop };
        }}
        onPointerMove={(event) => {
          if (from.current === null) return;
          const by = ((event.clientX - from.current.x) / width) * (seconds[1] - seconds[0]);
          player.setLoop(shiftRegion(from.current.region, by, duration));
        }}
        onLostPointerCapture={() => {
          from.current = null;
        }}
        onDblClick={() => {
          player.setLoop("all");
        }}
      />
      {(["start", "end"] as const).map((edge) => (
        <Handle key={edge} panel={panel} edge={edge} seconds={seconds} width={width} loop={loop} />
      ))}
    </>
  );
}

type HandleProps = LoopProps & { readonly edge: "start" | "end"; readonly loop: LoopRegion };

function Handle({ panel: { player }, seconds, width, edge, loop }: HandleProps): JSX.Element {
  const grabbed = useRef<number | null>(null);
  const duration = player.duration.value;
  const at = loop[edge === "start" ? 0 : 1];
  const put = (time: number): void => {
    player.setLoop(moveEdge(loop, edge, time, duration));
  };
  return (
    <span
      class={`loop-edge ${edge}`}
      role="slider"
      tabIndex={0}
      aria-label={edge === "start" ? "Start of the part that repeats" : "End of the part that repeats"}
      aria-valuemin={0}
      aria-valuemax={duration}
      aria-valuenow={Number(at.toFixed(3))}
      aria-valuetext={secondsText(at)}
      title="Drag, or use the arrow keys (with Shift 0.1 s); Delete repeats the whole clip"
      data-testid={`loop-${edge}`}
      style={{ left: `${timeToX(at, seconds, width)}px` }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        grabbed.current = event.clientX - timeToX(at, seconds, width);
      }}
      onPointerMove={(event) => {
        if (grabbed.current === null) return;
        put(seconds[0] + ((event.clientX - grabbed.current) / width) * (seconds[1] - seconds[0]));
      }}
      onLostPointerCapture={() => {
        grabbed.current = null;
      }}
      onKeyDown={(event) => {
        const step = event.shiftKey ? COARSE : FINE;
        const goals: Readonly<Record<string, number>> = {
          ArrowLeft: at - step,
          ArrowDown: at - step,
          ArrowRight: at + step,
          ArrowUp: at + step,
          Home: 0,
          End: duration,
        };
        const goal = goals[event.key];
        if (goal !== undefined) put(goal);
        else if (event.key === "Delete" || event.key === "Backspace") player.setLoop("all");
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}

/** Says which part repeats; a press ends that. */
export function LoopChip({ panel: { player } }: { panel: Panel }): JSX.Element | null {
  const loop = player.loop.value;
  if (loop === null || isWhole(loop, player.duration.value)) return null;
  const part = `${loop[0].toFixed(2)}–${secondsText(loop[1])}`;
  return (
    <button
      type="button"
      class="button loop-chip"
      title="Repeat the whole clip instead of this part"
      aria-label={`${part} repeats. Repeat the whole clip instead`}
      data-testid="loop-clear"
      onClick={() => {
        player.setLoop("all");
      }}
    >
      {part} <span aria-hidden="true">×</span>
    </button>
  );
}
