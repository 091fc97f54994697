/**
 * What a link holds. FIELDS is the registry: whoever adds something that can be chosen adds its field. Each is read as text, and
 * written back from it, or told by its name where the log has it not.
 */
import type { Panel } from "./panel";
import { FASTEST, SLOWEST } from "./player";
import { MAP_NAMES } from "./pure/colormap";
import { LARGEST_WIDTH } from "./pure/grid_shape";
import { LARGEST_ROW } from "./pure/raster_layout";
import { named } from "./selection";
import type { State } from "./state";
import { stepName } from "./words";

/** All of the panel but what is made of the link itself. */
export type Linked = Omit<Panel, "viewLink">;

/** What must be known before a field can be put back: the runs, the chosen run's steps, the chosen clip's seconds. */
export type Stage = "runs" | "steps" | "clip";

export interface LinkField {
  readonly key: string;
  readonly stage: Stage;
  /** Null where it stands as it does at first. */
  readonly read: (panel: Linked) => string | null;
  /** Returns what is not there, in words, or null. */
  readonly write: (panel: Linked, value: string) => string | null;
}

export const FIELDS: readonly LinkField[] = [
  {
    key: "run",
    stage: "runs",
    read: ({ state }) => state.run.peek(),
    write: ({ state }, run) => {
      if (!isLogged(state, run)) return `run ${run}`;
      state.chooseRun(run);
      return null;
    },
  },
  {
    key: "step",
    stage: "steps",
    read: ({ state }) => text(state.step.peek()),
    write: ({ state }, value) => {
      const step = Number(value);
      const steps = state.steps.peek()?.steps ?? [];
      if (!steps.some((entry) => entry.step === step)) {
        return Number.isInteger(step) ? stepName(step, steps[0]?.record?.batch ?? null) : `epoch ${value}`;
      }
      // What was linked to stays, though it was the newest then and may be now.
      state.follow(false);
      state.chooseStep(step);
      return null;
    },
  },
  {
    key: "clip",
    stage: "steps",
    read: ({ state }) => state.clipName.peek(),
    write: ({ state }, name) => {
      state.chooseClip(name);
      return named(state.layout.peek()?.probes ?? [], name) === null ? `clip ${name}` : null;
    },
  },
  {
    key: "layer",
    stage: "steps",
    read: ({ state }) => state.layerName.peek(),
    write: ({ state }, name) => {
      state.chooseLayer(name);
      return named(state.layout.peek()?.layers ?? [], name) === null ? `layer ${name}` : null;
    },
  },
  oneOf("view", ["filters", "compare", "classes"], {
    read: ({ state }) => state.view.peek(),
    write: ({ state }, view) => {
      state.chooseView(view);
    },
  }),
  oneOf("mode", ["strip", "window", "raster"], {
    read: ({ state }) => state.mode.peek(),
    write: ({ state }, mode) => {
      state.chooseMode(mode);
    },
  }),
  oneOf("scale", ["filter", "layer", "filter-epochs", "layer-epochs"], {
    read: ({ state }) => (state.acrossEpochs.peek() ? `${state.scale.peek()}-epochs` : state.scale.peek()),
    write: ({ state }, scale) => {
      state.chooseScale(scale.startsWith("layer") ? "layer" : "filter", scale.endsWith("epochs"));
    },
  }),
  oneOf("colours", MAP_NAMES, {
    read: ({ state }) => state.colours.peek(),
    write: ({ state }, colours) => {
      state.chooseColours(colours);
    },
  }),
  oneOf("sort", ["onset", "strength", "change", "selectivity", "taken", "index"], {
    read: ({ state }) => state.sort.peek(),
    write: ({ state }, sort) => {
      state.sortBy(sort);
    },
  }),
  {
    key: "since",
    stage: "steps",
    read: ({ state }) => (state.sort.peek() === "change" ? text(state.since.peek()) : null),
    write: ({ state }, value) => {
      const entry = state.steps.peek()?.steps.find(({ step }) => step === Number(value));
      if (entry === undefined) return `${stepName(Number(value), null)}, which changes were counted from`;
      state.sortByChangeSince(entry.step);
      return null;
    },
  },
  oneOf("against", ["epoch", "clip", "run"], {
    read: ({ compare }) => compare.choice.kind.peek(),
    write: ({ compare }, kind) => {
      compare.choice.chooseKind(kind);
    },
    only: compares,
  }),
  {
    key: "against-step",
    stage: "steps",
    read: (panel) => (compares(panel) ? text(panel.compare.choice.step.peek()) : null),
    write: ({ state, compare }, value) => {
      const entry = state.steps.peek()?.steps.find(({ step }) => step === Number(value));
      if (entry === undefined) return `${stepName(Number(value), null)}, which was compared with`;
      compare.choice.chooseStep(entry.step);
      return null;
    },
  },
  {
    key: "against-clip",
    stage: "steps",
    read: (panel) => (compares(panel) ? panel.compare.choice.clip.peek() : null),
    write: ({ state, compare }, name) => {
      if (named(state.layout.peek()?.probes ?? [], name) === null) return `clip ${name}, which was compared with`;
      compare.choice.chooseClip(name);
      return null;
    },
  },
  {
    key: "against-run",
    stage: "steps",
    read: (panel) => (compares(panel) ? panel.compare.choice.run.peek() : null),
    write: ({ state, compare }, run) => {
      if (!isLogged(state, run)) return `run ${run}, which was compared with`;
      compare.choice.chooseRun(run);
      return null;
    },
  },
  amount("tiles", "steps", [1, LARGEST_WIDTH], {
    read: ({ state }) => state.tileWidth.peek(),
    write: ({ state }, width) => {
      state.chooseTileWidth(width);
    },
  }),
  amount("rows", "steps", [1, LARGEST_ROW], {
    read: ({ state }) => state.rowHeight.peek(),
    write: ({ state }, height) => {
      state.chooseRowHeight(height);
    },
  }),
  {
    key: "loop",
    stage: "clip",
    read: ({ player }) => player.loop.peek()?.map(fine).join("-") ?? null,
    write: ({ player }, value) => {
      const [start = NaN, end = NaN] = value.split("-").map(Number);
      if (!(start >= 0 && end > start)) return `loop ${value}`;
      player.setLoop([start, end]);
      return null;
    },
  },
  amount("speed", "clip", [SLOWEST, FASTEST], {
    read: ({ player }) => (player.speed.peek() === 1 ? null : player.speed.peek()),
    write: ({ player }, speed) => {
      player.setSpeed(speed);
    },
  }),
  amount("time", "clip", [0, Infinity], {
    read: ({ player }) => Number(fine(player.time.peek())),
    write: ({ seek }, seconds) => {
      seek(seconds);
    },
  }),
];

