/** An element's size as a signal, for axes whose labels depend on the room they have. */
import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Panel } from "../panel";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `onChange` is told of every change, with the element. */
export function useSize<T extends HTMLElement>(
  panel: Panel,
  onChange?: (element: T) => void,
): { ref: RefObject<T | null>; size: ReadonlySignal<Size> } {
  const ref = useRef<T>(null);
  const told = useRef(onChange);
  told.current = onChange;
  const size = useSignal<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const scope = panel.scope.child();
    scope.onResize(element, (width, height) => {
      size.value = { width, height };
      told.current?.(element);
    });
    return () => {
      scope.close();
    };
  }, [panel, size]);
  return { ref, size };
}
