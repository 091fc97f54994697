/** Which epoch is shown, and all that goes from one to another; orange, as nothing else is. */
import type { JSX } from "preact";

import type { EpochPlayKind } from "../epoch_play";
import type { Panel } from "../panel";
import { stepUnit } from "../selection";
import { ordinal, stepName } from "../words";
import { Icon } from "./icons";

export function EpochBar({ panel }: { panel: Panel }): JSX.Element | null {
  const { state } = panel;
  const steps = state.steps.value?.steps ?? [];
  const chosen = state.step.value;
  if (chosen === null) return null;
  const place = steps.findIndex((entry) => entry.step === chosen) + 1;
  const name = stepName(chosen, state.entry.value?.record?.batch ?? null);
  const unit = stepUnit(steps);
  return (
    <>
      <div class="epoch-slot">
        <div
          class="epoch-readout"
          role="status"
          title={unit === "epoch" ? COUNTED : undefined}
          data-testid="epoch"
          data-step={chosen}
        >
          <strong>{name.toUpperCase()}</strong>
          <Place place={place} of={steps.length} />
        </div>
        <Longest panel={panel} />
      </div>
      <div class="epoch-steps" role="group" aria-label={`Go through the logged ${unit}s`}>
        <button
          type="button"
          class="button epoch"
          aria-label={`Logged ${unit} before`}
          title={`Logged ${unit} before (Shift + ←)`}
          data-testid="epoch-before"
          disabled={place <= 1}
          onClick={() => {
            state.moveStep(-1);
          }}
        >
          <Icon name="back" />
        </button>
        <button
          type="button"
          class="button epoch"
          aria-label={`Logged ${unit} after`}
          title={`Logged ${unit} after (Shift + →)`}
          data-testid="epoch-after"
          disabled={place >= steps.length}
          onClick={() => {
            state.moveStep(1);
          }}
        >
          <Icon name="forward" />
        </button>
        {steps.length < 2 ? null : (
          <>
            <Play panel={panel} kind="steady" unit={unit} />
            <Play panel={panel} kind="loop" unit={unit} />
          </>
        )}
        {panel.source.exported === true ? null : <Follow panel={panel} unit={unit} />}
        <span class="visually-hidden" role="status" data-testid="epochs-told">
          {panel.epochPlay.told.value}
        </span>
      </div>
    </>
  );
}

const COUNTED = "Epochs count from 0, as in TensorBoard's other tabs: what Keras prints as “Epoch 1” is epoch 0";

function Place({ place, of }: { place: number; of: number }): JSX.Element {
  return (
    <>
      <span class="soft wide">{`(${ordinal(place)} of ${of.toLocaleString("en")} logged)`}</span>
      <span class="soft narrow">{`(${place.toLocaleString("en")} of ${of.toLocaleString("en")})`}</span>
    </>
  );
}

/** Takes the room of the longest that may be said, unseen: what is pressed again and again must not move. */
function Longest({ panel: { state } }: { panel: Panel }): JSX.Element {
  const steps = state.steps.value?.steps ?? [];
  const names = [steps[0], steps.at(-1)].map((entry) => stepName(entry?.step ?? 0, entry?.record?.batch ?? null));
  const longest = names.reduce((one, other) => (other.length > one.length ? other : one));
  return (
    <div class="epoch-readout longest" aria-hidden="true">
      <strong>{longest.toUpperCase()}</strong>
      <Place place={steps.length} of={steps.length} />
    </div>
  );
}

function Play({ panel, kind, unit }: { panel: Panel; kind: EpochPlayKind; unit: string }): JSX.Element {
  const { epochPlay } = panel;
  const playing = epochPlay.kind.value === kind;
  const steady = kind === "steady";
  const [name, title, icon] = steady
    ? ([`Play ${unit}s`, `Show one logged ${unit} after the other at the present moment`, "play"] as const)
    : ([`+1 ${unit} per loop`, `While the sound repeats, show the next logged ${unit} at each pass`, "loop"] as const);
  return (
    <button
      type="button"
      class={`button epoch${steady ? "" : " per-loop"}`}
      aria-label={name}
      aria-pressed={playing}
      title={title}
      data-testid={steady ? "play-epochs" : "epoch-per-loop"}
      onClick={() => {
        if (playing) epochPlay.stop();
        else panel.playEpochs(kind);
      }}
    >
      <Icon name={playing ? "pause" : icon} />
      <span class="words">{steady ? name : `${unit === "step" ? "Step" : "Epoch"} per loop`}</span>
      {steady ? null : <span class="few-words">+1</span>}
    </button>
  );
}

function Follow({ panel: { state }, unit }: { panel: Panel; unit: string }): JSX.Element {
  return (
    <button
      type="button"
      class="button epoch follow"
      aria-pressed={state.following.value}
      title={`Move on to each ${unit} as soon as it is logged`}
      data-testid="follow"
      onClick={() => {
        state.follow(!state.following.value);
      }}
    >
      Follow newest
    </button>
  );
}
