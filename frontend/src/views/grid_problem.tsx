/** Why there is no grid, in the grid's place; everything else works on. */
import type { JSX } from "preact";

import type { Panel } from "../panel";
import { isLate } from "../late";
import type { Loader } from "../resource";
import { limitReached } from "../words";
import { Notice } from "./states";

export function GridProblem({ panel }: { panel: Panel }): JSX.Element | null {
  const { state, data } = panel;
  const steps = state.steps.value;
  const entry = state.entry.value;
  const { ask } = panel.live;
  if (state.stepsProblem.value !== null) {
    return <Notice what="The run cannot be read." why={state.stepsProblem.value} retry={ask} />;
  }
  if (steps?.problem != null) {
    return <Notice what="The arrays of this run cannot be read." why={steps.problem} retry={ask} />;
  }
  if (steps !== null && steps.steps.length === 0) {
    return (
      <Notice what="Nothing has been logged in this run yet." why="The panel fills as soon as the first epoch is." />
    );
  }
  if (entry?.problem != null) {
    const retry = isLate(entry) ? { retry: ask } : {};
    return <Notice what="This epoch cannot be read." why={entry.problem} {...retry} />;
  }
  if (entry?.record?.bundle === null) {
    const why = limitReached(entry.record.why ?? "max_disk");
    return <Notice what="No maps were kept at this epoch." why={`Only its losses and metrics were: ${why}.`} />;
  }
  const missing = data.missing.value;
  if (missing.length > 0) {
    const names = missing.join(" and ");
    const what = `${names.charAt(0).toUpperCase()}${names.slice(1)} ${missing.length > 1 ? "were" : "was"} not logged at this epoch.`;
    return <Notice what={what} why="Choose one that was, or another epoch." />;
  }
  const file = entry?.record?.bundle?.file ?? "";
  return (
    <>
      <Failure loader={data.manifest} what={`The file ${file} cannot be read.`} />
      <Failure loader={data.probes} what={`The clips' file ${entry?.record?.probes ?? ""} cannot be read.`} />
      {[data.strip, data.raster].map((loader, index) => (
        <Failure
          key={index}
          loader={loader}
          what={`Layer ${state.layerName.value ?? ""} cannot be shown for clip ${state.clipName.value ?? ""} (${file}).`}
        />
      ))}
      <Failure
        loader={data.windows}
        what={`The windows of layer ${state.layerName.value ?? ""} cannot be shown (${file}).`}
      />
    </>
  );
}

function Failure({ loader, what }: { loader: Loader<unknown>; what: string }): JSX.Element | null {
  const resource = loader.resource.value;
  return resource.status === "failed" ? <Notice what={what} why={resource.reason} retry={loader.retry} /> : null;
}
