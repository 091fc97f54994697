import { describe, expect, test } from "vitest";

import { Scope } from "../src/scope";

describe("closing a scope", () => {
  test("ends listeners and aborts its signal", () => {
    const scope = new Scope();
    const target = new EventTarget();
    let heard = 0;
    scope.listen(target, "ping", () => heard++);
    target.dispatchEvent(new Event("ping"));
    scope.close();
    target.dispatchEvent(new Event("ping"));
    expect(heard).toBe(1);
    expect(scope.signal.aborted).toBe(true);
  });

  test("calls every ending once, also one that comes late", () => {
    const scope = new Scope();
    const endings: string[] = [];
    scope.onClose(() => endings.push("first"));
    const forget = scope.onClose(() => endings.push("forgotten"));
    forget();
    scope.close();
    scope.close();
    scope.onClose(() => endings.push("late"));
    expect(endings).toEqual(["first", "late"]);
  });

  test("closes its children; a closed child leaves its parent open and unburdened", () => {
    const parent = new Scope();
    const [one, two] = [parent.child(), parent.child()];
    let ended = 0;
    one.onClose(() => ended++);
    one.close();
    expect([parent.closed, two.closed]).toEqual([false, false]);
    parent.close();
    expect([two.closed, ended]).toEqual([true, 1]);
  });

  test("ends timers: none is left that could keep the process alive", async () => {
    const scope = new Scope();
    let fired = 0;
    scope.timeout(0, () => fired++);
    const cancel = scope.timeout(0, () => fired++);
    cancel();
    scope.close();
    const other = new Scope();
    // Timers of one length fire in the order in which they were set.
    await new Promise<void>((done) => other.timeout(1, done));
    expect(fired).toBe(0);
  });

  test("a closed scope starts nothing", () => {
    const scope = new Scope();
    scope.close();
    const target = new EventTarget();
    let heard = 0;
    scope.listen(target, "ping", () => heard++);
    scope.timeout(0, () => heard++)();
    target.dispatchEvent(new Event("ping"));
    expect([heard, scope.child().closed]).toEqual([0, true]);
  });
});
