/**
 * What a link holds. FIELDS is the registry: whoever adds something that can be chosen adds its field. Each is read as text, and
 * written back from it, or told by its name where the log has it not.
 */
import { COMPARE_FIELDS } from "./link_compare";
import { amount, isLogged, oneOf, text, type LinkField } from "./link_kinds";
import { INSPECTOR_FIELDS, LIST_FIELDS, PART_FIELDS } from "./link_lists";
import { ORDER_FIELD } from "./link_order";
import { FASTEST, SLOWEST } from "./player";
import { MAP_NAMES } from "./pure/colormap";
import { WIDEST } from "./pure/grid_shape";
import { LARGEST_ROW } from "./pure/raster_layout";
import { named, stepUnit } from "./selection";
import { stepNameAs } from "./words";

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
        return Number.isInteger(step) ? stepNameAs(stepUnit(steps), step) : `${stepUnit(steps)} ${value}`;
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
      return null;
    },
  }),
  oneOf("mode", ["strip", "window", "raster"], {
    read: ({ state }) => state.mode.peek(),
    write: ({ state }, mode) => {
      state.chooseMode(mode);
      return null;
    },
  }),
  oneOf("scale", ["filter", "layer", "filter-epochs", "layer-epochs"], {
    read: ({ state }) => (state.acrossEpochs.peek() ? `${state.scale.peek()}-epochs` : state.scale.peek()),
    write: ({ state }, scale) => {
      state.chooseScale(scale.startsWith("layer") ? "layer" : "filter", scale.endsWith("epochs"));
      return null;
    },
  }),
  oneOf("colours", MAP_NAMES, {
    read: ({ state }) => state.colours.peek(),
    write: ({ state }, colours) => {
      state.chooseColours(colours);
      return null;
    },
  }),
  oneOf("sort", ["onset", "strength", "change", "selectivity", "taken", "index"], {
    read: ({ state }) => state.sort.peek(),
    write: ({ state }, sort) => {
      state.sortBy(sort);
      return null;
    },
  }),
  {
    key: "since",
    stage: "steps",
    read: ({ state }) => (state.sort.peek() === "change" ? text(state.since.peek()) : null),
    write: ({ state }, value) => {
      const steps = state.steps.peek()?.steps ?? [];
      const entry = steps.find(({ step }) => step === Number(value));
      if (entry === undefined) return `${stepNameAs(stepUnit(steps), Number(value))}, which changes were counted from`;
      state.sortByChangeSince(entry.step);
      return null;
    },
  },
  ...COMPARE_FIELDS,
  ...INSPECTOR_FIELDS,
  ...LIST_FIELDS,
  ...PART_FIELDS,
  amount("tiles", "steps", [1, WIDEST], {
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
  // Last, since it is the longest: where a link is cut off, the rest is whole.
  ORDER_FIELD,
];

/** Finer than any window or cell. */
function fine(seconds: number): string {
  return seconds.toFixed(4);
}
