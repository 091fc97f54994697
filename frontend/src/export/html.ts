/** The page that needs no server, as a file. */
import { orderText } from "../link_order";
import type { Panel } from "../panel";
import type { StepEntry } from "../types";
import { currentValues } from "../view_link";
import { bytes } from "../words";
import { collect } from "./collecting";
import type { Cut } from "./cut";
import { fileName } from "./names";
import { createNonce, pageText } from "./page";
import { createPageJson } from "./page_data";
import { NOT_SHOWN } from "./png";
import { pageLink } from "./page_link";
import { pageSize } from "./page_size";
import { save } from "./save";
import { subjectOf } from "./scene";
import type { Report } from "./task";

export interface PageChoice {
  /** Those of which there are maps, ascending. */
  readonly steps: readonly StepEntry[];
  readonly allLayers: boolean;
  readonly windows: boolean;
}

/** What a browser can hold as one document. */
const MOST_BYTES = 400e6;

/** In bytes; rejects as pageSize does. */
export function estimate(panel: Panel, choice: PageChoice, abort: AbortSignal): Promise<number> {
  return pageSize(panel.source, { ...cutOf(panel, choice), steps: choice.steps }, abort);
}

/** What the choice comes to for what is chosen in the panel. */
function cutOf({ state }: Panel, { allLayers, windows }: PageChoice): Cut & { readonly run: string } {
  const [run, clip, layer] = [state.run.peek() ?? "", state.clipName.peek() ?? "", state.layerName.peek() ?? ""];
  const layers = allLayers ? (state.layout.peek()?.layers ?? []).map(({ name }) => name) : [layer];
  return { run, clip, layers: new Set(layers), windows };
}

export async function savePage(panel: Panel, choice: PageChoice, abort: AbortSignal, report: Report): Promise<string> {
  const { source, state, derived } = panel;
  const shown = derived.shown.peek();
  if (shown === null || derived.stale.peek()) throw new Error(NOT_SHOWN);
  if (source.panelFile === undefined) throw new Error("The panel's own code is not to be had here.");
  const expected = await estimate(panel, choice, abort);
  if (expected > MOST_BYTES) {
    throw new Error(`A page of ${bytes(expected)} is more than browsers open. Fewer epochs or layers make it smaller.`);
  }
  const subject = subjectOf(shown);
  const { run, clip, layer } = subject;
  const steps = choice.steps.map((entry) => ({ ...entry, problem: null }));
  const first = steps.some(({ step }) => step === subject.step) ? subject.step : (steps.at(-1)?.step ?? 0);
  const request = {
    ...cutOf(panel, choice),
    steps,
    scalars: { series: state.series.peek() },
    view: pageLink(currentValues(panel), { steps: steps.map(({ step }) => step), first, order: orderText(panel) }),
  };
  const [code, licences, { data: own, blocks }] = await Promise.all([
    source.panelFile("index.js", abort),
    source.panelFile("LICENSES.txt", abort),
    collect(source, request, abort, report),
  ]);
  report("Writing the file", null);
  const title = `${clip} · ${run} · CNN Audio`;
  const json = createPageJson(own, licences);
  const file = new Blob([...pageText({ title, code, json, blocks, nonce: createNonce() })], { type: "text/html" });
  const name = fileName(subject, choice.allLayers ? null : layer, "html");
  save(panel.scope, file, name);
  return `Saved ${name}: ${bytes(file.size)}`;
}
