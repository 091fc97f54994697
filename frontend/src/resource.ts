/** What stands for the present selection: one request at a time, and an answer for a selection that has moved on is dropped. */

import { effect, signal, type ReadonlySignal } from "@preact/signals";

export type Resource<T> =
  | { readonly status: "none" }
  | { readonly status: "loading"; readonly former: T | null }
  | { readonly status: "ready"; readonly value: T }
  | { readonly status: "failed"; readonly reason: string };

export interface Wanted<T> {
  /** Two requests with equal keys have equal answers: the second is not sent. */
  readonly key: string;
  load(abort: AbortSignal): Promise<T>;
}

export interface Loader<T> {
  readonly resource: ReadonlySignal<Resource<T>>;
  /** Sends the present request again, as after a failure. */
  readonly retry: () => void;
  /** Sends a request that failed once more, unseen: its failure stands until there is something else to say. */
  readonly heal: () => void;
  readonly close: () => void;
}

/** `wanted` answers null where nothing is to be shown, "waiting" where what it needs is itself on the way. */
export function createLoader<T>(wanted: () => Wanted<T> | "waiting" | null): Loader<T> {
  const resource = signal<Resource<T>>({ status: "none" });
  const attempt = signal(0);
  let current = "";
  let sent: Wanted<T> | null = null;
  let pending: AbortController | null = null;

  function send(request: Wanted<T>): void {
    const own = new AbortController();
    sent = request;
    pending = own;
    const settle = (outcome: Resource<T>) => {
      if (pending !== own) return;
      pending = null;
      if (!areSameFailure(resource.peek(), outcome)) resource.value = outcome;
    };
    request.load(own.signal).then(
      (value) => {
        settle({ status: "ready", value });
      },
      (error: unknown) => {
        settle({ status: "failed", reason: reasonOf(error) });
      },
    );
  }

  const stop = effect(() => {
    const request = wanted();
    const key = request === null ? "" : request === "waiting" ? request : `${attempt.value} ${request.key}`;
    if (key === current) return;
    current = key;
    pending?.abort();
    pending = null;
    if (request === null) {
      resource.value = { status: "none" };
      return;
    }
    resource.value = { status: "loading", former: latest(resource.peek()) };
    if (request !== "waiting") send(request);
  });

  return {
    resource,
    retry: () => {
      attempt.value += 1;
    },
    heal: () => {
      if (resource.peek().status === "failed" && pending === null && sent !== null) send(sent);
    },
    close: () => {
      stop();
      pending?.abort();
      pending = null;
    },
  };
}

/** The value to show: the present one, or while its successor is on the way the former one. */
export function latest<T>(resource: Resource<T>): T | null {
  if (resource.status === "ready") return resource.value;
  return resource.status === "loading" ? resource.former : null;
}

/** Only what belongs to the present selection. */
export function present<T>(resource: Resource<T>): T | null {
  return resource.status === "ready" ? resource.value : null;
}

function areSameFailure(a: Resource<unknown>, b: Resource<unknown>): boolean {
  return a.status === "failed" && b.status === "failed" && a.reason === b.reason;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
