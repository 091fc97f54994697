/** "What changed?" and "Why?": from what the panel tells to the filters behind it, and back to what was shown. */
import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";

import type { ClassesView } from "./classes";
import type { Derived } from "./derived";
import type { Panel } from "./panel";
import type { State } from "./state";

export interface Question {
  /** Whether its answer is what is shown: as it was given, at the same epoch of the same clip. */
  readonly answered: ReadonlySignal<boolean>;
  readonly ask: () => void;
  /** Asks or, where it is answered, goes back to what was shown before. */
  readonly toggle: () => void;
}

export interface Questions {
  readonly changed: Question;
  readonly why: Question;
}

export function createQuestions(state: State, derived: Derived, classes: ClassesView): Questions {
  return {
    changed: question(state, () => {
      showChanges(state);
    }),
    why: question(state, () => {
      showWhy(state, derived, classes);
    }),
  };
}

function question(state: State, show: () => void): Question {
  const given = signal<{ readonly before: Choice; readonly answer: string } | null>(null);
  const answered = computed(() => given.value?.answer === JSON.stringify(choiceOf(state)));
  const ask = (): void => {
    const before = choiceOf(state);
    show();
    given.value = { before, answer: JSON.stringify(choiceOf(state)) };
  };
  return {
    answered,
    ask,
    toggle: () => {
      const former = answered.peek() ? given.peek()?.before : undefined;
      if (former === undefined) ask();
      else goBack(state, former);
    },
  };
}

/** What an answer changes, and what it is about. */
type Choice = ReturnType<typeof choiceOf>;

/** Reads signals. */
function choiceOf({ run, step, clipName, view, mode, sort, since }: State) {
  return {
    of: [run.value, step.value, clipName.value],
    view: view.value,
    mode: mode.value,
    sort: sort.value,
    since: since.value,
  };
}

function goBack(state: State, { view, mode, sort, since }: Choice): void {
  batch(() => {
    state.chooseView(view);
    state.chooseMode(mode);
    if (sort === "change") state.sortByChangeSince(since);
    else state.sortBy(sort);
  });
}

/** The filters by their change since the epoch before, whatever was shown. */
function showChanges(state: State): void {
  batch(() => {
    state.chooseView("filters");
    state.sortByChangeSince(null);
  });
}

/**
 * The filters that go with the class that the clip is taken for, as rows: these show the numbers that the order follows, where
 * strips of deep layers may leave them out. Of a clip that names none, its class's right and wrong clips side by side.
 */
function showWhy(state: State, derived: Derived, classes: ClassesView): void {
  const named = derived.problems.peek().taken === null;
  batch(() => {
    state.chooseView(named ? "filters" : "classes");
    if (named) {
      state.chooseMode("raster");
      state.sortBy("taken");
    } else {
      classes.part(true);
    }
  });
}

/** Whether the clip that is shown is taken for a class that it is not labelled with. */
export function isMistaken({ state, derived }: Pick<Panel, "state" | "derived">): boolean {
  const place = (state.layout.value?.probes ?? []).findIndex(({ name }) => name === state.clipName.value);
  return derived.verdicts.value[place]?.kind === "taken";
}
