/** What failed while the server was gone need not be asked for by hand. */
import { effect, untracked } from "@preact/signals";

import { createLoader, type Loader, type Wanted } from "./resource";
import type { Scope } from "./scope";
import type { State } from "./state";

/** Calls `action` whenever `troubled`, which reads signals, ends. Returns a function that stops that. */
export function whenOver(troubled: () => boolean, action: () => void): () => void {
  let was = false;
  return effect(() => {
    const over = was && !troubled();
    was = troubled();
    if (over) untracked(action);
  });
}

/** A loader that ends with the scope, and asks again for what failed while the server was gone. */
export function createReturningLoader<T>(
  state: State,
  scope: Scope,
  wanted: () => Wanted<T> | "waiting" | null,
): Loader<T> {
  const loader = createLoader(wanted);
  scope.onClose(loader.close);
  scope.onClose(
    whenOver(
      () => state.connection.value.status === "gone",
      () => {
        if (loader.resource.peek().status === "failed") loader.retry();
      },
    ),
  );
  return loader;
}
