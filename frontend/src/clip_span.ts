/** Since when a clip has been taken for what it is taken for, in words. */
import type { Panel } from "./panel";
import { spanWords, verdictSpan } from "./pure/verdict_span";
import { named } from "./selection";

/** "taken for clarinet since epoch 7", of the chosen epoch; null where it is not known, or there is but one. Reads signals. */
export function clipSpan({ state, margins }: Pick<Panel, "state" | "margins">, clip: string): string | null {
  const entries = state.steps.value?.steps ?? [];
  const taken = margins.takenFor(clip);
  if (taken === null) return null;
  const steps = entries.map(({ step }) => step);
  const labels = named(state.layout.value?.probes ?? [], clip)?.labels ?? [];
  const span = verdictSpan(taken, steps.indexOf(state.step.value ?? NaN), labels);
  const batch = state.entry.value?.record?.batch ?? null;
  return span === null ? null : spanWords(span, { steps, exported: state.exported, batch });
}
