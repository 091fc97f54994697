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

test("parts keep their own keys under one limit: what was used longest ago goes first, whichever part it is of", () => {
  const cache = new ByteCache<string | number>(10);
  const [words, numbers] = [cache.shelf<string>("words"), cache.shelf<number>("numbers")];
  words.set("a", "A", 4);
  numbers.set("a", 1, 4);
  expect([words.get("a"), numbers.get("a"), cache.bytes]).toEqual(["A", 1, 8]);
  words.set("b", "B", 4);
  expect([words.get("a"), numbers.get("a"), words.get("b"), cache.bytes]).toEqual([undefined, 1, "B", 8]);
});
