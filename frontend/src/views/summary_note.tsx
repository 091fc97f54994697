/** Of a clip without maps: where there are some, or how to have them. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { mappedLike } from "../pure/mapped_clips";
import { limitReached } from "../words";

const MOST_CLIPS = 3;

export function SummaryNote({ panel }: { panel: Panel }): JSX.Element | null {
  const { state, data, clipList } = panel;
  const part = data.part.value;
  const clip = state.clip.value;
  if (part === null || part === "waiting" || clip === null) return null;
  const response = part.manifest.responses[part.probe];
  const hasMaps = (state.layer.value?.axes.length ?? 0) > 0;
  if (response?.kept !== "summary" || !hasMaps) return null;
  const alike = mappedLike(clip, state.layout.value?.probes ?? [], clipList.kept);
  const label = clip.labels.join(", ");
  return (
    <p class="grid-note" data-testid="summary-note">
      <span>
        Of this clip no maps were kept, only each window&rsquo;s largest value:{" "}
        {response.why === null ? "it was logged as a summary." : `${limitReached(response.why)}.`}
      </span>
      {alike.length > 0 ? (
        <>
          <span>Maps of {label}:</span>
          {alike.slice(0, MOST_CLIPS).map((name) => (
            <button
              key={name}
              type="button"
              class="button outlined"
              onClick={() => {
                state.chooseClip(name);
              }}
            >
              {name}
            </button>
          ))}
          {alike.length > MOST_CLIPS ? <span>and {alike.length - MOST_CLIPS} more</span> : null}
        </>
      ) : (
        <span>
          {response.why === null ? (
            <>
              For maps, log it with <code>Probe(…, detail=&quot;strip&quot;)</code> or <code>&quot;windows&quot;</code>.
            </>
          ) : (
            "Earlier epochs may have them."
          )}
        </span>
      )}
    </p>
  );
}
