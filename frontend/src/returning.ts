/** What failed while the server was gone need not be asked for by hand. */
import { effect, untracked } from "@preact/signals";

/** Calls `action` whenever `troubled`, which reads signals, ends. Returns a function that stops that. */
export function whenOver(troubled: () => boolean, action: () => void): () => void {
  let was = false;
  return effect(() => {
    const over = was && !troubled();
    was = troubled();
    if (over) untracked(action);
  });
}
