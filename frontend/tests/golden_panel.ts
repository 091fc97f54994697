/** The golden run as the panel loads it, anew for each test of the file that imports this. */
import { afterEach, beforeEach } from "vitest";

import { createData, type Data } from "../src/data";
import { createDerived, type Derived } from "../src/derived";
import { Scope } from "../src/scope";
import { createState, type State } from "../src/state";
import { GoldenSource } from "./golden_source";

export let scope: Scope;
export let source: GoldenSource;
export let state: State;
export let data: Data;
export let derived: Derived;

const settled = () => new Promise((resolve) => setImmediate(resolve));

export async function refreshed(): Promise<void> {
  await state.refresh();
  for (let turn = 0; turn < 5; turn++) await settled();
}

beforeEach(() => {
  scope = new Scope();
  source = new GoldenSource();
  state = createState(source, scope.signal);
  data = createData(source, state, scope);
  derived = createDerived(state, data, scope);
});

afterEach(() => {
  scope.close();
});
