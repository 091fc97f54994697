/** In which order tiles stand, and since when changes are counted. */
import type { JSX } from "preact";

import { isCurrent, type Order } from "../order";
import type { Panel } from "../panel";
import type { Sort } from "../state";
import type { TakenClass } from "../taken_class";
import { SORT_WORDS, stepName } from "../words";
import { AgainButton } from "./again_button";
import { Choice } from "./choice";

const SORTS: readonly Sort[] = ["onset", "strength", "change", "selectivity", "taken", "index"];

export function Sorting({ panel }: { panel: Panel }): JSX.Element {
  return (
    <span class="field sorting">
      <label class="field">
        <span class="hint">Sort</span>
        <SortChoice panel={panel} />
      </label>
      {panel.state.sort.value === "change" ? <SinceChoice panel={panel} /> : null}
      <SortAgain panel={panel} />
    </span>
  );
}

/** Where the layer has no such order the choice is kept for those that have, and what stands in for it is shown. */
function SortChoice({ panel: { state, derived } }: { panel: Panel }): JSX.Element {
  const problems = derived.problems.value;
  const sort = state.sort.value;
  const order = derived.order.value;
  const refused = (value: Sort): string | null => {
    const why = problems[value];
    return why === null ? null : `No ${SORT_WORDS[value]}: ${why}`;
  };
  return (
    <Choice
      testId="sort"
      class="select sort"
      options={SORTS.map((value) => [
        value,
        value === "taken" ? takenWords(order, derived.taken.value) : SORT_WORDS[value],
      ])}
      chosen={problems[sort] === null || order?.sort === sort ? sort : "index"}
      choose={state.sortBy}
      refused={refused}
    />
  );
}

/** The class by its name: of the order that stands, or of the one that would be made. */
function takenWords(order: Order | null, taken: TakenClass | null): string {
  const name = (order?.sort === "taken" ? order.about : null) ?? taken?.name;
  return name === undefined ? SORT_WORDS.taken : `goes with ${name}`;
}

const PREVIOUS = "previous";

/** The epoch that changes are counted from; in the colour of epochs, as all that chooses one. */
function SinceChoice({ panel: { state } }: { panel: Panel }): JSX.Element {
  const steps = (state.steps.value?.steps ?? []).filter(({ record }) => record?.bundle != null);
  const options = steps.map(
    ({ step, record }) => [String(step), `since ${stepName(step, record?.batch ?? null)}`] as const,
  );
  const since = state.since.value;
  return (
    <Choice
      testId="since"
      class="select epoch since"
      label="The epoch that changes are counted from"
      options={[[PREVIOUS, "since previous"], ...options]}
      chosen={since === null ? PREVIOUS : String(since)}
      choose={(value) => {
        state.sortByChangeSince(value === PREVIOUS ? null : Number(value));
      }}
    />
  );
}

/** Tiles keep their places when epoch or clip change; this puts them in order for what is shown now. */
function SortAgain({ panel: { state, derived } }: { panel: Panel }): JSX.Element | null {
  const order = derived.order.value;
  const shown = derived.shown.value;
  if (order === null || shown === null || order.sort === "index") return null;
  return (
    <AgainButton
      label="Sort again for what is shown now"
      hidden={isCurrent(order, shown)}
      title={`Sorted for ${order.clip}, ${stepName(order.step, shown.picture.manifest.batch)}. Sort for what is shown now.`}
      testId="sort-again"
      onClick={() => {
        state.sortBy(order.sort);
      }}
    />
  );
}
