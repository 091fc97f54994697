/** The clips, each with what the network took it for at this epoch. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { score } from "../words";
import { ChoiceList } from "./list";
import { MarginLine } from "./margin_line";

const VERDICT_CLASS = { ok: "right", taken: "wrong", unlabelled: "soft" } as const;

export function Clips({ panel }: { panel: Panel }): JSX.Element {
  const { state } = panel;
  const clips = state.layout.value?.probes ?? [];
  const verdicts = panel.derived.verdicts.value;
  const hasEpochs = (state.steps.value?.steps.length ?? 0) > 1;
  return (
    <section aria-label="Clips">
      <h2 class="title" title="What each clip is taken for: the class of the best mean score over its windows">
        Clips <span>{clips.length}</span>
      </h2>
      <ChoiceList
        label="Clips"
        testId="clips"
        panel={panel}
        items={clips}
        chosen={state.clipName.value}
        choose={state.chooseClip}
        rowHeight={28}
        look={panel.margins.look}
        row={(clip) => {
          const { name, labels } = clip;
          const verdict = verdicts[clips.indexOf(clip)] ?? { kind: "unknown" };
          return (
            <>
              <span class="name" title={labels.length === 0 ? name : `${name} (${labels.join(", ")})`}>
                {name}
              </span>
              {hasEpochs ? <MarginLine panel={panel} clip={name} /> : null}
              {verdict.kind === "unknown" ? null : (
                <span
                  class={`verdict ${VERDICT_CLASS[verdict.kind]}`}
                  title={`Whole clip: taken for ${verdict.taken}, the best mean score over its windows, ${score(verdict.score)}`}
                >
                  {verdict.kind === "ok" ? "ok" : `→ ${verdict.taken}`}
                </span>
              )}
            </>
          );
        }}
      />
    </section>
  );
}
