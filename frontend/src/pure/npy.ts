/** Reads NumPy's .npy format: unsigned bytes and little-endian float32, C order. */

export interface CodeArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export interface FloatArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type NpyArray = CodeArray | FloatArray;

export class NpyError extends Error {
  override readonly name = "NpyError";
}

const MAGIC = "\x93NUMPY";
const DESCRIPTION = /'descr':\s*'([^']*)'/;
const ORDER = /'fortran_order':\s*(True|False)/;
const SHAPE = /'shape':\s*\(([\d,\s]*)\)/;

/** Parses a whole .npy file. Throws NpyError where the header is unreadable, the type is another or the length does not fit. */
export function parseNpy(bytes: Uint8Array): NpyArray {
  const { header, offset } = readHeader(bytes);
  const type = DESCRIPTION.exec(header)?.[1];
  const order = ORDER.exec(header)?.[1];
  const dimensions = SHAPE.exec(header)?.[1];
  if (type === undefined || order === undefined || dimensions === undefined) {
    throw new NpyError(`the array's header cannot be read: ${header.slice(0, 120)}`);
  }
  const shape = dimensions
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
  if (order === "True" && shape.length > 1) throw new NpyError("the array is in Fortran order; C order is expected");

  const itemSize = type === "|u1" ? 1 : type === "<f4" ? 4 : undefined;
  if (itemSize === undefined) throw new NpyError(`the array holds ${type}; |u1 or <f4 is expected`);
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const found = bytes.byteLength - offset;
  if (found !== size * itemSize) {
    throw new NpyError(`an array of shape (${shape.join(", ")}) needs ${size * itemSize} bytes, but ${found} came`);
  }
  if (itemSize === 1) return { shape, data: bytes.subarray(offset) };
  // A Float32Array must begin at a multiple of four, and a part of a larger buffer may not.
  const aligned =
    (bytes.byteOffset + offset) % 4 === 0 ? bytes.subarray(offset) : new Uint8Array(bytes.subarray(offset));
  return { shape, data: new Float32Array(aligned.buffer, aligned.byteOffset, size) };
}

function readHeader(bytes: Uint8Array): { header: string; offset: number } {
  const latin1 = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (latin1(0, 6) !== MAGIC) throw new NpyError("the file is not a .npy array");
  const major = bytes[6];
  if (major !== 1 && major !== 2)
    throw new NpyError(`the array has .npy version ${major ?? "none"}; 1 or 2 is expected`);
  const begin = major === 1 ? 10 : 12;
  if (bytes.byteLength < begin) throw new NpyError("the array's header is cut short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offset = begin + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (offset > bytes.byteLength) throw new NpyError("the array's header is cut short");
  if (offset > begin + 65_536) throw new NpyError("the array's header is implausibly long");
  return { header: latin1(begin, offset), offset };
}

function fit(shape: readonly number[], wanted: readonly number[]): boolean {
  return shape.length === wanted.length && wanted.every((size, axis) => size === shape[axis]);
}

function describe(array: NpyArray): string {
  return `${array.data instanceof Uint8Array ? "uint8" : "float32"} (${array.shape.join(", ")})`;
}

/** The array as codes of exactly the given shape. */
export function asCodes(array: NpyArray, shape: readonly number[]): Uint8Array {
  if (array.data instanceof Uint8Array && fit(array.shape, shape)) return array.data;
  throw new NpyError(`the array is ${describe(array)}; uint8 (${shape.join(", ")}) is expected`);
}

/** The array as floats of exactly the given shape. */
export function asFloats(array: NpyArray, shape: readonly number[]): Float32Array {
  if (array.data instanceof Float32Array && fit(array.shape, shape)) return array.data;
  throw new NpyError(`the array is ${describe(array)}; float32 (${shape.join(", ")}) is expected`);
}
