import { expect, test } from "vitest";

import { shortened } from "../src/filter_title";

const letterWide = (text: string) => Array.from(text).length;

test.each([
  ["burst", 5, "burst"],
  ["burst", 4, "bur…"],
  ["burst", 2, "b…"],
  ["burst", 1, null],
  ["🎻🎺🥁", 2, "🎻…"],
])("%s in room for %d letters is %s", (text, room, expected) => {
  expect(shortened(text, room, letterWide)).toBe(expected);
});
