import { expect, test } from "vitest";

import { throughput, withTransfer, type Burst } from "../src/pure/throughput";

const transfer = (kilobytes: number, start: number, end: number): Burst => ({ bytes: 1000 * kilobytes, start, end });
const seen = (...transfers: readonly Burst[]): readonly Burst[] => transfers.reduce<readonly Burst[]>(withTransfer, []);

test("nothing is known of a link that nothing has gone over", () => {
  expect(throughput([])).toBeNull();
  expect(throughput(seen(transfer(100, 5, 5)))).toBeNull();
});

test("those that share the link are one, however they overlap and in whichever order they are told of", () => {
  const parts = [transfer(1000, 0, 10), transfer(500, 5, 15), transfer(500, 14, 20)];
  for (const order of [parts, parts.toReversed(), [1, 2, 0].map((index) => parts[index] ?? transfer(0, 0, 0))]) {
    expect(throughput(seen(...order))).toBe(2000_000 / 20);
  }
});

test("time in which nothing is on its way does not count", () => {
  expect(throughput(seen(transfer(1000, 0, 10), transfer(1000, 990, 1000)))).toBe(100_000);
});

test("a link that has become slow is believed at once, one that has become fast in time", () => {
  const fast = (at: number): Burst => transfer(1000, at, at + 10);
  expect(throughput(seen(fast(0), fast(20), transfer(100, 40, 140)))).toBe(1000);
  expect(throughput(seen(transfer(100, 0, 100), fast(200), fast(300)))).toBe(1000);
  expect(throughput(seen(transfer(100, 0, 100), fast(200), fast(300), fast(400)))).toBe(100_000);
});

test("small transfers, which tell of the delay, count while there are no others", () => {
  const [small, large] = [transfer(1, 0, 40), transfer(500, 100, 200)];
  expect(throughput(seen(small))).toBe(25);
  expect(throughput(seen(small, large))).toBe(5000);
  expect(throughput(seen(large, transfer(1, 300, 340)))).toBe(5000);
});
