/**
 * Whoever uses the pointer keeps the panel's keys: what the pointer activates gives the focus back, or it would take the
 * arrows and the space bar for itself. Focus that came by the keyboard stays where it is.
 */
import type { Scope } from "./scope";

/** What must hold the focus while the pointer is at work on it: a list that is open, a handle that is dragged. */
const HELD = "select, input[type='range']";
/** What is typed into is pointed at in order to type. */
const TYPED = "input:not([type='range']), textarea, [contenteditable]";

interface Focusable {
  matches(selectors: string): boolean;
  blur(): void;
}

export function giveFocusBack(scope: Scope, page: EventTarget & { readonly activeElement: unknown }): void {
  let pressed = false;
  let byPointer = false;
  const release = (kept: string): void => {
    const focused = page.activeElement;
    if (isFocusable(focused) && !focused.matches(kept)) focused.blur();
  };
  // At the capture: nothing on the way may keep these from being known.
  const first = { capture: true };
  const begin = (): void => {
    pressed = true;
    byPointer = true;
  };
  const end = (): void => {
    pressed = false;
  };
  scope.listen(page, "pointerdown", begin, first);
  scope.listen(page, "pointerup", end, first);
  scope.listen(page, "pointercancel", end, first);
  scope.listen(
    page,
    "keydown",
    () => {
      byPointer = false;
      // Let go outside the frame, the pointer's end was not told.
      pressed = false;
    },
    first,
  );
  scope.listen(page, "focusin", () => {
    if (pressed) release(`${HELD}, ${TYPED}`);
  });
  // A click without a count was made by a key or by an assistive tool.
  scope.listen(page, "click", (event) => {
    if (clickCount(event) > 0) release(`select, ${TYPED}`);
  });
  scope.listen(page, "change", () => {
    if (byPointer) release(TYPED);
  });
}

function isFocusable(value: unknown): value is Focusable {
  return typeof value === "object" && value !== null && "matches" in value && "blur" in value;
}

function clickCount(event: Event): number {
  return "detail" in event && typeof event.detail === "number" ? event.detail : 0;
}

/**
 * Keys go to the frame that has the focus, which TensorBoard's page has at first. It is taken at once and whenever the pointer
 * comes to the panel, but never from someone who types in that page.
 */
export function takeKeys(scope: Scope): void {
  scope.listen(document.documentElement, "pointerenter", focusFrame);
  focusFrame();
}

function focusFrame(): void {
  try {
    const typing = window.parent.document.activeElement?.matches("input, textarea, select, [contenteditable]") ?? false;
    if (!typing && !document.hasFocus()) window.focus();
  } catch {
    // A page that forbids this keeps its keys until the first click.
  }
}
