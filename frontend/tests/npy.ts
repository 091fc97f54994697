/** Writes .npy for tests: the inverse of src/pure/npy.ts. */

export interface HeaderOptions {
  readonly descr?: string;
  readonly fortran?: boolean;
  readonly shape?: readonly number[];
  readonly version?: number;
}

export function createNpy(
  data: Uint8Array | Float32Array,
  shape: readonly number[],
  options: HeaderOptions = {},
): Uint8Array {
  const { descr = data instanceof Uint8Array ? "|u1" : "<f4", fortran = false, version = 1 } = options;
  const dimensions = shape.length === 1 ? `${shape.join("")},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${dimensions}), }`;
  const start = version === 1 ? 10 : 12;
  const header = text.padEnd(Math.ceil((start + text.length + 1) / 64) * 64 - start - 1) + "\n";
  const bytes = new Uint8Array(start + header.length + data.byteLength);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), start);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + header.length);
  return bytes;
}
