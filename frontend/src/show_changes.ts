/** Which filters changed at the epoch that is shown. */
import { batch } from "@preact/signals";

import type { Panel } from "./panel";

/** The filters by their change since the epoch before, whatever was shown. */
export function showChanges({ state }: Pick<Panel, "state">): void {
  batch(() => {
    state.chooseView("filters");
    state.sortByChangeSince(null);
  });
}
