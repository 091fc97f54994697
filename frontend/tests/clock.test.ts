/** When the clock calls what it is asked to call. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Clock } from "../src/clock";
import { Scope } from "../src/scope";

let frames: FrameRequestCallback[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
  vi.stubGlobal("cancelAnimationFrame", () => {
    frames = [];
  });
});

afterEach(() => {
  vi.useRealTimers();
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

it("calls at the next frame only the last that an owner asked for", () => {
  const { calls, next } = asked();
  next("a");
  next("b");
  vi.runAllTimers();
  expect(calls).toEqual([]);
  frame();
  frame();
  expect(calls).toEqual(["b"]);
});

it("calls soon before any frame, the last alone, and a second time only after one", () => {
  const { calls, soon } = asked();
  soon("a");
  soon("b");
  expect(calls).toEqual([]);
  vi.runAllTimers();
  expect(calls).toEqual(["b"]);
  soon("c");
  vi.runAllTimers();
  expect(calls).toEqual(["b"]);
  frame();
  expect(calls).toEqual(["b", "c"]);
  soon("d");
  vi.runAllTimers();
  expect(calls).toEqual(["b", "c"]);
  frame();
  frame();
  soon("e");
  vi.runAllTimers();
  expect(calls).toEqual(["b", "c", "d", "e"]);
});

it("calls soon with the frame where that comes first, and then no more", () => {
  const { calls, soon } = asked();
  soon("a");
  frame();
  vi.runAllTimers();
  frame();
  expect(calls).toEqual(["a"]);
});

it("calls nothing once the scope is closed, and asks for no frame in vain", () => {
  const { scope, calls, next, soon } = asked();
  soon("a");
  next("b");
  scope.close();
  vi.runAllTimers();
  frame();
  expect(calls).toEqual([]);
  expect(frames).toEqual([]);
});

it("rests when nothing is asked for", () => {
  const { soon } = asked();
  soon("a");
  vi.runAllTimers();
  frame();
  frame();
  expect(frames).toEqual([]);
});
