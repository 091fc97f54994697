/** The labels beside and below the input's tracks. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import { classLabels, hertzLabels, labelText, secondLabels } from "../axis_labels";
import type { Panel } from "../panel";
import { xToTime } from "../pure/timing";
import { LoopBar } from "./loop_region";
import { useSize } from "./size";

export function HertzAxis({ panel }: { panel: Panel }): JSX.Element {
  const { ref, size } = useSize<HTMLDivElement>(panel);
  return (
    <div ref={ref} class="axis first" aria-hidden="true">
      {hertzLabels(panel, size.value.height).map(({ text, at }) => (
        <span key={text} style={{ top: `${at}px` }}>
          {text}
        </span>
      ))}
    </div>
  );
}

export function ClassAxis({ panel }: { panel: Panel }): JSX.Element {
  const { ref, size } = useSize<HTMLDivElement>(panel);
  return (
    <div ref={ref} class="axis third" aria-hidden="true">
      {classLabels(panel, size.value.height).map(({ name, text, at, label }) => (
        <span
          key={name}
          title={label ? `${name}: its label` : name}
          class={label ? "true" : ""}
          style={{ top: `${at}px` }}
        >
          {text}
        </span>
      ))}
    </div>
  );
}

/** How many of the longest names are measured. */
const MEASURED = 8;

/** Takes as much room as the run's classes need, before any score has come: the tracks must not move. */
export function ClassAxisWidth({ panel }: { panel: Panel }): JSX.Element {
  const names = panel.state.layout.value?.classes ?? [];
  const longest = names.toSorted((a, b) => b.length - a.length).slice(0, MEASURED);
  return (
    <div class="axis third axis-width" aria-hidden="true">
      {longest.map((name) => (
        <i key={name}>{labelText(name)}</i>
      ))}
    </div>
  );
}

/** Dragging less far than this many pixels is a click. */
const DRAG = 4;

/** The seconds under all tracks. Dragging along them chooses what is looped, a click goes there. */
export function SecondsAxis({ panel }: { panel: Panel }): JSX.Element {
  const { ref, size } = useSize<HTMLDivElement>(panel);
  const from = useRef<number | null>(null);
  const dragged = useRef(false);
  const { player } = panel;
  const seconds = panel.derived.seconds.value;
  const { width } = size.value;
  const at = (x: number) => xToTime(x - (ref.current?.getBoundingClientRect().left ?? 0), seconds, width);
  const end = (): void => {
    from.current = null;
    dragged.current = false;
  };
  return (
    <div
      ref={ref}
      class="seconds"
      title="Drag along the seconds to repeat a part"
      data-testid="seconds"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = event.clientX;
      }}
      onPointerMove={(event) => {
        if (from.current === null) return;
        dragged.current ||= Math.abs(event.clientX - from.current) >= DRAG;
        if (dragged.current) player.setLoop([at(from.current), at(event.clientX)]);
      }}
      onPointerUp={() => {
        if (from.current !== null) panel.seek(dragged.current ? (player.loop.peek()?.[0] ?? 0) : at(from.current));
        end();
      }}
      onPointerCancel={end}
    >
      <LoopBar panel={panel} seconds={seconds} width={width} />
      {secondLabels(seconds, width).map(({ text, at }) => (
        <b key={text} style={{ left: `min(${at}px, 100% - 4px)` }}>
          {text}
        </b>
      ))}
    </div>
  );
}
