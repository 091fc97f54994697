/** What the network hears: spectrogram, waveform and class x time on the same seconds, under one cursor. */
import type { ComponentChildren, JSX } from "preact";

import type { InputPoint } from "../input_pointing";
import type { Panel } from "../panel";
import { xToTime } from "../pure/timing";
import type { Resource } from "../resource";
import { asSentence } from "../words";
import { ClassAxis, ClassAxisWidth, HertzAxis, SecondsAxis } from "./axes";
import { Canvas } from "./canvas";
import { drawClasses, drawOverlay, drawSpectrogram, drawWaveform } from "./input_drawing";
import { InputMoment } from "./input_moment";
import { withoutPredictions } from "./prediction";
import { useSize } from "./size";
import { Transport } from "./transport";

export function Input({ panel }: { panel: Panel }): JSX.Element {
  const { data, state } = panel;
  const { ref, size } = useSize<HTMLDivElement>(panel, (track) => {
    const { left, width } = track.getBoundingClientRect();
    panel.track.value = { left, width };
  });
  const probe = data.probe.value;
  const clip = state.clipName.value ?? "";
  const missed = probe === null && data.clips.value !== null;
  // What cannot be read is told where the grid would be; black would look like silence.
  const unread =
    probe === null &&
    (data.probes.resource.value.status === "failed" ||
      state.steps.value?.problem != null ||
      state.entry.value?.record === null);
  return (
    <section class="input" aria-label="Input">
      <Transport panel={panel} />
      <div class="tracks">
        <ClassAxisWidth panel={panel} />
        <HertzAxis panel={panel} />
        <div ref={ref} class="first">
          <Track
            panel={panel}
            kind="spectrogram"
            reads="spectrogram"
            absent={
              unread
                ? ""
                : missed
                  ? `Clip ${clip} was not logged at this epoch.`
                  : absence("spectrogram", data.image.resource.value, probe?.image === null)
            }
          >
            <Canvas
              panel={panel}
              testId="spectrogram"
              label={`Spectrogram of clip ${clip}`}
              draw={(surface) => {
                drawSpectrogram(panel, surface);
              }}
            />
          </Track>
        </div>

        <Track
          panel={panel}
          kind="wave second"
          absent={absence("sound", data.waveform.resource.value, probe?.waveform === null)}
        >
          <Canvas
            panel={panel}
            testId="waveform"
            label={`Waveform of clip ${clip}`}
            draw={(surface) => {
              drawWaveform(panel, surface);
            }}
          />
        </Track>
        <ClassAxis panel={panel} />
        <Track
          panel={panel}
          kind="classes third"
          reads="classes"
          absent={missed || unread ? "" : withoutPredictions(panel) || null}
        >
          <Canvas
            panel={panel}
            testId="classes"
            label="Score of each class over time"
            draw={(surface) => {
              drawClasses(panel, surface);
            }}
          />
        </Track>
        <div class="overlay">
          <Canvas
            panel={panel}
            testId="input-cursor"
            label={null}
            draw={(surface) => {
              drawOverlay(panel, surface, size.value.height);
            }}
          />
          <InputMoment panel={panel} spectrogram={size} />
        </div>
        <SecondsAxis panel={panel} />
      </div>
      <PresentWindow panel={panel} />
    </section>
  );
}

/** In words, for those who do not see the bracket. */
function PresentWindow({ panel: { windowInWords, state, derived } }: { panel: Panel }): JSX.Element {
  const window = windowInWords.value;
  const [place, windows] = [(window ?? 0) + 1, state.clip.value?.windows ?? 0];
  return (
    <p class="visually-hidden" data-testid="window" data-window={window ?? ""}>
      {window === null ? "" : `Window ${place} of ${windows}${derived.stale.value ? ", loading" : ""}`}
    </p>
  );
}

function absence(what: string, resource: Resource<unknown>, notLogged: boolean): string | null {
  if (resource.status === "failed") return asSentence(`The ${what} of this clip cannot be shown: ${resource.reason}`);
  return notLogged ? `No ${what} was logged with this clip.` : null;
}

interface TrackProps {
  readonly panel: Panel;
  readonly kind: string;
  /** What is told of the place under the pointer; nothing where left out. */
  readonly reads?: InputPoint["track"];
  /** What stands in the track's place, or null. */
  readonly absent: string | null;
  readonly children: ComponentChildren;
}

/** Clicking or dragging anywhere in a track moves the moment. */
function Track({ panel, kind, reads, absent, children }: TrackProps): JSX.Element {
  const seek = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    panel.seek(xToTime(event.clientX - box.left, panel.derived.seconds.peek(), box.width));
  };
  return (
    <div
      class={`track ${kind}`}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(event);
        if (reads === undefined) return;
        const box = event.currentTarget.getBoundingClientRect();
        const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
        panel.pointInput({ track: reads, x, y });
      }}
      onPointerLeave={() => {
        panel.pointInput(null);
      }}
    >
      {absent === null ? (
        children
      ) : (
        <div class="absent">{absent === "" ? null : <span title={absent}>{absent}</span>}</div>
      )}
    </div>
  );
}
