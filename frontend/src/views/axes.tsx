/** The labels beside and below the input's tracks. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import type { Panel } from "../panel";
import { hertzToCell } from "../pure/axes";
import { LINE, placeLabels } from "../pure/labels";
import { meanScores, argmax } from "../pure/predict";
import { ticks, timeToX, xToTime } from "../pure/timing";
import { hertzTick } from "../words";
import { useSize } from "./size";

const HERTZ = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];

export function HertzAxis({ panel }: { panel: Panel }): JSX.Element {
  const { ref, size } = useSize<HTMLDivElement>(panel);
  const hertz = panel.data.probe.value?.image?.hertz ?? [];
  const { height } = size.value;
  const labels = HERTZ.map((frequency) => ({
    frequency,
    at: height * (1 - (hertzToCell(frequency, hertz) + 0.5) / hertz.length),
  })).reverse();
  return (
    <div ref={ref} class="axis first" aria-hidden="true">
      {placeLabels(labels, height).map(({ frequency, at }) => (
        <span key={frequency} style={{ top: `${at}px` }}>
          {hertzTick(frequency)}
        </span>
      ))}
    </div>
  );
}

export function ClassAxis({ panel }: { panel: Panel }): JSX.Element {
  const { ref, size } = useSize<HTMLDivElement>(panel);
  const predictions = panel.derived.predictions.value;
  const { height } = size.value;
  const classes = predictions?.classes ?? [];
  const own = panel.state.clip.value?.labels ?? [];
  const best = predictions === null ? null : argmax(meanScores(predictions));
  const rank = (name: string, index: number): number => (own.includes(name) ? 0 : index === best ? 1 : 2);
  const labels = classes
    .map((name, index) => ({ name, rank: rank(name, index), at: (height * (index + 0.5)) / classes.length }))
    .map((label) => ({ ...label, kept: label.rank < 2 }))
    .sort((a, b) => a.rank - b.rank);
  const all = height / classes.length >= LINE - 3;
  return (
    <div ref={ref} class="axis third" aria-hidden="true">
      {placeLabels(
        labels.filter(({ kept }) => all || kept),
        height,
      ).map((label) => (
        <span
          key={label.name}
          title={label.name}
          class={label.rank === 0 ? "true" : ""}
          style={{ top: `${label.at}px` }}
        >
          {label.rank === 0 ? `▸ ${label.name}` : label.name}
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
      {ticks([0, seconds[1]], Math.max(2, width / 70)).map((tick) => (
        <span key={tick} style={{ left: `${timeToX(tick, seconds, width)}px` }}>
          {tick} s
        </span>
      ))}
    </div>
  );
}
