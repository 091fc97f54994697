import { signal } from "@preact/signals";
import { expect, test } from "vitest";

import { createClasses } from "../src/classes";
import { createClipList } from "../src/clip_list";
import { createCompare } from "../src/compare";
import { FIELDS } from "../src/link_fields";
import type { Linked } from "../src/link_kinds";
import type { CurveChoice } from "../src/pure/curves";
import { data, derived, refreshed, scope, source, state } from "./golden_panel";

/** What fields of clips, inspector, comparison, classes and curves read and write. */
function linked(): Linked {
  const compare = createCompare(source, state, data, derived, scope);
  const classes = createClasses(source, state, data, derived, scope);
  const curves = signal<CurveChoice>([null, null]);
  return { state, compare, classes, curves, clipList: createClipList(state, data, derived, scope) } as Linked;
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

test("how epochs are chosen, whether right and wrong are told apart and what a comparison shows are read back", async () => {
  await refreshed();
  const panel = linked();
  state.inspect(3);
  for (const [view, key, first, value] of [
    ["filters", "spacing", "even", "change"],
    ["classes", "verdicts", "together", "parted"],
    ["compare", "tiles-show", "difference", "a"],
  ] as const) {
    state.chooseView(view);
    expect(field(key).read(panel)).toBe(first);
    expect(field(key).write(panel, value)).toBeNull();
    expect(field(key).read(panel)).toBe(value);
    state.chooseView(view === "filters" ? "classes" : "filters");
    expect(field(key).read(panel)).toBeNull();
  }
  expect(state.spacing.value).toBe("change");
  expect(panel.classes.parted.value).toBe(true);
  expect(panel.compare.showing.value).toBe("a");
});

test("both curves are read back; one that was not logged is named, and nothing stands in its place", async () => {
  const points = [0, 1].map((step): [number, number, number] => [step, 0.5, step]);
  source.scalars = () =>
    Promise.resolve({
      series: ["loss", "accuracy", "recall"].map((tag) => ({ run: "train", tag: `epoch_${tag}`, points })),
    });
  await refreshed();
  const panel = linked();
  expect(field("curve").read(panel)).toBeNull();
  expect(field("curve").write(panel, "gone")).toBe("curve gone");
  expect(field("curve").read(panel)).toBeNull();
  expect(field("curve").write(panel, "recall")).toBeNull();
  expect(field("curve").read(panel)).toBe("recall");
  expect(field("first-curve").read(panel)).toBeNull();
  expect(field("first-curve").write(panel, "gone")).toBe("curve gone");
  expect(field("first-curve").write(panel, "accuracy")).toBeNull();
  expect(field("first-curve").read(panel)).toBe("accuracy");
  expect(panel.curves.value).toEqual(["accuracy", "recall"]);
});
