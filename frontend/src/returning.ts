/** What failed while the server was gone, or before its file had come, need not be asked for by hand. */
import { effect, untracked } from "@preact/signals";

import { whileFailed } from "./late";
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

/** A loader that ends with the scope, and asks again for what failed. */
export function createReturningLoader<T>(
  state: State,
  scope: Scope,
  wanted: () => Wanted<T> | "waiting" | null,
): Loader<T> {
  const loader = createLoader(wanted);
  scope.onClose(loader.close);
  const failed = () => (loader.resource.peek().status === "failed" ? loader.resource.peek() : null);
  // A server that has just started answers before it has read the log.
  const troubled = () => state.connection.value.status === "gone" || state.stepsProblem.value !== null;
  scope.onClose(
    whenOver(troubled, () => {
      if (failed() !== null) loader.retry();
    }),
  );
  scope.onClose(whileFailed(state, failed, loader.heal));
  return loader;
}
