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

/** The filters that go with the class that the clip is taken for. */
export function showWhy({ state }: Pick<Panel, "state">): void {
  batch(() => {
    state.chooseView("filters");
    state.sortBy("taken");
  });
}
