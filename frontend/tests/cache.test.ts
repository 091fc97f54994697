import { expect, test } from "vitest";

import { ByteCache } from "../src/cache";

test("what was used longest ago goes first, and the limit holds", () => {
  const cache = new ByteCache<string>(10);
  cache.set("a", "A", 4);
  cache.set("b", "B", 4);
  expect(cache.get("a")).toBe("A");
  cache.set("c", "C", 4);
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual(["A", undefined, "C"]);
  expect(cache.bytes).toBe(8);
});

test("a value set again counts once", () => {
  const cache = new ByteCache<string>(10);
  for (let time = 0; time < 5; time++) cache.set("a", `A${time}`, 6);
  expect(cache.get("a")).toBe("A4");
  expect(cache.bytes).toBe(6);
});

test("a value larger than the limit is not kept and drives nothing out", () => {
  const cache = new ByteCache<string>(10);
  cache.set("a", "A", 4);
  cache.set("b", "B", 11);
  expect([cache.get("a"), cache.get("b"), cache.bytes]).toEqual(["A", undefined, 4]);
  cache.set("a", "larger", 11);
  expect([cache.get("a"), cache.bytes]).toEqual([undefined, 0]);
});
