/** Play, loop, speed and the time of the clip. */
import { computed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import type { Brush } from "../painting/recording";
import type { Panel } from "../panel";
import { colourToken } from "../theme";
import { canvasFont } from "../type_scale";
import type { ImageEntry } from "../types";
import { clockTime } from "../words";
import { Icon } from "./icons";
import { LoopChip } from "./loop_region";
import { PaintedCanvas } from "./painted_canvas";
import type { Surface } from "./surface";

const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2];

export function Transport({ panel }: { panel: Panel }): JSX.Element {
  const { player } = panel;
  const reading = panel.inputReading.value;
  const caption = reading ?? player.problem.value ?? captionOf(panel.data.probe.value?.image ?? null);
  return (
    <div class="transport">
      <PlayButton panel={panel} />
      <Time panel={panel} />
      <Announcement panel={panel} />
      <button
        type="button"
        class="button"
        aria-label="Loop"
        title="Repeat the clip; drag along the seconds below it to repeat a part"
        aria-pressed={player.looping.value}
        data-testid="loop"
        onClick={() => {
          player.setLoop(player.looping.value ? null : "all");
        }}
      >
        <Icon name="loop" />
      </button>
      <LoopChip panel={panel} />
      <label class="field">
        <span class="visually-hidden">Speed; the pitch stays</span>
        <select
          class="select"
          title="Speed; the pitch stays"
          data-testid="speed"
          value={String(player.speed.value)}
          onChange={(event) => {
            player.setSpeed(Number(event.currentTarget.value));
          }}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={String(speed)}>
              {speed}×
            </option>
          ))}
        </select>
      </label>
      <span class={`caption${reading === null ? "" : " reading"}`} title={caption} data-testid="input-caption">
        {caption}
      </span>
    </div>
  );
}

function captionOf(image: ImageEntry | null): string {
  if (image === null) return "";
  return `Input: ${image.title}${image.unit === "" ? "" : ` (${image.unit})`}`;
}

/** The present moment is drawn: a text that is another one at each frame would have the whole page laid out and painted again. */
function Time({ panel }: { panel: Panel }): JSX.Element {
  const { player } = panel;
  const draw = useMemo(() => drawTime(panel), [panel]);
  return (
    <span class="time">
      <PaintedCanvas panel={panel} testId="time-drawn" draw={draw} />
      <span class="visually-hidden" data-testid="time">
        {player.playing.value ? "Playing" : clockTime(panel.time.value)}
      </span>
      <span class="soft">/ {clockTime(player.duration.value)}</span>
    </span>
  );
}

/** For screen readers: that it plays, and where it stopped. */
function Announcement({ panel }: { panel: Panel }): JSX.Element {
  const text = useSignal("");
  useSignalEffect(() => {
    if (panel.player.playing.value) text.value = "Playing";
    else if (text.peek() !== "") text.value = `Stopped at ${clockTime(panel.time.peek())}`;
  });
  return (
    <span class="visually-hidden" role="status" data-testid="playing-told">
      {text.value}
    </span>
  );
}

/** While it plays in tenths, which can be read. */
function drawTime(panel: Panel): (surface: Surface<Brush>) => void {
  const text = computed(() => {
    const whole = clockTime(panel.time.value);
    return panel.player.playing.value ? whole.slice(0, -1) : whole;
  });
  return ({ context, width, height }) => {
    context.font = canvasFont("title", 500);
    context.fillStyle = colourToken("--ink");
    context.textBaseline = "middle";
    // From where the hundredths would have it begin.
    const left = width - context.measureText(text.value.replace(/\.(\d)$/, ".$1$1")).width;
    context.fillText(text.value, left, height / 2);
  };
}

function PlayButton({ panel }: { panel: Panel }): JSX.Element {
  const { player } = panel;
  const playing = player.playing.value;
  const silent = panel.data.probe.value?.audio === null;
  const label = playing ? "Pause" : silent ? "Play without sound" : "Play with sound";
  return (
    <button
      type="button"
      class="button play"
      title={`${playing ? "Pause" : "Play"} (Space)`}
      data-testid="play"
      disabled={panel.data.probe.value === null}
      onClick={panel.togglePlaying}
    >
      <Icon name={playing ? "pause" : "play"} />
      {label}
    </button>
  );
}
