import { describe, expect, test } from "vitest";

import { NewerVersionError, WireError } from "../src/errors";
import { parseIndex, parseScalars, parseStepManifest, parseSteps } from "../src/parse";
import { StoredZip } from "./golden";

const INDEX = { version: [2, 0], logdir: "/logs", runs: [{ run: "a/cnnviz", last_step: -1, wall_time: 1.5 }] };

test("an index is read; keys to come are ignored, minor versions too", () => {
  const later = { ...INDEX, version: [2, 7], more: {}, runs: [{ ...INDEX.runs[0], more: 1 }] };
  expect(parseIndex(later)).toEqual({ logdir: "/logs", runs: INDEX.runs });
});

test("a newer major version is told as such", () => {
  const newer = (): unknown => parseIndex({ ...INDEX, version: [3, 0], runs: "of another form" });
  expect(newer).toThrow(NewerVersionError);
  expect(newer).toThrow("index has format 3.0; this panel reads format 2. Update tensorboard_plugin_cnnviz.");
});

describe("an answer that does not fit is refused with the place", () => {
  test.each<[unknown, string]>([
    [null, "index should be an object, but is null"],
    [[], "index should be an object"],
    [{ ...INDEX, version: undefined }, "index.version should be a list of two, but is absent"],
    [{ ...INDEX, version: ["1", 0] }, "index.version[0] should be a whole number"],
    [{ ...INDEX, version: [0, 9] }, "index has format 0.9; this panel reads format 2."],
    [{ ...INDEX, logdir: 3 }, "index.logdir should be a string, but is 3"],
    [{ ...INDEX, runs: {} }, "index.runs should be a list"],
    [{ ...INDEX, runs: [{ ...INDEX.runs[0], last_step: 1.5 }] }, "index.runs[0].last_step should be an integer"],
    [{ ...INDEX, runs: [{ ...INDEX.runs[0], wall_time: "NaN" }] }, "index.runs[0].wall_time should be a finite number"],
  ])("%j", (value, reason) => {
    expect(() => parseIndex(value)).toThrow(WireError);
    expect(() => parseIndex(value)).toThrow(reason);
  });
});

const RECORD = {
  version: [2, 0],
  layout: "9f86d081",
  bundle: { file: "12-0.zip", bytes: 5, crc32: "cbf43926", arrays: { statistics: [1, 2], ranges: [3, 4] } },
  probes: "probes-0.zip",
  epoch: 12,
  batch: null,
  logs: { loss: "NaN", accuracy: 0.5, up: "Infinity", down: "-Infinity" },
};

function steps(record: unknown): unknown {
  const entry = { step: 12, wall_time: 1, problem: null, record };
  return { version: [2, 0], run: "r", problem: null, layout: null, steps: [entry] };
}

test("a record keeps numbers that JSON cannot hold", () => {
  const [entry] = parseSteps(steps(RECORD)).steps;
  expect(entry?.record?.logs).toEqual({ loss: NaN, accuracy: 0.5, up: Infinity, down: -Infinity });
  expect(entry?.record?.bundle).toEqual({ file: "12-0.zip", bytes: 5, arrays: { statistics: [1, 2], ranges: [3, 4] } });
});

test("steps without a bundle, a record or a layout are steps all the same", () => {
  const short = { ...RECORD, bundle: null, why: "free_disk" };
  expect(parseSteps(steps(short)).steps[0]?.record).toMatchObject({ bundle: null, why: "free_disk" });
  expect(parseSteps(steps({ ...RECORD, bundle: null })).steps[0]?.record).toMatchObject({ bundle: null, why: null });
  expect(parseSteps(steps(null))).toMatchObject({ layout: null, steps: [{ step: 12, record: null }] });
});

describe("the golden manifest", () => {
  const golden = new StoredZip("bundle.zip").json("manifest.json") as Record<string, unknown>;
  const layout = golden["layout"] as Record<string, unknown>;

  test("of another kind is refused", () => {
    expect(() => parseStepManifest({ ...golden, kind: "probes" })).toThrow("manifest.kind should be one of step");
  });

  test("with strip grids that do not fit is refused", () => {
    const columns = { ...(layout["grids"] as object[])[0], columns: [1] };
    expect(() => parseStepManifest({ ...golden, layout: { ...layout, grids: [columns, columns, columns] } })).toThrow(
      "manifest.layout.grids[0] has 6 windows, 1 columns, 6 centres: they should agree",
    );
    expect(() => parseStepManifest({ ...golden, layout: { ...layout, grids: [] } })).toThrow(/do not fit the layers/);
  });
});

test("a curve's points are step, wall time and value", () => {
  const answer = (point: unknown): unknown => ({
    version: [2, 0],
    series: [{ run: "r/train", tag: "t", points: [point] }],
  });
  expect(parseScalars(answer([3, 1.5, "NaN"])).series[0]?.points).toEqual([[3, 1.5, NaN]]);
  expect(() => parseScalars(answer([3, 1.5]))).toThrow(
    "scalars.series[0].points[0][2] should be a number, but is absent",
  );
});
