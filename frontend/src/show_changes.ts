/** From what the panel tells to the filters behind it. */
import { batch } from "@preact/signals";

import type { Panel } from "./panel";

/** The filters by their change since the epoch before, whatever was shown. */
export function showChanges({ state }: Pick<Panel, "state">): void {
  batch(() => {
    state.chooseView("filters");
    state.sortByChangeSince(null);
  });
}

/**
 * The filters that go with the class that the clip is taken for, as rows: these show the numbers that the order follows, where
 * strips of deep layers may leave them out. Of a clip that names none, its class's right and wrong clips side by side.
 */
export function showWhy({ state, derived, classes }: Pick<Panel, "state" | "derived" | "classes">): void {
  const named = derived.problems.peek().taken === null;
  batch(() => {
    state.chooseView(named ? "filters" : "classes");
    if (named) {
      state.chooseMode("raster");
      state.sortBy("taken");
    } else {
      classes.part(true);
    }
  });
}

/** Whether the clip that is shown is taken for a class that it is not labelled with. */
export function isMistaken({ state, derived }: Pick<Panel, "state" | "derived">): boolean {
  const place = (state.layout.value?.probes ?? []).findIndex(({ name }) => name === state.clipName.value);
  return derived.verdicts.value[place]?.kind === "taken";
}
