/** The clips, each with what the network took it for at this epoch. */
import type { JSX } from "preact";

import { facts } from "../clip_list";
import { clipSpan } from "../clip_span";
import type { Panel } from "../panel";
import type { Verdict } from "../pure/predict";
import type { ProbeLayout } from "../types";
import { score } from "../words";
import { ClipTools } from "./clip_tools";
import { ChoiceList } from "./list";
import { KEPT_WORDS, MapsMark } from "./maps_mark";
import { MarginLine } from "./margin_line";

const VERDICT_CLASS = { ok: "right", taken: "wrong", unlabelled: "soft" } as const;

export function Clips({ panel }: { panel: Panel }): JSX.Element {
  const { state, clipList, derived } = panel;
  const clips = state.layout.value?.probes ?? [];
  const shown = clipList.shown.value;
  const verdicts = new Map(derived.verdicts.value.map((verdict, index) => [clips[index]?.name, verdict]));
  const hasEpochs = (state.steps.value?.steps.length ?? 0) > 1;
  return (
    <section aria-label="Clips">
      <h2 class="title" title="What each clip is taken for: the class of the best mean score over its windows">
        Clips{" "}
        <span data-testid="clip-count">
          {shown.length === clips.length ? clips.length : `${shown.length} of ${clips.length}`}
        </span>
      </h2>
      {clips.length > 1 ? <ClipTools panel={panel} /> : null}
      {shown.length === 0 && clips.length > 0 ? <p class="list-note">{noneOf(clipList.search.value)}</p> : null}
      <ChoiceList
        label="Clips"
        testId="clips"
        panel={panel}
        items={shown}
        chosen={state.clipName.value}
        choose={state.chooseClip}
        rowHeight={28}
        rowClass="clip"
        sought={clipList.search.value}
        fromStart={clipList.made.value}
        look={panel.margins.look}
        row={(clip) => (
          <>
            <span class="name" title={described(panel, clip).join("\n")}>
              <Name name={clip.name} />
            </span>
            {clipList.mixed.value ? <MapsMark kept={clipList.kept(clip.name)} /> : null}
            <VerdictWord verdict={verdicts.get(clip.name) ?? { kind: "unknown" }} span={clipSpan(panel, clip.name)} />
            {hasEpochs ? <MarginLine panel={panel} clip={clip.name} /> : null}
          </>
        )}
      />
      <ChosenFacts panel={panel} />
    </section>
  );
}

function noneOf(search: string): string {
  return /→|->/.test(search) ? "No clip is wrongly taken for this class at this epoch." : "No clip has these words.";
}

/** Where it has no room the number at its end stays: by it clips of a class are told apart. */
function Name({ name }: { name: string }): JSX.Element {
  const [, start, end] = /^(.*?)([\s_.-]*\d{1,4})$/su.exec(name) ?? ["", name, ""];
  return (
    <>
      <span>{start}</span>
      <span>{end}</span>
    </>
  );
}

function VerdictWord({ verdict, span }: { verdict: Verdict; span: string | null }): JSX.Element | null {
  if (verdict.kind === "unknown") return null;
  const now = `Whole clip: taken for ${verdict.taken}, the best mean score over its windows, ${score(verdict.score)}`;
  return (
    <span class={`verdict ${VERDICT_CLASS[verdict.kind]}`} title={span === null ? now : `${now}; ${span}`}>
      {verdict.kind === "ok" ? "ok" : `→ ${verdict.taken}`}
    </span>
  );
}

/** Name, labels, metadata and what was kept, a line each. */
function described({ clipList }: Panel, { name, labels }: ProbeLayout): readonly string[] {
  const said = facts(clipList.entry(name)?.metadata ?? {}).map((fact) => `${fact.name}: ${fact.text}`);
  const kept = clipList.mixed.value ? [KEPT_WORDS[clipList.kept(name)]] : [];
  return [name, ...(labels.length === 0 ? [] : [`labelled ${labels.join(", ")}`]), ...said, ...kept];
}

/** What was logged with the chosen clip; a line of its own in runs that say something of some clip, so that none jumps. */
function ChosenFacts({ panel }: { panel: Panel }): JSX.Element | null {
  const { state, data } = panel;
  const some = data.clips.value?.probes.some(({ metadata }) => facts(metadata).length > 0) ?? false;
  const clip = state.clip.value;
  if (!some) return null;
  const text = clip === null ? "" : described(panel, clip).slice(1).join(" · ");
  return (
    <p class="list-note" title={clip === null ? "" : described(panel, clip).join("\n")} data-testid="clip-facts">
      {text === "" ? "nothing is said of this clip" : text}
    </p>
  );
}
