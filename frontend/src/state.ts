/** What is there and what is chosen: the only place that writes either. Names are kept, not indices, so that a choice survives a reload. */
import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";

import type { Source } from "./api";
import type { MapName } from "./pure/colormap";
import type { ScaleMode } from "./pure/scale";
import { isAbort } from "./errors";
import { areAlike, LateSteps } from "./late";
import { createInspecting, type Inspecting } from "./inspecting";
import { reasonOf } from "./resource";
import { firstLayer, firstRun, named, neighbourName, neighbourStep, stepAmong, suitsRaster } from "./selection";
import type { Index, LayerLayout, Layout, ProbeLayout, Series, StepEntry, Steps } from "./types";

export type Mode = "strip" | "window" | "raster";
/** What stands in the grid's room. */
export type View = "filters" | "compare" | "classes";
export type Sort = "index" | "strength" | "change" | "selectivity" | "taken" | "onset";

export interface Connection {
  readonly status: "connecting" | "there" | "gone";
  readonly reason: string;
}

export interface State extends Inspecting {
  readonly connection: ReadonlySignal<Connection>;
  readonly index: ReadonlySignal<Index | null>;
  /** The chosen run's logged steps, ascending. */
  readonly steps: ReadonlySignal<Steps | null>;
  /** Of a page that carries its data: what is missing was not left out of the log, but of the page. */
  readonly exported: boolean;
  /** The last mistake in reading the chosen run, in the server's words. */
  readonly stepsProblem: ReadonlySignal<string | null>;
  /** Training curves of the sibling runs. */
  readonly series: ReadonlySignal<readonly Series[]>;

  readonly run: ReadonlySignal<string | null>;
  readonly step: ReadonlySignal<number | null>;
  readonly entry: ReadonlySignal<StepEntry | null>;
  readonly moving: ReadonlySignal<boolean>;
  readonly following: ReadonlySignal<boolean>;
  readonly layout: ReadonlySignal<Layout | null>;
  /** What is chosen keeps its name at an epoch that was logged without it: it is missed there, not replaced. */
  readonly clipName: ReadonlySignal<string | null>;
  readonly layerName: ReadonlySignal<string | null>;
  /** The chosen ones as the layout has them; null where it does not. */
  readonly clip: ReadonlySignal<ProbeLayout | null>;
  readonly layer: ReadonlySignal<LayerLayout | null>;
  readonly view: ReadonlySignal<View>;
  /** As chosen: what is shown may differ where it was not kept. Layers that rasters suit have a choice of their own. */
  readonly mode: ReadonlySignal<Mode>;
  readonly scale: ReadonlySignal<ScaleMode>;
  /** Whether the scale reaches as far as the values of any logged epoch do. */
  readonly acrossEpochs: ReadonlySignal<boolean>;
  readonly colours: ReadonlySignal<MapName>;
  readonly sort: ReadonlySignal<Sort>;
  /** The step that changes are counted from; null is the one logged before the chosen. */
  readonly since: ReadonlySignal<number | null>;
  /** Counts up when the order is asked for; between two counts it is frozen. */
  readonly sortRequest: ReadonlySignal<number>;
  /** Tile width in CSS pixels; null is the largest at which all filters fit. */
  readonly tileWidth: ReadonlySignal<number | null>;
  /** The same of a raster's rows' height. */
  readonly rowHeight: ReadonlySignal<number | null>;

