/** The layers: name, kind, number and shape of their maps. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { count, mapShape } from "../words";
import { ChoiceList } from "./list";

export function Layers({ panel }: { panel: Panel }): JSX.Element {
  const { state } = panel;
  const layers = state.layout.value?.layers ?? [];
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
            </>
          );
        }}
      />
    </section>
  );
}
