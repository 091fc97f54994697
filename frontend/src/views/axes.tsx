/** The labels beside and below the input's tracks. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import { classLabels, hertzLabels, secondLabels } from "../axis_labels";
import type { Panel } from "../panel";
import { timeToX, xToTime } from "../pure/timing";
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
        <span key={name} title={name} class={label ? "true" : ""} style={{ top: `${at}px` }}>
          {text}
        </span>
      ))}
    </div>
  );
}

/** The seconds under all tracks. Dragging along them chooses what is looped. */
export function SecondsAxis({ panel }: { panel: Panel }): JSX.Element {
  const { ref, size } = useSize<HTMLDivElement>(panel);
  const begin = useRef<number | null>(null);
  const seconds = panel.derived.seconds.value;
  const { width } = size.value;
  const loop = panel.player.loop.value;
  const part = loop !== null && (loop[0] > 0 || loop[1] < panel.player.duration.value) ? loop : null;
  const at = (event: PointerEvent) =>
    xToTime(event.clientX - (ref.current?.getBoundingClientRect().left ?? 0), seconds, width);
  return (
    <div
      ref={ref}
      class="seconds"
      title="Drag along the seconds to repeat a part"
      data-testid="seconds"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        begin.current = at(event);
      }}
      onPointerMove={(event) => {
        if (begin.current !== null) panel.player.setLoop([begin.current, at(event)]);
      }}
      onPointerUp={() => {
        begin.current = null;
      }}
      onPointerCancel={() => {
        begin.current = null;
      }}
    >
      {part === null ? null : (
        <i
          class="loop"
          style={{
            left: `${timeToX(part[0], seconds, width)}px`,
            width: `${timeToX(part[1], seconds, width) - timeToX(part[0], seconds, width)}px`,
          }}
        />
      )}
      {secondLabels(seconds, width).map(({ text, at }) => (
        <span key={text} style={{ left: `${at}px` }}>
          {text}
        </span>
      ))}
    </div>
  );
}
