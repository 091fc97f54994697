/** The only place that asks for animation frames. */
import type { Scope } from "./scope";

/** Called with the frame's time in milliseconds, as `performance.now()` counts them. */
export type FrameAction = (now: number) => void;

export class Clock {
  readonly #every = new Set<FrameAction>();
  readonly #next = new Map<object, { action: FrameAction; forget: () => void }>();
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

  #ask(): void {
    this.#frame ??= requestAnimationFrame((now) => {
      this.#frame = null;
      const waiting = [...this.#next.values()];
      this.#next.clear();
      for (const { forget } of waiting) forget();
      for (const action of [...this.#every, ...waiting.map((entry) => entry.action)]) action(now);
      if (this.#every.size > 0) this.#ask();
    });
  }
}
