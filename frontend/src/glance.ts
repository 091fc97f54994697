/** Several answers in one: a line of JSON that names the parts and their lengths, then the parts. */
import { WireError } from "./errors";
import { count, fields, list, text, versioned } from "./narrow";
import { NpyError, parseNpy, type NpyArray } from "./pure/npy";

export interface Glance {
  /** JSON. */
  readonly manifest: string;
  /** By the member's name, or "numbers". */
  readonly arrays: ReadonlyMap<string, NpyArray>;
}

const MANIFEST = "manifest.json";
const NEWLINE = 10;

/** An array that cannot be read is left out: asked for alone it says why. Throws WireError where the whole is damaged. */
export function parseGlance(bytes: Uint8Array): Glance {
  const end = bytes.indexOf(NEWLINE);
  let at = end + 1;
  let manifest: string | null = null;
  const arrays = new Map<string, NpyArray>();
  for (const { name, length } of partsOf(bytes.subarray(0, Math.max(0, end)))) {
    if (at + length > bytes.byteLength) throw new WireError("glance is cut short");
    // Copied, or each array would hold on to all.
    const part = bytes.slice(at, at + length);
    at += length;
    if (name === MANIFEST) manifest = new TextDecoder().decode(part);
    else keepArray(arrays, name, part);
  }
  if (manifest === null) throw new WireError(`glance holds no ${MANIFEST}`);
  return { manifest, arrays };
}

function partsOf(head: Uint8Array): readonly { readonly name: string; readonly length: number }[] {
  const line = new TextDecoder().decode(head);
  let top: unknown;
  try {
    top = JSON.parse(line);
  } catch {
    throw new WireError(`glance does not begin with JSON: ${line.slice(0, 80)}`);
  }
  return list((item, where) => {
    const part = fields(item, where);
    return { name: text(part["name"], `${where}.name`), length: count(part["bytes"], `${where}.bytes`) };
  })(versioned(top, "glance")["parts"], "glance.parts");
}

function keepArray(arrays: Map<string, NpyArray>, name: string, part: Uint8Array): void {
  try {
    arrays.set(name, parseNpy(part));
  } catch (error) {
    if (!(error instanceof NpyError)) throw error;
  }
}
