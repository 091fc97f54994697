/** What a link holds of the list of clips and of the inspector. */
import { oneOf, text, type Linked, type LinkField } from "./link_kinds";

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
];
