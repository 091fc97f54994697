/** The page that needs no server, as a file. */
import type { Panel } from "../panel";
import type { StepEntry } from "../types";
import { bytes } from "../words";
import { collect } from "./collecting";
import { fileName } from "./names";
import { createNonce, pageText } from "./page";
import { createPageJson, viewOf } from "./page_data";
import { NOT_SHOWN } from "./png";
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

/** Text of the panel's code, its licences and the page's own. */
const PANEL_BYTES = 400e3;

/** Of the file, from what the present step takes: close where steps are alike. */
export function estimate(panel: Panel, { steps, allLayers, windows }: PageChoice): number | null {
  const { data, state, derived } = panel;
  const manifest = derived.shown.value?.picture.manifest;
  const probe = data.probe.value;
  if (manifest === undefined) return null;
  const { layout, responses } = manifest;
  const response = responses[layout.probes.findIndex(({ name }) => name === state.clipName.value)];
  const layers = layout.layers.map(({ name, axes, filters }, place) => {
    const own = response?.layers[place] ?? null;
    if (own === null || (!allLayers && name !== state.layerName.value)) return 0;
    const single = windows || axes.length === 0 ? own.windows : [];
    const members = [...single, own.strip, own.envelope, own.outside];
    const blocks = Math.max((response?.blocks.length ?? 1) - 1, 0);
    return members.reduce((sum, member) => sum + (member?.bytes ?? 0), 4 * (8 + 2 * blocks) * filters);
  });
  const perStep = layers.reduce((sum, own) => sum + own, 0);
  const once = [probe?.audio, probe?.image, probe?.waveform].reduce((sum, part) => sum + (part?.bytes ?? 0), 0);
  return PANEL_BYTES + (4 / 3) * (steps.length * perStep + once);
}

export async function savePage(panel: Panel, choice: PageChoice, abort: AbortSignal, report: Report): Promise<string> {
  const { source, state, derived, data } = panel;
  const shown = derived.shown.peek();
  if (shown === null || derived.stale.peek()) throw new Error(NOT_SHOWN);
  if (source.panelFile === undefined) throw new Error("The panel's own code is not to be had here.");
  const expected = estimate(panel, choice) ?? 0;
  if (expected > MOST_BYTES) {
    throw new Error(`A page of ${bytes(expected)} is more than browsers open. Fewer epochs or layers make it smaller.`);
  }
  const subject = subjectOf(shown);
  const { run, clip, layer } = subject;
  const { layers } = shown.picture.manifest.layout;
  const steps = choice.steps.map((entry) => ({ ...entry, problem: null }));
  const first = steps.some(({ step }) => step === subject.step) ? subject.step : (steps.at(-1)?.step ?? 0);
  const request = {
    run,
    clip,
    layers: new Set(choice.allLayers ? layers.map(({ name }) => name) : [layer]),
    windows: choice.windows,
    steps,
    scalars: { series: state.series.peek() },
    view: viewOf(state, first, layer, data.mode.peek()),
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