function isLogged({ index }: State, run: string): boolean {
  return index.peek()?.runs.some((entry) => entry.run === run) ?? false;
}

function text(value: number | null): string | null {
  return value === null ? null : String(value);
}

/** Finer than any window or cell. */
function fine(seconds: number): string {
  return seconds.toFixed(4);
}

/** What is compared with is part of a view that compares. */
function compares({ state }: Linked): boolean {
  return state.view.peek() === "compare";
}

interface OneOf<T> {
  readonly read: (panel: Linked) => string;
  readonly write: (panel: Linked, value: T) => void;
  /** Where it is part of the view at all. */
  readonly only?: (panel: Linked) => boolean;
}

/** A field with a few values. */
function oneOf<T extends string>(
  key: string,
  values: readonly T[],
  { read, write, only = () => true }: OneOf<T>,
): LinkField {
  return {
    key,
    stage: "steps",
    read: (panel) => (only(panel) ? read(panel) : null),
    write: (panel, value) => {
      const known = values.find((each) => each === value);
      if (known === undefined) return `${key} ${value}`;
      write(panel, known);
      return null;
    },
  };
}

/** A field with a number between two bounds. */
function amount(
  key: string,
  stage: Stage,
  [least, most]: readonly [number, number],
  {
    read,
    write,
  }: { readonly read: (panel: Linked) => number | null; readonly write: (panel: Linked, value: number) => void },
): LinkField {
  return {
    key,
    stage,
    read: (panel) => text(read(panel)),
    write: (panel, value) => {
      const size = Number(value);
      if (value === "" || !(size >= least && size <= most)) return `${key} ${value}`;
      write(panel, size);
      return null;
    },
  };
}