  readonly chooseRun: (run: string) => void;
  /** `moving` while a drag goes on: then cheap arrays stand in until it rests. */
  readonly chooseStep: (step: number, moving?: boolean) => void;
  readonly moveStep: (distance: number) => void;
  readonly follow: (on: boolean) => void;
  readonly chooseClip: (name: string) => void;
  /** `among`: the clips as they are listed. */
  readonly moveClip: (distance: number, among?: readonly ProbeLayout[]) => void;
  readonly chooseLayer: (name: string) => void;
  readonly moveLayer: (distance: number) => void;
  readonly chooseView: (view: View) => void;
  readonly chooseMode: (mode: Mode) => void;
  readonly chooseScale: (scale: ScaleMode, acrossEpochs: boolean) => void;
  readonly chooseColours: (colours: MapName) => void;
  /** Sorts by `sort` now, also where it was chosen already. */
  readonly sortBy: (sort: Sort) => void;
  /** Sorts by the change since that step now. */
  readonly sortByChangeSince: (step: number | null) => void;
  readonly chooseTileWidth: (width: number | null) => void;
  readonly chooseRowHeight: (height: number | null) => void;
  /** A step's own manifest is the authority for its layout. */
  readonly useLayout: (layout: Layout | null) => void;
  /** Asks the server what is new, and for what could not be read; the choice stays. Never rejects. */
  readonly refresh: () => Promise<void>;
  /** How often it has answered. */
  readonly refreshed: ReadonlySignal<number>;
}

