/** Above the grid: which layer, as what, in which order and on which scale. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import type { ScaleMode } from "../pure/scale";
import type { Mode } from "../state";
import { SHARED_WORDS } from "../shared_scale";
import { tileSize } from "../tile_size";
import { asSentence, count } from "../words";
import { Choice } from "./choice";
import { Icon } from "./icons";
import { Legend } from "./legend";
import { Sorting } from "./sorting";
import { ViewSwitch } from "./view_switch";

type Reach = ScaleMode | `${ScaleMode}-epochs`;

const SCALES: readonly (readonly [Reach, string])[] = [
  ["filter", "per filter"],
  ["layer", "per layer"],
  ["filter-epochs", "filter, all epochs"],
  ["layer-epochs", "layer, all epochs"],
];

export function GridBar({ panel }: { panel: Panel }): JSX.Element {
  const { state, derived } = panel;
  const layer = derived.layer.value ?? state.layer.value;
  const name = layer?.name ?? state.layerName.value ?? "";
  return (
    <div class="grid-bar">
      <h2 data-testid="grid-title" title={name}>
        {name} {layer === null ? null : <small>{count(layer.filters, "filter")}</small>}
      </h2>
      <ViewSwitch panel={panel} />
      <ModeSwitch panel={panel} />
      <Sorting panel={panel} />
      <label class="field">
        <span class="hint">Scale</span>
        <ScaleChoice panel={panel} />
      </label>
      <Legend panel={panel} />
      <span class="space" />
      <span class="field">
        <button
          type="button"
          class="button"
          aria-label="Find a filter"
          title="Find a filter by its number or class (/)"
          data-testid="find-open"
          onClick={() => {
            panel.overlay.value = "find";
          }}
        >
          <Icon name="find" />
        </button>
        <Size panel={panel} />
      </span>
    </div>
  );
}

/** Where filters have no scales of their own the choice is kept for layers in which they do, and what stands in for it is shown. */
function ScaleChoice({ panel: { state, derived } }: { panel: Panel }): JSX.Element {
  const shared = derived.shared.value;
  const scale = shared === null ? state.scale.value : "layer";
  return (
    <Choice
      testId="scale"
      class="select reach"
      options={SCALES}
      refused={(value) => (shared !== null && value === state.scale.value ? asSentence(SHARED_WORDS[shared]) : null)}
      chosen={state.acrossEpochs.value ? `${scale}-epochs` : scale}
      choose={(chosen) => {
        state.chooseScale(chosen.startsWith("layer") ? "layer" : "filter", chosen.endsWith("epochs"));
      }}
    />
  );
}

export function ModeSwitch({ panel }: { panel: Panel }): JSX.Element {
  const { state, data } = panel;
  const modes: readonly {
    readonly mode: Mode;
    readonly name: string;
    readonly title: string;
    readonly why: string | null;
  }[] = [
    {
      mode: "strip",
      name: "Strip",
      title: "The whole clip in each tile (1)",
      why: refusal("strips", data.noStrips.value),
    },
    {
      mode: "window",
      name: "Window",
      title: "What the network computed for the present window (2)",
      why: refusal("single windows", data.noWindows.value, () => clipsWithWindows(panel)),
    },
    { mode: "raster", name: "Raster", title: "One row per filter over the whole clip (3)", why: null },
  ];
  return (
    <div class="segments" role="group" aria-label="What a tile shows">
      {modes.map(({ mode, name, title, why }) => (
        <button
          key={mode}
          type="button"
          class="button"
          aria-pressed={data.mode.value === mode}
          disabled={why !== null}
          title={why ?? title}
          data-testid={`mode-${mode}`}
          onClick={() => {
            state.chooseMode(mode);
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

function refusal(what: string, why: string | null, instead = (): string => ""): string | null {
  return why === null ? null : `No ${what}: ${why}${instead()}`;
}

/** How many are named. */
const FEW = 3;

function clipsWithWindows({ state, clipList }: Panel): string {
  const clips = (state.layout.value?.probes ?? []).filter(({ name }) => clipList.kept(name) === "windows");
  const more = clips.length > FEW ? ` and ${clips.length - FEW} more` : "";
  const names = clips.slice(0, FEW).map(({ name }) => name);
  return clips.length === 0 ? "" : `. Kept of ${names.join(", ")}${more}`;
}

/** How large tiles are or, of rows, how high. */
export function Size({ panel }: { panel: Panel }): JSX.Element {
  const { rows, least, most, size, chosen, choose } = tileSize(panel);
  return (
    <span class="field size">
      <label class="field">
        <span class="hint">{rows ? "Rows" : "Tiles"}</span>
        <input
          type="range"
          min={least}
          max={most}
          value={size}
          aria-valuetext={`${size} pixels ${rows ? "high" : "wide"}`}
          data-testid="tile-size"
          onInput={(event) => {
            choose(Number(event.currentTarget.value));
          }}
        />
      </label>
      <button
        type="button"
        class="button"
        aria-pressed={chosen === null}
        title={`The largest ${rows ? "rows" : "tiles"} at which all filters fit`}
        data-testid="tile-fit"
        onClick={() => {
          choose(null);
        }}
      >
        Fit
      </button>
    </span>
  );
}
