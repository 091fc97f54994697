/** A dialog: it has the focus while it is open, Escape or a press beside it closes it, and what had the focus gets it back. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { Icon } from "./icons";

interface DialogProps {
  readonly title: string;
  readonly testId: string;
  readonly class?: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, testId, onClose, children, ...rest }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      // While it is open nothing beside it takes the focus. The browser gives it back itself only to what it knows had it.
      shown?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`popover ${rest.class ?? ""}`}
      aria-label={title}
      data-testid={testId}
      onCancel={onClose}
      onPointerDown={(event) => {
        // What is beside it is its backdrop, which is told as the dialog itself; so is its padding.
        const { left, right, top, bottom } = event.currentTarget.getBoundingClientRect();
        const [x, y] = [event.clientX, event.clientY];
        if (x < left || x > right || y < top || y > bottom) onClose();
      }}
    >
      <button type="button" class="button close" aria-label="Close" onClick={onClose}>
        <Icon name="close" />
      </button>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}
