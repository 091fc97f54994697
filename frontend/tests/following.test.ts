/** A follower is as its leader, and while it waits no faster than can be read. */
import { setTimeout as pause } from "node:timers/promises";

import { signal } from "@preact/signals";
import { expect, test } from "vitest";

import { following } from "../src/following";
import { Scope } from "../src/scope";

function follow(waiting: boolean) {
  const scope = new Scope();
  const [leader, waits] = [signal(0), signal(waiting)];
  const follower = following(scope, leader, { waits, milliseconds: 200 });
  const told: number[] = [];
  follower.subscribe((value) => told.push(value));
  return { scope, leader, waits, follower, told };
}

test("at once where it need not wait", () => {
  const { leader, told } = follow(false);
  leader.value = 1;
  leader.value = 2;
  expect(told).toEqual([0, 1, 2]);
});

test("while it waits, the last of several, after the moment of the change", async () => {
  const { leader, told } = follow(true);
  leader.value = 1;
  leader.value = 2;
  expect(told).toEqual([0]);
  await pause(120);
  expect(told).toEqual([0, 2]);
  leader.value = 3;
  await pause(20);
  leader.value = 4;
  expect(told).toEqual([0, 2]);
  await pause(300);
  expect(told).toEqual([0, 2, 4]);
});

test("as soon as it need not wait any more", () => {
  const { leader, waits, told } = follow(true);
  leader.value = 1;
  waits.value = false;
  expect(told).toEqual([0, 1]);
});

test("not after its scope's end", async () => {
  const { scope, leader, told } = follow(true);
  leader.value = 1;
  scope.close();
  await pause(120);
  expect(told).toEqual([0]);
});
