/** One request for all who ask for the same: it is aborted only when the last of them has gone. */
import { Scope } from "./scope";

/** Told with bytes received so far and in all (0 where unknown). */
export type Report = (received: number, total: number) => void;

export interface Asker {
  readonly signal: AbortSignal;
  readonly onProgress?: Report | undefined;
}

interface Pending<T> {
  readonly answer: Promise<T>;
  readonly abort: AbortController;
  readonly reports: Set<Report>;
  askers: number;
}

export class SharedRequests<T> {
  readonly #pending = new Map<string, Pending<T>>();

  /** `send` is called where nobody waits for `key` yet. Rejects with an AbortError when the asker's own signal aborts. */
  ask(
    key: string,
    { signal, onProgress }: Asker,
    send: (abort: AbortSignal, report: Report) => Promise<T>,
  ): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const pending = this.#pending.get(key) ?? this.#send(key, send);
    pending.askers += 1;
    if (onProgress !== undefined) pending.reports.add(onProgress);
    return new Promise<T>((resolve, reject) => {
      const waiting = new Scope();
      const leave = () => {
        waiting.close();
        if (onProgress !== undefined) pending.reports.delete(onProgress);
        pending.askers -= 1;
      };
      waiting.listen(signal, "abort", () => {
        leave();
        if (pending.askers === 0) {
          this.#forget(key, pending);
          pending.abort.abort();
        }
        reject(signal.reason as Error);
      });
      const settle = (act: () => void) => {
        if (waiting.closed) return;
        leave();
        act();
      };
      pending.answer.then(
        (value) => {
          settle(() => {
            resolve(value);
          });
        },
        (error: unknown) => {
          settle(() => {
            reject(error instanceof Error ? error : new Error(String(error)));
          });
        },
      );
    });
  }

  #send(key: string, send: (abort: AbortSignal, report: Report) => Promise<T>): Pending<T> {
    const abort = new AbortController();
    const reports = new Set<Report>();
    const report: Report = (received, total) => {
      for (const each of reports) each(received, total);
    };
    const answer = send(abort.signal, report).finally(() => {
      this.#forget(key, pending);
    });
    const pending: Pending<T> = { answer, abort, reports, askers: 0 };
    this.#pending.set(key, pending);
    return pending;
  }

  #forget(key: string, pending: Pending<T>): void {
    if (this.#pending.get(key) === pending) this.#pending.delete(key);
  }
}
