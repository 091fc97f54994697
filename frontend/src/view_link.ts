/**
 * Links: what is chosen as text, and a choice made from it. What a link names and the log has not is told by its name; nothing
 * takes its place unsaid.
 */
import { effect, signal, type ReadonlySignal } from "@preact/signals";

import { FIELDS } from "./link_fields";
import type { Linked, Stage } from "./link_kinds";
import { readLink, type LinkValues } from "./pure/link_text";
import type { Scope } from "./scope";

/** What is chosen now. */
export function currentValues(panel: Linked): LinkValues {
  return new Map(FIELDS.flatMap((field) => pair(field.key, field.read(panel))));
}

function pair(key: string, value: string | null): readonly (readonly [string, string])[] {
  return value === null ? [] : [[key, value]];
}

export interface Restoring {
  /** What the link names and is not there, in words. */
  readonly missing: ReadonlySignal<readonly string[]>;
  readonly dismiss: () => void;
}

/** Puts back what the page's address names or, where it names nothing, what the page carries: each part as soon as what it needs is known. */
export function restoreLink(panel: Linked, scope: Scope, hash: string): Restoring {
  const named = readLink(hash);
  const values = named.size > 0 ? named : (panel.source.view ?? named);
  const missing = signal<readonly string[]>([]);
  const { state, player } = panel;

  function put(stage: Stage): void {
    const gone = FIELDS.flatMap((field) => {
      const value = field.stage === stage ? values.get(field.key) : undefined;
      return value === undefined ? [] : (field.write(panel, value) ?? []);
    });
    missing.value = [...missing.peek(), ...gone];
  }

  if (values.size > 0) {
    once(
      scope,
      () => state.index.value !== null,
      () => {
        put("runs");
        // Epoch, clip and layer are those of the run: another run's would pass for them.
        if (missing.peek().length > 0) return;
        once(
          scope,
          () => state.steps.value?.layout != null,
          () => {
            put("steps");
            once(
              scope,
              () => player.duration.value > 0,
              () => {
                put("clip");
              },
            );
          },
        );
      },
    );
  }
  return {
    missing,
    dismiss: () => {
      missing.value = [];
    },
  };
}

/** Acts the first time that something holds. */
function once(scope: Scope, holds: () => boolean, act: () => void): void {
  const own = scope.child();
  let done = false;
  own.onClose(
    effect(() => {
      if (done || !holds()) return;
      done = true;
      // Not within the effect: what is written next would be read by it.
      queueMicrotask(() => {
        own.close();
        act();
      });
    }),
  );
}
