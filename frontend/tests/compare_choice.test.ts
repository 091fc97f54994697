import { expect, test } from "vitest";

import { proposedClip } from "../src/compare_choice";
import type { Verdict } from "../src/pure/predict";

const CLIPS = ["sax", "flute 1", "flute 2", "organ"];

function verdicts(
  ...told: readonly (readonly [kind: "ok" | "taken" | "unlabelled", taken: string] | null)[]
): Verdict[] {
  return told.map((each) => (each === null ? { kind: "unknown" } : { kind: each[0], taken: each[1], score: 0.5 }));
}

test("a clip that is taken for another class is compared with the first that is so rightly", () => {
  const mixed = verdicts(["taken", "flute"], ["taken", "organ"], ["ok", "flute"], ["ok", "organ"]);
  expect(proposedClip(CLIPS, mixed, "sax")).toBe("flute 2");
  expect(proposedClip(CLIPS, mixed, "flute 1")).toBe("organ");
});

test.each<[string, Verdict[]]>([
  ["is right", verdicts(["ok", "sax"], ["ok", "sax"], ["ok", "flute"], null)],
  ["has no label", verdicts(["unlabelled", "flute"], null, ["ok", "flute"], null)],
  ["is not known", verdicts(null, null, ["ok", "flute"], null)],
  ["is taken for what no clip is rightly", verdicts(["taken", "flute"], null, ["taken", "flute"], null)],
  ["was not logged", []],
])("a clip that %s with the next", (_what, known) => {
  expect(proposedClip(CLIPS, known, "sax")).toBe("flute 1");
});

test("the last clip is compared with the first, and one alone with none", () => {
  expect(proposedClip(CLIPS, [], "organ")).toBe("sax");
  expect(proposedClip(["sax"], [], "sax")).toBeNull();
});
