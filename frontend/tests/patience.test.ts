import { expect, test } from "vitest";

import { Patience } from "../src/pure/patience";

function attempts(patience: Patience, cause: object | null, turns: number): readonly number[] {
  return Array.from({ length: turns }, (_, turn) => turn + 1).filter(() => patience.isTime(cause));
}

test("tries at the next turn, then ever more seldom, and never gives up", () => {
  expect(attempts(new Patience(), {}, 32)).toEqual([1, 3, 7, 13, 19, 25, 31]);
});

test("begins anew with another failure, and with the same after a turn without one", () => {
  const patience = new Patience();
  const failure = {};
  expect(attempts(patience, failure, 8)).toEqual([1, 3, 7]);
  expect(attempts(patience, {}, 4)).toEqual([1, 3]);
  expect(attempts(patience, failure, 4)).toEqual([1, 3]);
  expect(attempts(patience, null, 3)).toEqual([]);
  expect(attempts(patience, failure, 4)).toEqual([1, 3]);
});
