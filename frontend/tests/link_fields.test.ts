import { expect, test } from "vitest";

import { createClipList } from "../src/clip_list";
import { createCompare } from "../src/compare";
import { FIELDS } from "../src/link_fields";
import type { Linked } from "../src/link_kinds";
import { data, derived, refreshed, scope, source, state } from "./golden_panel";

/** What fields of clips, inspector and comparison read and write. */
function linked(): Linked {
  const compare = createCompare(source, state, data, derived, scope);
  return { state, compare, clipList: createClipList(state, data, scope) } as Linked;
}

function field(key: string): (typeof FIELDS)[number] {
  const found = FIELDS.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no field ${key}`);
  return found;
}

test("the clips' filter and order, the inspected and the pinned filters are read back from what was written", async () => {
  await refreshed();
  const panel = linked();
  for (const [key, value] of [
    ["search", "fl 2"],
    ["clips", "wrong"],
    ["filter", "7"],
    ["pins", "3-0-7"],
  ] as const) {
    expect(field(key).read(panel)).toBe(key === "clips" ? "logged" : null);
    expect(field(key).write(panel, value)).toBeNull();
    expect(field(key).read(panel)).toBe(value);
  }
  expect(state.inspected.value).toBe(7);
  expect(state.pinned.value).toEqual([3, 0, 7]);
});

test.each([
  ["filter", "34", "filter 34 of layer conv/a<b>"],
  ["filter", "-1", "filter -1 of layer conv/a<b>"],
  ["filter", "", "filter  of layer conv/a<b>"],
  ["pins", "3-34-x", "pinned filter 34, x of layer conv/a<b>"],
])("what the layer has not is named, and nothing stands in its place: %s %s", async (key, value, named) => {
  await refreshed();
  state.chooseLayer("conv/a<b>");
  const panel = linked();
  expect(field(key).write(panel, value)).toBe(named);
  expect(state.inspected.value).toBeNull();
  expect(state.pinned.value).toEqual(key === "pins" ? [3] : []);
});

test("the other run's epoch is its own: of another run it is left alone; a comparison that is refused is named", async () => {
  await refreshed();
  const panel = linked();
  state.chooseView("compare");
  const { choice } = panel.compare;
  expect(field("against").write(panel, "run")).toBe("another run to compare with (there is no other run)");
  expect(field("against-run").write(panel, "gone")).toBe("run gone, which was compared with");
  expect(field("against-run-step").write(panel, "12:gone")).toBeNull();
  expect(choice.stepOfRun.value).toBeNull();
  expect(field("against-run-step").write(panel, "12")).toBe("against-run-step 12");
  expect(field("measure").write(panel, "mean")).toBeNull();
  expect(field("measure").read(panel)).toBe("mean");
  state.chooseView("filters");
  expect(field("measure").read(panel)).toBeNull();
});
