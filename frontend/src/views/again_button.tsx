/** What stands in a frozen order keeps its place; this puts it in order for what is shown now. */
import type { JSX } from "preact";

import { Icon } from "./icons";

interface AgainButtonProps {
  readonly label: string;
  readonly title: string;
  readonly testId: string;
  readonly onClick: () => void;
  /** Keeps its room unseen where the order is that of what is shown. */
  readonly hidden?: boolean;
}

export function AgainButton({ label, title, testId, onClick, hidden = false }: AgainButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      aria-label={label}
      style={{ visibility: hidden ? "hidden" : "visible" }}
      title={title}
      data-testid={testId}
      onClick={onClick}
    >
      <Icon name="again" />
    </button>
  );
}
