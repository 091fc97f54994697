import { beforeEach, expect, it } from "vitest";

import { askEarly } from "../src/early";
import type { Steps } from "../src/types";
import { data, refreshed, scope, source, state } from "./golden_panel";
import { settled } from "./golden_source";

let manifestMayCome: () => void;
let ofNumbers: { readonly file: string; readonly signal: AbortSignal }[];

/** The newest of two steps is drawn; the manifest of the one before it does not come until it may. */
beforeEach(() => {
  source.logged = [0, 1];
  ofNumbers = [];
  const manifest = source.manifest.bind(source);
  const held = new Promise<void>((resolve) => {
    manifestMayCome = resolve;
  });
  source.manifest = async (run, file, ...rest) => {
    if (file.startsWith("0-")) await held;
    return manifest(run, file, ...rest);
  };
  const numbers = source.numbers.bind(source);
  source.numbers = (run, file, of, signal) => {
    source.asked.push(`${file} numbers`);
    ofNumbers.push({ file, signal });
    return numbers(run, file, of, signal);
  };
});

async function begun(): Promise<void> {
  askEarly({ source, state, data, scope });
  await refreshed();
  await expect.poll(() => data.busy.value).toBe(false);
}

const askedOfFirst = (): readonly string[] =>
  source.asked.filter((asked) => asked.startsWith("0-")).map((asked) => asked.replace(/^\S+ /, ""));

it("asks for what another epoch is drawn from before its manifest has come", async () => {
  await begun();
  state.chooseStep(0);
  await settled();
  expect(askedOfFirst()).toEqual(
    expect.arrayContaining([expect.stringContaining("strip"), "numbers", "predictions.npy"]),
  );
  manifestMayCome();
  await expect.poll(() => data.strip.resource.value).toMatchObject({ status: "ready", value: { step: 0 } });
});

it("breaks it off when the choice moves on", async () => {
  await begun();
  state.chooseStep(0);
  await settled();
  const own = ofNumbers.find(({ file }) => file.startsWith("0-"))?.signal;
  expect(own?.aborted).toBe(false);
  state.chooseStep(1);
  expect(own?.aborted).toBe(true);
});

const OTHERWISE: Record<string, (steps: Steps) => Steps> = {
  "of another layout": ({ steps, ...rest }) => ({
    ...rest,
    steps: steps.map((entry) => ({
      ...entry,
      record: entry.record && { ...entry.record, layout: String(entry.step) },
    })),
  }),
  "that kept less detail": ({ steps, ...rest }) => ({
    ...rest,
    steps: steps.map((entry) => ({
      ...entry,
      record: entry.record && {
        ...entry.record,
        bundle: entry.record.bundle && { ...entry.record.bundle, bytes: entry.step === 0 ? 1_000 : 4_000 },
      },
    })),
  }),
  "whose bundle has not come": ({ steps, ...rest }) => ({
    ...rest,
    steps: steps.map((entry) => ({ ...entry, problem: entry.step === 0 ? "missing" : null })),
  }),
};

it.each(Object.entries(OTHERWISE))("asks for nothing early of an epoch %s", async (_what, change) => {
  const steps = source.steps.bind(source);
  source.steps = (run) => steps(run).then(change);
  await begun();
  state.chooseStep(0);
  await settled();
  expect(askedOfFirst()).toEqual([]);
});

it("asks for nothing early while the epoch is dragged", async () => {
  await begun();
  state.chooseStep(0, true);
  await settled();
  expect(askedOfFirst()).toEqual([]);
});