export function createState(source: Source, abort: AbortSignal): State {
  const connection = signal<Connection>({ status: "connecting", reason: "" });
  const index = signal<Index | null>(null);
  const steps = signal<Steps | null>(null);
  const stepsProblem = signal<string | null>(null);
  const series = signal<readonly Series[]>([]);
  const run = signal<string | null>(null);
  const step = signal<number | null>(null);
  const moving = signal(false);
  const following = signal(true);
  const ownLayout = signal<Layout | null>(null);
  const clipName = signal<string | null>(null);
  const layerName = signal<string | null>(null);
  const view = signal<View>("filters");
  const tileMode = signal<Mode>("strip");
  const rasterMode = signal<Mode>("raster");
  const scale = signal<ScaleMode>("filter");
  const acrossEpochs = signal(false);
  const colours = signal<MapName>("magma");
  const sort = signal<Sort>("onset");
  const since = signal<number | null>(null);
  const sortRequest = signal(0);
  const tileWidth = signal<number | null>(null);
  const rowHeight = signal<number | null>(null);

  const layout = computed(() => ownLayout.value ?? steps.value?.layout ?? null);
  const entry = computed(() => steps.value?.steps.find((candidate) => candidate.step === step.value) ?? null);
  const clip = computed(() => named(layout.value?.probes ?? [], clipName.value));
  const layer = computed(() => named(layout.value?.layers ?? [], layerName.value));

  /** What was asked for last, in whichever run. */
  const asked: { clip: string | null; layer: string | null } = { clip: null, layer: null };
  let isNewRun = true;

  /** In a run that is shown for the first time: what was asked for, where the run has it. */
  function chooseNames(newest: Layout): void {
    isNewRun = false;
    clipName.value = (named(newest.probes, asked.clip) ?? newest.probes[0])?.name ?? null;
    layerName.value = (named(newest.layers, asked.layer) ?? firstLayer(newest))?.name ?? null;
  }

  const modeOfLayer = (): typeof tileMode => (layer.value !== null && suitsRaster(layer.value) ? rasterMode : tileMode);
  const mode = computed(() => modeOfLayer().value);

  const late = new LateSteps();
  const refreshed = signal(0);
  let stepsReadAt = "";
  let turn = 0;

  async function readRun(mine: number): Promise<void> {
    const name = run.peek();
    const runEntry = index.peek()?.runs.find((candidate) => candidate.run === name);
    if (name === null) return;
    const version = `${name} ${runEntry?.last_step ?? ""} ${runEntry?.wall_time ?? ""}`;
    const stale = version !== stepsReadAt;
    const [answer, scalars] = await Promise.all([
      stale || late.mayHaveCome(steps.peek(), entry.peek()) ? source.steps(name, abort) : null,
      // Curves are a companion: where they cannot be read the maps still can.
      source.scalars(name, abort).catch((): null => null),
    ]);
    if (mine !== turn) return;
    batch(() => {
      const known = steps.peek();
      if (answer !== null && (stale || known === null || !areAlike(answer, known))) {
        stepsReadAt = version;
        steps.value = answer;
        if (isNewRun && answer.layout !== null) chooseNames(answer.layout);
        step.value = stepAmong(answer.steps, step.peek(), following.peek());
      }
      if (scalars !== null) series.value = scalars.series;
      stepsProblem.value = null;
      refreshed.value += 1;
    });
  }

  async function refresh(): Promise<void> {
    const mine = ++turn;
    try {
      const answer = await source.index(abort);
      if (mine !== turn) return;
      batch(() => {
        index.value = answer;
        connection.value = { status: "there", reason: "" };
        const known = answer.runs.some((candidate) => candidate.run === run.peek());
        if (!known && steps.peek() === null) run.value = firstRun(answer);
      });
    } catch (error) {
      if (mine === turn && !isAbort(error)) connection.value = { status: "gone", reason: reasonOf(error) };
      return;
    }
    try {
      await readRun(mine);
    } catch (error) {
      if (mine === turn && !isAbort(error)) stepsProblem.value = reasonOf(error);
    }
  }

  function chooseRun(name: string): void {
    if (name === run.peek()) return;
    batch(() => {
      run.value = name;
      steps.value = null;
      stepsProblem.value = null;
      series.value = [];
      step.value = null;
      since.value = null;
      ownLayout.value = null;
      isNewRun = true;
      following.value = true;
    });
    void refresh();
  }

  function chooseStep(chosen: number, dragged = false): void {
    batch(() => {
      moving.value = dragged;
      // Whoever looks back would lose their place at the next epoch.
      if (chosen !== steps.peek()?.steps.at(-1)?.step) following.value = false;
      step.value = chosen;
    });
  }

  function chooseClip(name: string): void {
    asked.clip = clipName.value = name;
  }

  function chooseLayer(name: string): void {
    asked.layer = layerName.value = name;
  }

  function sortBy(chosen: Sort): void {
    batch(() => {
      sort.value = chosen;
      sortRequest.value += 1;
    });
  }

  return {
    ...createInspecting(run, layer, () => view.value === "filters"),
    connection,
    index,
    steps,
    exported: source.exported === true,
    stepsProblem,
    series,
    run,
    step,
    entry,
    moving,
    following,
    layout,
    clipName,
    layerName,
    clip,
    layer,
    view,
    mode,
    scale,
    acrossEpochs,
    colours,
    sort,
    since,
    sortRequest,
    tileWidth,
    rowHeight,
    chooseRun,
    chooseStep,
    moveStep: (distance) => {
      const chosen = step.peek();
      if (chosen !== null) chooseStep(neighbourStep(steps.peek()?.steps ?? [], chosen, distance));
    },
    follow: (on) => {
      batch(() => {
        following.value = on;
        step.value = stepAmong(steps.peek()?.steps ?? [], step.peek(), on);
      });
    },
    chooseClip,
    moveClip: (distance, among = layout.peek()?.probes ?? []) => {
      const chosen = clipName.peek();
      if (chosen !== null) chooseClip(neighbourName(among, chosen, distance));
    },
    chooseLayer,
    moveLayer: (distance) => {
      const chosen = layerName.peek();
      if (chosen !== null) chooseLayer(neighbourName(layout.peek()?.layers ?? [], chosen, distance));
    },
    chooseView: (chosen) => {
      view.value = chosen;
    },
    chooseMode: (chosen) => {
      modeOfLayer().value = chosen;
    },
    chooseScale: (chosen, across) => {
      batch(() => {
        scale.value = chosen;
        acrossEpochs.value = across;
      });
    },
    chooseColours: (chosen) => {
      colours.value = chosen;
    },
    sortBy,
    sortByChangeSince: (chosen) => {
      batch(() => {
        since.value = chosen;
        sortBy("change");
      });
    },
    chooseTileWidth: (width) => {
      tileWidth.value = width;
    },
    chooseRowHeight: (height) => {
      rowHeight.value = height;
    },
    useLayout: (own) => {
      ownLayout.value = own;
    },
    refresh,
    refreshed,
  };
}
