/** Two epochs of a clip subtracted cell by cell, or two clips or runs by the numbers of each filter. */
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";

import type { Panel } from "../panel";
import { CompareBar } from "./compare_bar";
import { CompareFoot } from "./compare_foot";
import { sceneOfDifference } from "./compare_scene";
import { CompareSummaries } from "./compare_summaries";
import { Tiles } from "./grid";
import { GridProblem } from "./grid_problem";
import { Loading, Notice } from "./states";

export function Compare({ panel }: { panel: Panel }): JSX.Element {
  const { compare } = panel;
  const scene = useMemo(() => sceneOfDifference(panel), [panel]);
  useEffect(
    () => () => {
      compare.blink(false);
    },
    [compare],
  );
  const comparison = compare.comparison.value;
  const ready = comparison.status === "ready" ? comparison : null;
  return (
    <section class="grid" aria-label="Compare" aria-busy={compare.stale.value} data-testid="compare">
      <CompareBar panel={panel} />
      <GridProblem panel={panel} />
      {comparison.status === "problem" ? <Notice {...comparison} /> : null}
      {ready === null ? <div class="scroller" /> : null}
      {ready !== null && ready.exact !== null ? (
        <>
          <Tiles panel={panel} scene={scene} />
          <CompareFoot panel={panel} exact={ready.exact} />
        </>
      ) : null}
      {ready !== null && ready.exact === null ? <CompareSummaries panel={panel} compared={ready} /> : null}
      <Loading panel={panel} />
    </section>
  );
}
