/** Marks the clips of which maps were kept, where of others there are only summaries: these are told of, not marked. */
import type { JSX } from "preact";

import type { Detail } from "../types";

export const KEPT_WORDS: Readonly<Record<Detail, string>> = {
  windows: "maps kept: strips and single windows",
  strip: "maps kept: strips",
  summary: "no maps kept, only a summary: one row per filter",
};

export function MapsMark({ kept }: { kept: Detail }): JSX.Element {
  return (
    <svg class="maps-mark" viewBox="0 0 10 10" role="img" aria-label={KEPT_WORDS[kept]} data-kept={kept}>
      <title>{KEPT_WORDS[kept]}</title>
      {kept === "summary" ? null : <path d="M0 0h4v4h-4zM6 0h4v4h-4zM0 6h4v4h-4zM6 6h4v4h-4z" />}
      <rect width={10} height={10} />
    </svg>
  );
}
