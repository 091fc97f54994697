/** Keeps what was used last, up to a number of bytes. */
export class ByteCache<Value> {
  readonly #entries = new Map<string, { value: Value; bytes: number }>();
  #bytes = 0;

  constructor(readonly limit: number) {}

  /** Bytes held now; never above `limit`. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Stores the value, dropping the longest unused; one larger than the whole limit is not kept. */
  set(key: string, value: Value, bytes: number): void {
    this.delete(key);
    if (bytes > this.limit) return;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.limit) break;
      this.delete(oldest);
    }
  }

  /** A part with keys of its own; all parts share the limit. */
  shelf<Part extends Value>(name: string): Shelf<Part> {
    const own = (key: string): string => `${name} ${key}`;
    return {
      get: (key) => this.get(own(key)) as Part | undefined,
      set: (key, value, bytes) => {
        this.set(own(key), value, bytes);
      },
    };
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

/** What is put in comes out: nobody else writes under its name. */
export interface Shelf<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value, bytes: number): void;
}
