/** Reads the golden run that Python wrote: stored zips, gzip, .npy. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { parseNpy, type NpyArray } from "../src/pure/npy";

const FOLDER = new URL("../../tests/golden/", import.meta.url);
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

export class StoredZip {
  readonly #members = new Map<string, Buffer>();

  constructor(file: string) {
    const bytes = readFileSync(new URL(file, FOLDER));
    const end = bytes.lastIndexOf(Buffer.from(Uint8Array.of(0x50, 0x4b, 0x05, 0x06)));
    if (bytes.readUInt32LE(end) !== END) throw new Error(`${file} has no zip directory`);
    let at = bytes.readUInt32LE(end + 16);
    for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
      if (bytes.readUInt32LE(at) !== CENTRAL) throw new Error(`${file} has a damaged zip directory`);
      if (bytes.readUInt16LE(at + 10) !== 0) throw new Error(`${file} holds a member that is not stored`);
      const [size, name, extra, comment] = [20, 28, 30, 32].map((offset) =>
        offset === 20 ? bytes.readUInt32LE(at + offset) : bytes.readUInt16LE(at + offset),
      ) as [number, number, number, number];
      const local = bytes.readUInt32LE(at + 42);
      const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      this.#members.set(bytes.toString("utf8", at + 46, at + 46 + name), bytes.subarray(data, data + size));
      at += 46 + name + extra + comment;
    }
  }

  bytes(name: string): Buffer {
    const bytes = this.#members.get(name);
    if (bytes === undefined) throw new Error(`no member ${name} among ${[...this.#members.keys()].join(", ")}`);
    return bytes;
  }

  json(name: string): unknown {
    return JSON.parse(this.bytes(name).toString("utf8"));
  }

  array(name: string): NpyArray {
    const bytes = this.bytes(name);
    return parseNpy(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
  }
}

export type ExpectedCell = readonly [
  probe: number,
  layer: number,
  filter: number,
  window: number,
  row: number,
  column: number,
  value: number | string,
  halfStep: number,
];

export interface Expected {
  readonly cells: readonly ExpectedCell[];
  /** `[probe][filter][window]` of the layer of one number per window. */
  readonly numbers: readonly (readonly (readonly number[])[])[];
  /** `[probe][window][class]`. */
  readonly predictions: readonly (readonly (readonly number[])[])[];
  readonly centres: readonly number[];
  readonly inside: readonly boolean[];
  /** `[probe][filter][window]` of the first layer: 1 where the maximum lies in columns that are not inside. */
  readonly outside: readonly (readonly (readonly number[])[])[];
}

export function readExpected(): Expected {
  return JSON.parse(readFileSync(new URL("expected.json", FOLDER), "utf8")) as Expected;
}
