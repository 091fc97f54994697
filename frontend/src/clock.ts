/** The only place that asks for animation frames. */
import type { Scope } from "./scope";

/** Called with the frame's time in milliseconds, as `performance.now()` counts them. */
export type FrameAction = (now: number) => void;

export class Clock {
  readonly #every = new Set<FrameAction>();
  readonly #next = new Map<object, { action: FrameAction; forget: () => void }>();
  /** Owners of actions that `soon` has called since the last frame. */
  readonly #called = new Set<object>();
  #frame: number | null = null;

  constructor(scope: Scope) {
    scope.onClose(() => {
      this.#every.clear();
      this.#next.clear();
      if (this.#frame !== null) cancelAnimationFrame(this.#frame);
      this.#frame = null;
    });
  }

  /** Calls `action` at every frame until `scope` closes. */
  every(scope: Scope, action: FrameAction): void {
    if (scope.closed) return;
    this.#every.add(action);
    scope.onClose(() => this.#every.delete(action));
    this.#ask();
  }

  /** Calls `action` at the next frame; of several calls for one `owner` before that frame, only the last counts. */
  next(scope: Scope, owner: object, action: FrameAction): void {
    if (scope.closed) return;
    this.#next.get(owner)?.forget();
    this.#next.set(owner, { action, forget: scope.onClose(() => this.#next.delete(owner)) });
    this.#ask();
  }

  /**
   * Calls `action` when all that happens at this moment has happened, which saves the wait for a frame, but once a frame at
   * most; of several calls for one `owner` before that, only the last counts.
   */
  soon(scope: Scope, owner: object, action: FrameAction): void {
    if (scope.closed) return;
    if (this.#called.has(owner)) {
      this.next(scope, owner, action);
      return;
    }
    this.#next.get(owner)?.forget();
    const forget = scope.onClose(() => this.#next.delete(owner));
    const waiting = { action, forget };
    this.#next.set(owner, waiting);
    queueMicrotask(() => {
      // Another one may have taken its place, or the frame been faster.
      if (this.#next.get(owner) !== waiting) return;
      this.#next.delete(owner);
      forget();
      this.#called.add(owner);
      action(performance.now());
    });
    this.#ask();
  }

  #ask(): void {
    this.#frame ??= requestAnimationFrame((now) => {
      this.#frame = null;
      const waiting = [...this.#next];
      this.#next.clear();
      this.#called.clear();
      for (const [owner, { forget }] of waiting) {
        forget();
        this.#called.add(owner);
      }
      for (const action of [...this.#every, ...waiting.map(([, { action }]) => action)]) action(now);
      if (this.#every.size + this.#called.size > 0) this.#ask();
    });
  }
}
