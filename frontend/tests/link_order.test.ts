import { expect, test } from "vitest";

import { createData } from "../src/data";
import { createDerived } from "../src/derived";
import type { Linked } from "../src/link_kinds";
import { ORDER_FIELD, orderText } from "../src/link_order";
import { readOrder, writeOrder } from "../src/pure/order_text";
import { createState } from "../src/state";
import { data, derived, refreshed, scope, source, state } from "./golden_panel";

test.each([0, 1, 2, 36, 37, 512, 1296, 1297, 2048])("an order of %d filters is read back from its text", (count) => {
  // 7 and these counts have no common divisor.
  const filters = Array.from({ length: count }, (_, at) => (5 + 7 * at) % count);
  const text = writeOrder(filters);
  expect(readOrder(text, count)).toEqual(filters);
  expect(readOrder(text, count + 1)).toBeNull();
  if (count > 1) expect(readOrder(text.slice(0, -1), count)).toBeNull();
});

test.each([
  ["a filter twice", "00"],
  ["a filter that is not there", "02"],
  ["too many", "010"],
  ["capitals", "0B"],
  ["nothing", ""],
])("what is no order of two filters is refused: %s", (_, text) => {
  expect(readOrder(text, 2)).toBeNull();
});

function linked(): Linked {
  return { state, derived } as Linked;
}

async function sortedAtAnotherEpoch(): Promise<readonly number[]> {
  source.logged = [0, 1, 2];
  await refreshed();
  state.chooseStep(1);
  await refreshed();
  state.sortBy("strength");
  await refreshed();
  return derived.order.value?.filters ?? [];
}

test("an order that would be made anew is not written, one of another epoch is read back with what it was made for", async () => {
  const filters = await sortedAtAnotherEpoch();
  expect(ORDER_FIELD.read(linked())).toBeNull();
  expect(orderText(linked())).not.toBeNull();
  const changed = [...filters].reverse();
  state.chooseStep(2);
  await refreshed();
  const text = ORDER_FIELD.read(linked());
  expect(text).toBe(orderText(linked()));

  // Elsewhere, where no order has been made yet, with tiles in another order than would be made there.
  const other = createState(source, scope.signal);
  const otherData = createData(source, other, scope);
  const elsewhere = createDerived(other, otherData, scope);
  await other.refresh();
  other.chooseStep(2);
  other.sortBy("strength");
  const [, ...made] = text?.split(":") ?? [];
  expect(
    ORDER_FIELD.write({ state: other, derived: elsewhere } as Linked, [writeOrder(changed), ...made].join(":")),
  ).toBeNull();
  await refreshed();
  expect(elsewhere.order.value).toMatchObject({ filters: changed, sort: "strength", step: 1, why: null });
  expect(elsewhere.shown.value?.picture.step).toBe(2);
  // What is asked for afterwards is made as ever.
  other.sortBy("strength");
  await refreshed();
  expect(elsewhere.order.value).toMatchObject({ filters, step: 2 });
  expect(data.mode.value).toBe("strip");
});

test.each([
  ["cut off", (text: string) => text.slice(0, 20)],
  ["of a tile mode that there is not", (text: string) => text.replace(":strip:", ":cube:")],
  ["of an epoch that is no number", (text: string) => text.replace(":1:", ":x:")],
])("an order that is %s is named, and the tiles stand as they would without it", async (_, damaged) => {
  await sortedAtAnotherEpoch();
  const text = orderText(linked()) ?? "";
  const before = derived.order.value;
  expect(ORDER_FIELD.write(linked(), damaged(text))).toBe(
    `the order of the filters of layer ${state.layerName.value ?? ""}`,
  );
  expect(derived.order.value).toBe(before);
});
