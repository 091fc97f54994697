/** One export at a time: what it is doing, and how it ended. */
import { signal, type ReadonlySignal } from "@preact/signals";

import { isAbort } from "../errors";
import { reasonOf } from "../resource";
import type { Scope } from "../scope";

export type ExportKind = "png" | "video" | "page";

export type TaskState =
  | { readonly status: "idle" }
  | { readonly status: "working"; readonly kind: ExportKind; readonly doing: string; readonly share: number | null }
  | { readonly status: "done" | "failed"; readonly kind: ExportKind; readonly said: string };

/** Told what is being done, and how much of it is; null where that is not known. */
export type Report = (doing: string, share: number | null) => void;

export interface Task {
  readonly state: ReadonlySignal<TaskState>;
  /** Does nothing while another is under way. `work` answers what it did, in words. */
  readonly start: (kind: ExportKind, work: (abort: AbortSignal, report: Report) => Promise<string>) => void;
  readonly cancel: () => void;
}

export function createTask(scope: Scope): Task {
  const state = signal<TaskState>({ status: "idle" });
  let abort: AbortController | null = null;
  const cancel = () => {
    abort?.abort();
  };
  scope.onClose(cancel);

  async function run(
    kind: ExportKind,
    own: AbortController,
    work: (abort: AbortSignal, report: Report) => Promise<string>,
  ): Promise<void> {
    const report: Report = (doing, share) => {
      if (abort === own) state.value = { status: "working", kind, doing, share };
    };
    report("Begins", null);
    try {
      const said = await work(own.signal, report);
      state.value = { status: "done", kind, said };
    } catch (error) {
      state.value = isAbort(error) ? { status: "idle" } : { status: "failed", kind, said: reasonOf(error) };
    } finally {
      abort = null;
    }
  }

  return {
    state,
    start: (kind, work) => {
      if (abort !== null) return;
      abort = new AbortController();
      void run(kind, abort, work);
    },
    cancel,
  };
}
