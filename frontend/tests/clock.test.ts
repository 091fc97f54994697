/** When the clock calls what it is asked to call. */
import { setTimeout as pause } from "node:timers/promises";

import { beforeEach, expect, it, vi } from "vitest";

import { Clock } from "../src/clock";
import { Scope } from "../src/scope";

let frames: FrameRequestCallback[] = [];

beforeEach(() => {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
  vi.stubGlobal("cancelAnimationFrame", () => {
    frames = [];
  });
});

function frame(): void {
  const now = frames;
  frames = [];
  for (const each of now) each(0);
}

function asked() {
  const scope = new Scope();
  const calls: string[] = [];
  const clock = new Clock(scope);
  const owner = {};
  return {
    scope,
    calls,
    next: (name: string) => {
      clock.next(scope, owner, () => calls.push(name));
    },
    soon: (name: string) => {
      clock.soon(scope, owner, () => calls.push(name));
    },
  };
}

it("calls at the next frame only the last that an owner asked for", async () => {
  const { calls, next } = asked();
  next("a");
  next("b");
  await pause(5);
  expect(calls).toEqual([]);
  frame();
  frame();
  expect(calls).toEqual(["b"]);
});

it("calls soon before any frame, the last alone, and a second time only after one", async () => {
  const { calls, soon } = asked();
  soon("a");
  soon("b");
  expect(calls).toEqual([]);
  await pause(5);
  expect(calls).toEqual(["b"]);
  soon("c");
  await pause(5);
  expect(calls).toEqual(["b"]);
  frame();
  expect(calls).toEqual(["b", "c"]);
  soon("d");
  await pause(5);
  expect(calls).toEqual(["b", "c"]);
  frame();
  frame();
  soon("e");
  await pause(5);
  expect(calls).toEqual(["b", "c", "d", "e"]);
});

it.each(["before", "after"])("calls soon once where the frame comes %s", async (when) => {
  const { calls, soon } = asked();
  soon("a");
  if (when === "before") frame();
  await pause(5);
  frame();
  expect(calls).toEqual(["a"]);
});

it("calls nothing once the scope is closed, and asks for no frame in vain", async () => {
  const { scope, calls, next, soon } = asked();
  soon("a");
  next("b");
  scope.close();
  await pause(5);
  frame();
  expect(calls).toEqual([]);
  expect(frames).toEqual([]);
});

it("rests when nothing is asked for", async () => {
  const { soon } = asked();
  soon("a");
  await pause(5);
  frame();
  frame();
  expect(frames).toEqual([]);
});
