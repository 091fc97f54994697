/** HttpSource against a real HTTP server. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { HttpSource } from "../src/api";
import { isAbort, NewerVersionError, RequestError, ServerGone, WireError } from "../src/errors";
import { createNpy } from "./npy";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let source: HttpSource;
let answer: Answer;
let asked: string[];
const open = (): AbortSignal => new AbortController().signal;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  source = new HttpSource({ base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

function json(value: unknown, status = 200): Answer {
  return (_, response) => {
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
  };
}

const NAMES = 'a b/ü&"<script>?#+';
const ARRAY = createNpy(Uint8Array.of(1, 2, 3), [3]);
const MEMBER = { name: "p0/l0/strip.npy.gz", bytes: 50, inflated: ARRAY.byteLength };

function gzipped(bytes: Uint8Array): Answer {
  return (_, response) => {
    response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync(bytes));
  };
}

describe("requests", () => {
  test("carry names whatever characters they hold", async () => {
    answer = json({ version: [2, 0], run: NAMES, problem: null, layout: null, steps: [] });
    await source.steps(NAMES, open());
    expect(new URL(asked[0] ?? "", "http://x").searchParams.get("run")).toBe(NAMES);
    const audio = new URL(source.audioUrl(NAMES, "probes-0.zip", NAMES), "http://x");
    expect(Object.fromEntries(audio.searchParams)).toEqual({ run: NAMES, file: "probes-0.zip", probe: NAMES });
  });

  test("are relative to the page unless a base is given", () => {
    expect(new HttpSource().audioUrl("r", "f", "p")).toBe("audio?run=r&file=f&probe=p");
  });

  test("for curves over steps name a layer only for statistics", async () => {
    answer = gzipped(createNpy(Float32Array.of(1), [1, 1, 1]));
    await source.overSteps("r", 3, "p", null, open());
    await source.overSteps("r", 3, "p", "conv", open());
    expect(asked).toEqual(["/over_steps?run=r&last=3&probe=p", "/over_steps?run=r&last=3&probe=p&layer=conv"]);
  });
});

describe("members", () => {
  test("maps of windows, stored column after column, come row after row", async () => {
    const stored = createNpy(Uint8Array.of(1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16), [1, 2, 3, 2]);
    answer = gzipped(stored);
    const member = { name: "p0/l0/windows.0.npy.gz", bytes: 50, inflated: stored.byteLength, filters: [0, 1] } as const;
    expect(await source.member("r", "f", member, { signal: open() })).toEqual({
      shape: [1, 2, 2, 3],
      data: Uint8Array.of(1, 3, 5, 2, 4, 6, 11, 13, 15, 12, 14, 16),
    });
  });

  test("come inflated, with progress, and are fetched once", async () => {
    answer = gzipped(ARRAY);
    const progress: number[][] = [];
    const options = { signal: open(), onProgress: (...bytes: number[]) => progress.push(bytes) };
    const array = await source.member("r", "f", MEMBER, options);
    expect(array).toMatchObject({ shape: [3], data: Uint8Array.of(1, 2, 3) });
    expect(progress.at(-1)).toEqual([ARRAY.byteLength, ARRAY.byteLength]);
    expect(await source.member("r", "f", MEMBER, options)).toBe(array);
    expect(asked).toHaveLength(1);
  });

  test("of other bundles and runs are others", async () => {
    answer = gzipped(ARRAY);
    for (const [run, file] of [
      ["r", "f"],
      ["r", "g"],
      ["s", "f"],
    ] as const) {
      await source.member(run, file, MEMBER, { signal: open() });
    }
    await source.member("r", "f", "ranges.npy", { signal: open() });
    expect(asked).toHaveLength(4);
  });

  test("longer than declared are not read on", async () => {
    answer = gzipped(new Uint8Array(1 << 20));
    await expect(source.member("r", "f", MEMBER, { signal: open() })).rejects.toThrow(
      `p0/l0/strip.npy.gz of f is longer than the ${ARRAY.byteLength} bytes`,
    );
  });

  test("that are damaged say so", async () => {
    answer = gzipped(ARRAY.slice(0, -1));
    await expect(source.member("r", "f", MEMBER, { signal: open() })).rejects.toThrow(
      "p0/l0/strip.npy.gz of f is damaged: an array of shape (3) needs 3 bytes, but 2 came",
    );
  });
});

describe("what goes wrong", () => {
  test("a refusal carries the server's sentence", async () => {
    answer = (_, response) => response.writeHead(404, { "Content-Type": "text/plain" }).end("no run named r\n");
    const failure: unknown = await source.steps("r", open()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RequestError);
    expect(failure).toMatchObject({ status: 404, message: "no run named r" });
  });

  test("a page in place of a sentence is not shown", async () => {
    answer = (_, response) => response.writeHead(500).end("<!doctype html><title>Internal Server Error</title>");
    await expect(source.index(open())).rejects.toThrow("The server answered 500 to index.");
  });

  test.each([502, 503, 504])("status %d is a gateway's: the server is gone", async (status) => {
    answer = (_, response) => response.writeHead(status).end("Bad gateway");
    await expect(source.index(open())).rejects.toThrow(ServerGone);
  });

  test("nobody listening is the server gone", async () => {
    await new Promise((closed) => server.close(closed));
    await expect(source.index(open())).rejects.toThrow(ServerGone);
  });

  test("a transfer that breaks off names the array: the browser cannot tell it from a damaged one", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "Content-Length": ARRAY.byteLength });
      response.write(ARRAY.slice(0, 40), () => response.destroy());
    };
    await expect(source.member("r", "f", MEMBER, { signal: open() })).rejects.toThrow(
      "damaged, or its transfer broke off",
    );
  });

  test("what is not JSON, or of a newer format, is told apart", async () => {
    answer = (_, response) => response.end("index of nothing");
    await expect(source.index(open())).rejects.toThrow(WireError);
    answer = json({ version: [3, 0] });
    await expect(source.index(open())).rejects.toThrow(NewerVersionError);
  });

  test("an abort is an abort, before and during an answer", async () => {
    const before = AbortSignal.abort();
    expect(isAbort(await source.index(before).catch((error: unknown) => error))).toBe(true);
    const during = new AbortController();
    answer = (_, response) => {
      response.writeHead(200);
      response.write("{", () => {
        during.abort();
      });
    };
    expect(isAbort(await source.index(during.signal).catch((error: unknown) => error))).toBe(true);
  });
});
