import { describe, expect, test } from "vitest";

import { keyName, KEYS, lineOf } from "../src/keys";

describe("the table of keys", () => {
  test("gives each key one meaning, and each line words of its own", () => {
    const keys = KEYS.flatMap((line) => line.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(KEYS.map(({ what }) => what)).size).toBe(KEYS.length);
  });

  test("names each key as keyName does, so that it can be pressed", () => {
    for (const [place, line] of KEYS.entries()) {
      for (const [index, name] of line.keys.entries()) {
        expect(lineOf(name)).toEqual({ line: KEYS[place], index });
      }
    }
    expect(lineOf("q")).toBeNull();
  });
});

test.each([
  [" ", false, "Space"],
  ["ArrowLeft", false, "←"],
  ["ArrowRight", true, "Shift →"],
  ["-", false, "−"],
  ["_", true, "−"],
  ["=", false, "+"],
  ["+", true, "+"],
  ["?", true, "?"],
  ["C", true, "c"],
  ["Escape", false, "Escape"],
])("%j with Shift %j is called %j", (key, shiftKey, name) => {
  expect(keyName({ key, shiftKey })).toBe(name);
});
