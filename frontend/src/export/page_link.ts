/** What an exported page shows first: what a link to it would name, but for what the page leaves out. */
import type { LinkValues } from "../pure/link_text";

/** Of lists of clips, of classes and of other runs: the page has one clip. */
const ELSEWHERE = ["search", "clips", "verdicts", "against-clip", "against-run", "against-run-step"];
const COMPARED = ["against", "against-step", "measure", "tiles-show"];

/** `steps`: those that the page holds; `first` is the one of them that it shows. `order`: as it stands, which the page may not be able to make. */
export function pageLink(
  values: LinkValues,
  { steps, first, order }: { readonly steps: readonly number[]; readonly first: number; readonly order: string | null },
): LinkValues {
  const holds = (key: string): boolean => steps.includes(Number(values.get(key) ?? NaN));
  const compares = values.get("view") === "compare" && values.get("against") === "epoch" && holds("against-step");
  const out = new Set([...ELSEWHERE, ...(compares ? [] : COMPARED), ...(holds("since") ? [] : ["since"])]);
  const kept = [...values].filter(([key]) => !out.has(key));
  const own = [["step", String(first)] as const, ["view", compares ? "compare" : "filters"] as const];
  return new Map([...kept, ...own, ...(order === null ? [] : [["order", order] as const])]);
}
