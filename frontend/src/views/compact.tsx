/** Clip and layer as two selects, for frames too narrow for the lists. */
import type { JSX } from "preact";

import type { Panel } from "../panel";

export function ClipSelect({ panel: { state } }: { panel: Panel }): JSX.Element {
  return (
    <NameSelect
      label="Clip"
      names={state.layout.value?.probes ?? []}
      chosen={state.clipName.value ?? ""}
      choose={state.chooseClip}
    />
  );
}

export function LayerSelect({ panel: { state } }: { panel: Panel }): JSX.Element {
  return (
    <NameSelect
      label="Layer"
      names={state.layout.value?.layers ?? []}
      chosen={state.layerName.value ?? ""}
      choose={state.chooseLayer}
    />
  );
}

interface NameSelectProps {
  readonly label: string;
  readonly names: readonly { readonly name: string }[];
  readonly chosen: string;
  readonly choose: (name: string) => void;
}

function NameSelect({ label, names, chosen, choose }: NameSelectProps): JSX.Element {
  return (
    <label class="field">
      {label}
      <select
        class="select"
        value={chosen}
        title={chosen}
        onChange={(event) => {
          choose(event.currentTarget.value);
        }}
      >
        {chosen === "" || names.some(({ name }) => name === chosen) ? null : (
          <option value={chosen} disabled>
            {chosen} (not at this epoch)
          </option>
        )}
        {names.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
