/** One kind of file in the dialog: what it is, its choices, and how saving it goes. */
import { useComputed } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";

import type { ExportKind, Task } from "./task";

interface EntryProps {
  readonly title: string;
  readonly kind: ExportKind;
  readonly task: Task;
  readonly children: ComponentChildren;
}

export function Entry({ title, kind, task, children }: EntryProps): JSX.Element {
  const state = useComputed(() => {
    const now = task.state.value;
    return now.status !== "idle" && now.kind === kind ? now : null;
  }).value;
  return (
    <section>
      <h3>{title}</h3>
      {children}
      {state === null ? null : (
        <p class={`said ${state.status}`} role="status" data-testid={`export-${kind}-said`}>
          {state.status !== "working" ? (
            state.said
          ) : (
            <>
              {state.doing}… <progress aria-label={state.doing} value={state.share ?? undefined} />
              <button type="button" class="button" data-testid="export-cancel" onClick={task.cancel}>
                Cancel
              </button>
            </>
          )}
        </p>
      )}
    </section>
  );
}
