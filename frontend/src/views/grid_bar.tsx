/** Above the grid: which layer, as what, in which order and on which scale. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { SMALLEST_WIDTH } from "../pure/layout";
import type { Mode, Scale, Sort } from "../state";
import { count } from "../words";
import { Icon } from "./icons";
import { Legend } from "./legend";

const SORTS: readonly (readonly [Sort, string])[] = [
  ["onset", "onset to harmonic"],
  ["strength", "strength"],
  ["index", "number"],
];
const SCALES: readonly (readonly [Scale, string])[] = [
  ["filter", "per filter"],
  ["layer", "per layer"],
];
const LARGEST_TILE = 420;

export function GridBar({ panel }: { panel: Panel }): JSX.Element {
  const { state, derived } = panel;
  const layer = derived.layer.value ?? state.layer.value;
  const name = layer?.name ?? state.layerName.value ?? "";
  return (
    <div class="grid-bar">
      <h2 data-testid="grid-title" title={name}>
        {name} {layer === null ? null : <small>{count(layer.filters, "filter")}</small>}
      </h2>
      <ModeSwitch panel={panel} />
      <span class="field">
        <label class="field">
          <span class="hint">Sort</span>
          <SortChoice panel={panel} />
        </label>
        <SortAgain panel={panel} />
      </span>
      <label class="field">
        <span class="hint">Scale</span>
        <Choice testId="scale" options={SCALES} chosen={state.scale.value} choose={state.chooseScale} />
      </label>
      <Legend panel={panel} />
      <span class="space" />
      <TileSize panel={panel} />
    </div>
  );
}

function ModeSwitch({ panel: { state, data } }: { panel: Panel }): JSX.Element {
  const why = data.noWindows.value;
  const shown: Mode = why === null ? state.mode.value : "strip";
  return (
    <div class="segments" role="group" aria-label="What a tile shows">
      <button
        type="button"
        class="button"
        aria-pressed={shown === "strip"}
        title="The whole clip in each tile (1)"
        data-testid="mode-strip"
        onClick={() => {
          state.chooseMode("strip");
        }}
      >
        Strip
      </button>
      <button
        type="button"
        class="button"
        aria-pressed={shown === "window"}
        disabled={why !== null}
        title={why === null ? "What the network computed for the present window (2)" : `No single windows: ${why}`}
        data-testid="mode-window"
        onClick={() => {
          state.chooseMode("window");
        }}
      >
        Window
      </button>
    </div>
  );
}

/** Where the layer has no such order the choice is kept for those that have, and what stands in for it is shown. */
function SortChoice({ panel: { state, derived } }: { panel: Panel }): JSX.Element {
  const problem = derived.onset.problem.value;
  const refused = problem === null ? null : { value: "onset" as const, why: `No onset to harmonic: ${problem}` };
  const chosen = state.sort.value === refused?.value ? "index" : state.sort.value;
  return <Choice testId="sort" options={SORTS} chosen={chosen} choose={state.sortBy} refused={refused} />;
}

/** Tiles keep their places when epoch or clip change; this puts them in order for what is shown now. */
function SortAgain({ panel: { state, derived } }: { panel: Panel }): JSX.Element | null {
  const order = derived.order.value;
  const picture = derived.shown.value?.picture;
  if (order === null || picture === undefined || order.sort === "index") return null;
  const current = order.step === picture.step && order.clip === picture.clip;
  return (
    <button
      type="button"
      class="button"
      aria-label="Sort again for what is shown now"
      style={{ visibility: current ? "hidden" : "visible" }}
      title={`Sorted for ${order.clip}, step ${order.step}. Sort for what is shown now.`}
      data-testid="sort-again"
      onClick={() => {
        state.sortBy(order.sort);
      }}
    >
      <Icon name="again" />
    </button>
  );
}

function TileSize({ panel: { state, tiles } }: { panel: Panel }): JSX.Element {
  const width = tiles.value?.grid.tileWidth ?? SMALLEST_WIDTH;
  return (
    <span class="field">
      <label class="field">
        <span class="hint">Tiles</span>
        <input
          type="range"
          min={SMALLEST_WIDTH}
          max={LARGEST_TILE}
          value={width}
          aria-valuetext={`${width} pixels wide`}
          data-testid="tile-size"
          onInput={(event) => {
            state.chooseTileWidth(Number(event.currentTarget.value));
          }}
        />
      </label>
      <button
        type="button"
        class="button"
        aria-pressed={state.tileWidth.value === null}
        title="The largest tiles at which all filters fit"
        data-testid="tile-fit"
        onClick={() => {
          state.chooseTileWidth(null);
        }}
      >
        Fit
      </button>
    </span>
  );
}

interface ChoiceProps<T extends string> {
  readonly testId: string;
  readonly options: readonly (readonly [T, string])[];
  readonly chosen: T;
  readonly choose: (value: T) => void;
  /** An option that cannot be chosen now, and why. */
  readonly refused?: { readonly value: T; readonly why: string } | null;
}

function Choice<T extends string>({ testId, options, chosen, choose, refused = null }: ChoiceProps<T>): JSX.Element {
  return (
    <select
      class="select"
      data-testid={testId}
      value={chosen}
      title={refused?.why}
      onChange={(event) => {
        const option = options.find(([value]) => value === event.currentTarget.value);
        if (option !== undefined) choose(option[0]);
      }}
    >
      {options.map(([value, text]) => (
        <option
          key={value}
          value={value}
          disabled={value === refused?.value}
          title={value === refused?.value ? refused.why : undefined}
        >
          {text}
        </option>
      ))}
    </select>
  );
}
