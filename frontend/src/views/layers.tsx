/** The layers: name, kind, number and shape of their maps. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import type { LayerChanges } from "../layer_changes";
import { count, mapShape, score, stepName } from "../words";
import { ChoiceList } from "./list";

export function Layers({ panel }: { panel: Panel }): JSX.Element {
  const { state } = panel;
  const layers = state.layout.value?.layers ?? [];
  const hasEpochs = (state.steps.value?.steps.length ?? 0) > 1;
  const rowWord = panel.derived.rowWord.value;
  return (
    <section aria-label="Layers">
      <h2 class="title">
        Layers <span>{layers.length}</span>
      </h2>
      <ChoiceList
        label="Layers"
        testId="layers"
        panel={panel}
        items={layers}
        chosen={state.layerName.value}
        choose={state.chooseLayer}
        rowHeight={40}
        row={(layer) => {
          const { name, kind, filters, axes, shape } = layer;
          // A clip whose windows have another length has maps of another shape.
          const own = state.clip.value?.maps[String(layers.indexOf(layer))]?.shape ?? shape;
          const size = mapShape(axes, own, rowWord);
          return (
            <>
              <span class="name" title={`${name} (${kind})`}>
                {name} <span class="kind">{kind}</span>
              </span>
              <span class="kind">{count(filters, "filter")}</span>
              <span class="detail" title={size}>
                {size}
              </span>
              {hasEpochs ? <Change changes={panel.layerChanges.value} layer={name} /> : null}
            </>
          );
        }}
      />
    </section>
  );
}

/** Its place is kept while nothing is known. */
function Change({ changes, layer }: { changes: LayerChanges | null; layer: string }): JSX.Element {
  const change = changes?.of.get(layer);
  if (changes === null || change === undefined) return <span class="change" />;
  const { clip, since } = changes;
  const text = `changed by ${score(change)} since ${stepName(since.step, since.record?.batch ?? null)}`;
  return (
    <span
      class="change known"
      role="img"
      aria-label={text}
      title={`${text.slice(0, 1).toUpperCase()}${text.slice(1)} for clip ${clip}: 0 is not at all, 1 as much as can be. Of the means and deviations of its filters`}
      data-change={change}
    >
      <i style={{ width: `${100 * change}%` }} />
    </span>
  );
}
