/** What a link holds of the list of clips, the inspector, the table of classes and the curves. */
import { oneOf, text, type Linked, type LinkField } from "./link_kinds";
import { SPACINGS } from "./inspecting";
import { trainingPanes } from "./pure/curves";

/** A filter of the chosen layer, where it has one of that number. */
function filterOf({ state }: Linked, value: string): number | null {
  const filter = Number(value);
  return /^\d+$/.test(value) && filter < (state.layer.peek()?.filters ?? 0) ? filter : null;
}

export const LIST_FIELDS: readonly LinkField[] = [
  {
    key: "search",
    stage: "steps",
    read: ({ clipList }) => clipList.search.peek() || null,
    write: ({ clipList }, words) => {
      clipList.searchFor(words);
      return null;
    },
  },
  oneOf("clips", ["logged", "wrong"], {
    read: ({ clipList }) => clipList.order.peek(),
    write: ({ clipList }, order) => {
      clipList.orderBy(order);
      return null;
    },
  }),
];

/** After the layer, whose filters these are. */
export const INSPECTOR_FIELDS: readonly LinkField[] = [
  {
    key: "filter",
    stage: "steps",
    read: ({ state }) => text(state.inspected.peek()),
    write: (panel, value) => {
      const filter = filterOf(panel, value);
      if (filter === null) return `filter ${value} of layer ${panel.state.layerName.peek() ?? ""}`;
      panel.state.inspect(filter);
      return null;
    },
  },
  {
    key: "pins",
    stage: "steps",
    read: ({ state }) => state.pinned.peek().join("-") || null,
    write: (panel, value) => {
      const gone = value.split("-").filter((each) => {
        const filter = filterOf(panel, each);
        if (filter !== null) panel.state.pin(filter, true);
        return filter === null;
      });
      return gone.length === 0
        ? null
        : `pinned filter ${gone.join(", ")} of layer ${panel.state.layerName.peek() ?? ""}`;
    },
  },
  oneOf("spacing", SPACINGS, {
    read: ({ state }) => state.spacing.peek(),
    write: ({ state }, spacing) => {
      state.chooseSpacing(spacing);
      return null;
    },
    only: ({ state }) => state.inspected.peek() !== null,
  }),
];

export const PART_FIELDS: readonly LinkField[] = [
  oneOf("verdicts", ["together", "parted"], {
    read: ({ classes }) => (classes.parted.peek() ? "parted" : "together"),
    write: ({ classes }, chosen) => {
      classes.part(chosen === "parted");
      return null;
    },
    only: ({ state }) => state.view.peek() === "classes",
  }),
  curveField("first-curve", 0),
  curveField("curve", 1),
];

function curveField(key: string, place: 0 | 1): LinkField {
  return {
    key,
    stage: "steps",
    read: ({ curves }) => curves.peek()[place],
    write: ({ state, curves }, title) => {
      const panes = trainingPanes(state.series.peek(), state.steps.peek()?.steps ?? []);
      if (!panes.some((pane) => pane.title === title)) return `curve ${title}`;
      const [first, second] = curves.peek();
      curves.value = place === 0 ? [title, second] : [first, title];
      return null;
    },
  };
}
