/** What a link holds of the order of the tiles, which stands while epochs and clips go by. */
import type { Linked, LinkField } from "./link_kinds";
import { isCurrent } from "./order";
import { decoded } from "./pure/link_text";
import { readOrder, writeOrder } from "./pure/order_text";

const KINDS = ["strip", "window", "raster"] as const;

/** The filters as they stand, and what their order was made for; null where they stand by their numbers. */
export function orderText({ state, derived }: Pick<Linked, "state" | "derived">): string | null {
  const order = derived.order.peek();
  if (order === null || order.sort === "index" || order.sort !== state.sort.peek() || derived.stale.peek()) return null;
  const { filters, step, kind, clip, about } = order;
  const parts = [writeOrder(filters), String(step), kind, clip, ...(about === null ? [] : [about])];
  return parts.map(encodeURIComponent).join(":");
}

/** After the layer and what it is sorted by: of another sort it would be another order. */
export const ORDER_FIELD: LinkField = {
  key: "order",
  stage: "steps",
  read: (panel) => {
    const [order, shown] = [panel.derived.order.peek(), panel.derived.shown.peek()];
    // Who opens the link would make the same one.
    return order === null || shown === null || isCurrent(order, shown) ? null : orderText(panel);
  },
  write: ({ state, derived }, value) => {
    const [filters, step, kind, clip, about] = value.split(":").map(decoded);
    const order = readOrder(filters ?? "", state.layer.peek()?.filters ?? 0);
    const made = KINDS.find((each) => each === kind);
    if (order === null || made === undefined || clip === undefined || !/^-?\d+$/.test(step ?? "")) {
      return `the order of the filters of layer ${state.layerName.peek() ?? ""}`;
    }
    derived.restoreOrder({
      filters: order,
      sort: state.sort.peek(),
      about: about ?? null,
      why: null,
      step: Number(step),
      clip,
      kind: made,
    });
    return null;
  },
};
