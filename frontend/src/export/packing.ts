/** Arrays as text: gzip, then base64. */
import { NpyError, type NpyArray } from "../pure/npy";

/** What must be known to read a packed array back. */
export interface PackedShape {
  readonly type: "u1" | "f4";
  readonly shape: readonly number[];
}

export async function pack(array: NpyArray): Promise<{ readonly shape: PackedShape; readonly text: string }> {
  const { data, shape } = array;
  const type = data instanceof Uint8Array ? "u1" : "f4";
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const packed = await through(bytes, new CompressionStream("gzip"));
  return { shape: { type, shape }, text: toBase64(packed) };
}

/** Throws NpyError where the text does not hold an array of this shape. */
export async function unpack({ type, shape }: PackedShape, text: string): Promise<NpyArray> {
  const bytes = await through(fromBase64(text), new DecompressionStream("gzip"));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.byteLength !== size * (type === "u1" ? 1 : 4)) {
    throw new NpyError(`an array of this page should be (${shape.join(", ")}), but holds ${bytes.byteLength} bytes`);
  }
  return type === "u1" ? { shape, data: bytes } : { shape, data: new Float32Array(bytes.buffer) };
}

async function through(bytes: Uint8Array, stream: GenericTransformStream): Promise<Uint8Array> {
  const piped = new Blob([bytes as BlobPart]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

/** Arguments of one call are limited. */
const PART = 1 << 15;

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += PART) parts.push(String.fromCharCode(...bytes.subarray(at, at + PART)));
  return btoa(parts.join(""));
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
