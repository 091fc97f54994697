/**
 * Asks for the arrays of a newly chosen epoch together with its manifest rather than after it: where nothing but the weights has
 * changed its arrays are called as the former epoch's were. Whoever needs them finds them on their way.
 */
import { effect, untracked } from "@preact/signals";

import type { Source } from "./api";
import type { Data } from "./data";
import { arraysOf, type LayerPart } from "./layer_arrays";
import { ownerOf } from "./pictures";
import type { Scope } from "./scope";
import type { State } from "./state";
import type { StepEntry } from "./types";

interface Drawn {
  readonly part: LayerPart;
  /** Names the layout of its step. */
  readonly layout: string;
  /** Of its bundle. */
  readonly bytes: number;
}

/** A bundle so much smaller has kept less: of what it has not, the browser's console would tell of the server's refusal. */
const LESS_DETAIL = 1 / 2;

interface EarlyOptions {
  readonly source: Source;
  readonly state: State;
  readonly data: Data;
  readonly scope: Scope;
}

export function askEarly({ source, state, data, scope }: EarlyOptions): void {
  // A page that carries its data has nothing to wait for.
  if (source.exported) return;
  let drawn: Drawn | null = null;
  let own: AbortController | null = null;

  function ask({ record, problem }: StepEntry, { part, layout, bytes }: Drawn): void {
    const bundle = record?.bundle ?? null;
    if (bundle === null || problem !== null || record?.layout !== layout || bundle.file === part.file) return;
    if (bundle.bytes < LESS_DETAIL * bytes) return;
    const { run } = part;
    const { clip, name } = ownerOf(part);
    const { signal } = (own = new AbortController());
    const asked = [
      ...arraysOf(part, data.mode.peek()).members.map(async (member) =>
        source.member(run, bundle.file, member, { signal }),
      ),
      source.numbers(run, bundle.file, { probe: clip, layer: name }, signal),
      source.member(run, bundle.file, "predictions.npy", { signal }),
    ];
    for (const each of asked) {
      each.catch(() => {
        // Whoever needs it says why it is not there.
      });
    }
  }

  scope.onClose(
    effect(() => {
      const entry = state.entry.value;
      own?.abort();
      own = null;
      untracked(() => {
        // In passing one request brings what is drawn.
        if (entry !== null && drawn !== null && drawn.part.run === state.run.peek() && !state.moving.peek())
          ask(entry, drawn);
      });
    }),
  );
  scope.onClose(
    effect(() => {
      const part = data.part.value;
      const record = state.entry.peek()?.record ?? null;
      if (part === null || part === "waiting" || record?.bundle?.file !== part.file) return;
      drawn = { part, layout: record.layout, bytes: record.bundle.bytes };
    }),
  );
  scope.onClose(() => own?.abort());
}
