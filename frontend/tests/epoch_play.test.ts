import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createEpochPlay, stepAfter, type EpochPlay, type GridState } from "../src/epoch_play";
import { Scope } from "../src/scope";
import { createState, type State } from "../src/state";
import { GoldenSource } from "./golden_source";

const PACE = 20;
let scope: Scope;
let state: State;
let source: GoldenSource;
let play: EpochPlay;
const grid = signal<GridState>("shown");
const passes = signal(0);
const looping = signal(true);
let seen: (number | null)[];

const after = (milliseconds: number) => new Promise<void>((resolve) => scope.timeout(milliseconds, resolve));
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await after(1);
}

beforeEach(async () => {
  scope = new Scope();
  source = new GoldenSource();
  source.logged = [-1, 0, 2, 5];
  state = createState(source, scope.signal);
  grid.value = "shown";
  looping.value = true;
  play = createEpochPlay({ scope, state, grid, sound: { passes, looping }, pace: PACE });
  await state.refresh();
  seen = [];
  scope.onClose(state.step.subscribe((step) => seen.push(step)));
});

afterEach(() => {
  scope.close();
});

describe("at a steady pace", () => {
  test("from the newest the logged epochs go by from the first to the last, and it ends by itself", async () => {
    play.start("steady");
    expect(state.following.value).toBe(false);
    await until(() => play.kind.value === null);
    expect(seen).toEqual([5, -1, 0, 2, 5]);
    expect(play.told.value).toBe("All logged epochs have been played.");
  });

  test("from any other it goes on from there", async () => {
    state.chooseStep(0);
    play.start("steady");
    await until(() => play.kind.value === null);
    expect(seen).toEqual([5, 0, 2, 5]);
  });

  test("no epoch is asked for before the grid shows the one before", async () => {
    play.start("steady");
    grid.value = "coming";
    await after(8 * PACE);
    expect(seen).toEqual([5, -1]);
    grid.value = "shown";
    await until(() => seen.length > 2);
    expect(seen).toEqual([5, -1, 0]);
  });

  test("an epoch that cannot be shown is passed over, and said to be", async () => {
    const told: string[] = [];
    scope.onClose(play.told.subscribe((text) => told.push(text)));
    grid.value = "absent";
    play.start("steady");
    await until(() => play.kind.value === null);
    expect(seen).toEqual([5, -1, 0, 2, 5]);
    expect(told).toContain("Nothing to show of before training; it is passed over.".replace("before", "Before"));
  });

  test("an epoch logged meanwhile is played too", async () => {
    play.start("steady");
    source.logged.push(6);
    await state.refresh();
    await until(() => play.kind.value === null);
    expect(seen.at(-1)).toBe(6);
  });
});

describe("one for each pass of a loop", () => {
  test("goes on with each pass and from the last to the first", () => {
    play.start("loop");
    for (let pass = 0; pass < 5; pass++) passes.value += 1;
    expect(seen).toEqual([5, -1, 0, 2, 5, -1]);
  });

  test("what is not there yet is heard once more, and said to be", () => {
    play.start("loop");
    passes.value += 1;
    grid.value = "coming";
    passes.value += 1;
    expect(seen).toEqual([5, -1]);
    expect(play.told.value).toContain("still on its way");
    grid.value = "shown";
    passes.value += 1;
    expect(seen).toEqual([5, -1, 0]);
  });

  test("ends with the loop", () => {
    play.start("loop");
    looping.value = false;
    expect(play.kind.value).toBeNull();
    passes.value += 1;
    expect(seen).toEqual([5]);
  });
});

describe.each(["steady", "loop"] as const)("%s ends when someone", (kind) => {
  test.each([
    [
      "chooses an epoch",
      () => {
        state.chooseStep(2);
      },
      "one was chosen",
    ],
    [
      "follows the newest",
      () => {
        state.follow(true);
      },
      "the newest is followed",
    ],
    [
      "chooses another run",
      () => {
        state.chooseRun("other");
      },
      "Epochs no longer play",
    ],
    [
      "ends it",
      () => {
        play.stop();
      },
      "Epochs no longer play.",
    ],
  ])("%s", async (_what, act, told) => {
    play.start(kind);
    act();
    expect(play.kind.value).toBeNull();
    expect(play.told.value).toContain(told);
    const chosen = state.step.value;
    await after(3 * PACE);
    passes.value += 1;
    expect(state.step.value).toBe(chosen);
  });
});

test("with a single epoch there is nothing to play", async () => {
  source.logged = [0];
  await state.refresh();
  play.start("steady");
  expect(play.kind.value).toBeNull();
});

test("the step after another, round or to the end", () => {
  const steps = state.steps.value?.steps ?? [];
  expect(stepAfter(steps, 0, false)).toBe(2);
  expect(stepAfter(steps, 5, false)).toBeNull();
  expect(stepAfter(steps, 5, true)).toBe(-1);
  expect(stepAfter([], 5, true)).toBeNull();
});
