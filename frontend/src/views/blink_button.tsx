/** Holds B up in A's place for as long as it is pressed, by pointer or keyboard; the key X does the same from anywhere. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import type { Compare } from "../compare";

export function BlinkButton({ compare }: { compare: Compare }): JSX.Element {
  /** The pointer's focus is given back at once: only where a key holds B does losing it let go. */
  const keyed = useRef(false);
  const hold = (on: boolean) => () => {
    compare.blink(on);
  };
  const byKey = (on: boolean) => (event: KeyboardEvent) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    keyed.current = on;
    compare.blink(on);
  };
  return (
    <button
      type="button"
      class="button blink"
      aria-pressed={compare.showing.value === "b"}
      title="B in the same place, on A's scale, while this or the key X is held"
      data-testid="blink"
      onPointerDown={(event) => {
        // The pointer may leave the button while it is held.
        event.currentTarget.setPointerCapture(event.pointerId);
        compare.blink(true);
      }}
      onPointerUp={hold(false)}
      onPointerCancel={hold(false)}
      onLostPointerCapture={hold(false)}
      onBlur={() => {
        if (keyed.current) compare.blink(false);
        keyed.current = false;
      }}
      onKeyDown={byKey(true)}
      onKeyUp={byKey(false)}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
    >
      Hold: B
    </button>
  );
}
