import { expect, test } from "vitest";

import { isMixed, mappedLike } from "../src/pure/mapped_clips";
import type { Detail } from "../src/types";

const CLIPS = [
  { name: "sax 1", labels: ["sax"], kept: "windows" },
  { name: "sax 2", labels: ["sax"], kept: "summary" },
  { name: "duo", labels: ["flute", "sax"], kept: "strip" },
  { name: "flute", labels: ["flute"], kept: "strip" },
  { name: "noise", labels: [], kept: "windows" },
] as const;
const kept = (name: string): Detail => CLIPS.find((clip) => clip.name === name)?.kept ?? "summary";

test.each<[string, readonly string[], readonly string[]]>([
  ["of its label, in their order", ["sax"], ["sax 1", "duo"]],
  ["of any of its labels", ["voice", "flute"], ["duo", "flute"]],
  ["none of its label", ["voice"], []],
  ["none without a label", [], []],
])("clips with maps: %s", (_, labels, expected) => {
  expect(mappedLike({ name: "other", labels }, CLIPS, kept)).toEqual(expected);
});

test.each<[readonly Detail[], boolean]>([
  [["summary", "strip"], true],
  [["windows", "summary"], true],
  [["windows", "strip"], false],
  [["summary", "summary"], false],
  [[], false],
])("%j: some with maps and some without, %s", (all, expected) => {
  expect(isMixed(all)).toBe(expected);
});
