/** An element's size as a signal, for axes whose labels depend on the room they have. */
import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Panel } from "../panel";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function useSize<T extends HTMLElement>(panel: Panel): { ref: RefObject<T | null>; size: ReadonlySignal<Size> } {
  const ref = useRef<T>(null);
  const size = useSignal<Size>({ width: 0, height: 0 });
  useEffect(() => {
    if (ref.current === null) return undefined;
    const scope = panel.scope.child();
    scope.onResize(ref.current, (width, height) => {
      size.value = { width, height };
    });
    return () => {
      scope.close();
    };
  }, [panel, size]);
  return { ref, size };
}
