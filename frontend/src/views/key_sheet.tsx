/** The keys, as the table has them. What does nothing now is dimmed. */
import type { JSX } from "preact";

import { KEYS } from "../keys";
import type { Panel } from "../panel";

export function KeySheet({ panel }: { panel: Panel }): JSX.Element {
  return (
    <dl class="keys" data-testid="keys">
      {KEYS.map((line) => (
        <div key={line.what} class={line.when?.(panel) === false ? "soft" : ""}>
          <dt>
            {line.keys.map((name) => (
              <kbd key={name}>{name.replace(" ", " + ")}</kbd>
            ))}
          </dt>
          <dd>{line.what}</dd>
        </div>
      ))}
    </dl>
  );
}
