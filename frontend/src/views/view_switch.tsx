/** Chooses what stands in the grid's room; every view's bar has it at the same place. A select where there is little room. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import type { View } from "../state";
import { Choice } from "./choice";

/** In the order in which they stand; `title` says what for. */
const ENTRIES: readonly { readonly view: View; readonly name: string; readonly title: string }[] = [
  { view: "filters", name: "Filters", title: "What each filter of the layer gives" },
  { view: "compare", name: "Compare", title: "B − A of two epochs, or two clips or runs side by side (c)" },
  { view: "classes", name: "Classes", title: "How filters answer to the clips of each class" },
];

/** Each view has a bar of its own: whoever chose by the keyboard goes on in the new one's. */
function choose({ state, clock, scope }: Panel, view: View): void {
  const focused = document.activeElement;
  const control = focused?.matches(":focus-visible") === true ? focused.getAttribute("data-testid") : null;
  state.chooseView(view);
  if (control === null) return;
  clock.next(scope, ENTRIES, () => {
    document.querySelector<HTMLElement>(`[data-testid="${control}"]`)?.focus();
  });
}

export function ViewSwitch({ panel }: { panel: Panel }): JSX.Element {
  const chosen = panel.state.view.value;
  return (
    <>
      <div class="segments views" role="group" aria-label="What is shown of the layer">
        {ENTRIES.map(({ view, name, title }) => (
          <button
            key={view}
            type="button"
            class="button"
            aria-pressed={chosen === view}
            title={title}
            data-testid={`view-${view}`}
            onClick={() => {
              choose(panel, view);
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <Choice
        testId="view"
        class="select views-select"
        label="What is shown of the layer"
        options={ENTRIES.map(({ view, name }) => [view, name] as const)}
        chosen={chosen}
        choose={(view) => {
          choose(panel, view);
        }}
      />
    </>
  );
}
