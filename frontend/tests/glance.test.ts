/** What is drawn of a step in passing: one answer that stands for four. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { HttpSource } from "../src/api";
import { NewerVersionError, WireError } from "../src/errors";
import { parseGlance } from "../src/glance";
import { createNpy } from "./npy";

const MANIFEST = JSON.stringify({
  version: [2, 0],
  kind: "step",
  step: 3,
  epoch: 3,
  batch: null,
  wall_time: 1,
  logs: {},
  probes: "probes-0123456789abcdef.zip",
  layout: { layers: [], output: null, classes: [], probes: [], grids: [] },
  responses: [],
});
const ENVELOPE = "p0/l3/envelope.npy.gz";
const FLOATS = createNpy(Float32Array.of(1, 2, 3), [3]);

function glanceOf(parts: Readonly<Record<string, Uint8Array | string>>, version = [2, 0]): Uint8Array {
  const encoder = new TextEncoder();
  const bodies = Object.values(parts).map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const names = Object.keys(parts).map((name, index) => ({ name, bytes: bodies[index]?.byteLength }));
  const head = encoder.encode(`${JSON.stringify({ version, parts: names })}\n`);
  return Uint8Array.from([head, ...bodies].flatMap((part) => [...part]));
}

const WHOLE = glanceOf({ "manifest.json": MANIFEST, "predictions.npy": FLOATS, numbers: FLOATS, [ENVELOPE]: FLOATS });

describe("its parts", () => {
  test("are told by name, wherever they lie", () => {
    const { manifest, arrays } = parseGlance(WHOLE);
    expect(manifest).toBe(MANIFEST);
    expect([...arrays.keys()]).toEqual(["predictions.npy", "numbers", ENVELOPE]);
    for (const { data } of arrays.values()) {
      expect(data).toEqual(Float32Array.of(1, 2, 3));
      expect(data.buffer.byteLength).toBeLessThan(WHOLE.byteLength / 2);
    }
  });

  test("that are no arrays are left out", () => {
    const { arrays } = parseGlance(glanceOf({ "manifest.json": MANIFEST, numbers: FLOATS.slice(0, -1), x: FLOATS }));
    expect([...arrays.keys()]).toEqual(["x"]);
  });

  test.each([
    ["nothing", new Uint8Array(), WireError],
    ["cut short", WHOLE.slice(0, -1), WireError],
    ["no line", new TextEncoder().encode("<!doctype html>\n"), WireError],
    ["no manifest", glanceOf({ numbers: FLOATS }), WireError],
    ["newer", glanceOf({ "manifest.json": MANIFEST }, [3, 0]), NewerVersionError],
  ])("%s is told", (_, bytes, kind) => {
    expect(() => parseGlance(bytes)).toThrow(kind);
  });
});

describe("a manifest with what is drawn in passing", () => {
  let server: Server;
  let asked: string[] = [];
  let source: HttpSource;
  const signal = new AbortController().signal;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end(WHOLE);
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
    source = new HttpSource({ base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  });

  test("takes one request, and all of it is at hand", async () => {
    const of = { probe: "clip", layer: "conv" };
    const manifest = await source.manifest("r", "f", signal, of);
    expect(manifest.step).toBe(3);
    expect(asked).toEqual(["/glance?run=r&file=f&probe=clip&layer=conv"]);
    expect(await source.manifest("r", "f", signal)).toBe(manifest);
    const envelope = await source.member("r", "f", { name: ENVELOPE, bytes: 1, inflated: 1 }, { signal });
    const others = [
      await source.numbers("r", "f", of, signal),
      await source.member("r", "f", "predictions.npy", { signal }),
    ];
    for (const array of [envelope, ...others]) expect(array.data).toEqual(Float32Array.of(1, 2, 3));
    expect(asked).toHaveLength(1);
  });

  test("is not asked for where the manifest is known", async () => {
    await source.manifest("r", "f", signal, { probe: "clip", layer: "conv" });
    await source.manifest("r", "f", signal, { probe: "clip", layer: "other" });
    expect(asked).toHaveLength(1);
  });
});
