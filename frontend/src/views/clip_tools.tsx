/** Above the list of clips: which are listed, and in which order. */
import type { JSX } from "preact";

import type { ClipOrder } from "../clip_list";
import type { Panel } from "../panel";
import { stepUnit } from "../selection";
import { stepNameAs } from "../words";
import { AgainButton } from "./again_button";
import { Choice } from "./choice";

const ORDERS: readonly (readonly [ClipOrder, string])[] = [
  ["logged", "as logged"],
  ["wrong", "wrong first"],
];

export function ClipTools({ panel }: { panel: Panel }): JSX.Element {
  const { clipList, state } = panel;
  return (
    <div class="list-tools">
      <input
        type="search"
        class="text-field"
        placeholder="Search"
        aria-label="Search clips"
        title={
          "Clips that have these words in their name, labels or metadata; \u201c\u2192 cello\u201d or \u201c-> cello\u201d: those that are wrongly taken for a cello"
        }
        data-testid="clip-filter"
        value={clipList.search.value}
        onInput={(event) => {
          clipList.searchFor(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          const distance = { ArrowDown: 1, ArrowUp: -1, Enter: 0 }[event.key];
          if (event.key === "Escape") clipList.searchFor("");
          if (distance === undefined) return;
          event.preventDefault();
          clipList.move(distance);
        }}
      />
      <Choice
        testId="clip-order"
        label="Order of clips. Wrong first: the margin at this epoch, the worst first; the order stays until it is asked for again"
        options={ORDERS}
        chosen={clipList.order.value}
        choose={clipList.orderBy}
        refused={(order) =>
          order === "wrong" && state.layout.value?.classes.length === 0 ? "No predictions were logged" : null
        }
      />
      <OrderAgain panel={panel} />
    </div>
  );
}

/** Clips keep their places when the epoch changes; this puts them in order for the chosen one. */
function OrderAgain({ panel: { clipList, state } }: { panel: Panel }): JSX.Element | null {
  const made = clipList.madeFor.value;
  if (made === null || made === state.step.value) return null;
  return (
    <AgainButton
      label="Wrong ones first at the epoch that is shown now"
      title={`In the order of ${stepNameAs(stepUnit(state.steps.value?.steps ?? []), made)}. Put those first that are wrong now.`}
      testId="clips-again"
      onClick={() => {
        clipList.orderBy(clipList.order.peek());
      }}
    />
  );
}
