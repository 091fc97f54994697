/** Numbers of what the painter was told once, kept for as long as pictures need it. */

/** Pictures that may do without something, one after the other, before it is forgotten. */
const MOST_UNUSED = 2;

export class Known {
  readonly #known = new Map<object, { readonly id: number; unused: number }>();
  #numbers = 0;

  /** The number of a thing, and whether the painter must be told of it now. */
  use(thing: object): { readonly id: number; readonly isNew: boolean } {
    const known = this.#known.get(thing);
    const id = known?.id ?? this.#numbers++;
    this.#known.set(thing, { id, unused: 0 });
    return { id, isNew: known === undefined };
  }

  /** To be called after each picture: the numbers of what is not needed any more. */
  forget(): readonly number[] {
    const forgotten: number[] = [];
    for (const [thing, known] of this.#known) {
      known.unused += 1;
      if (known.unused <= MOST_UNUSED) continue;
      this.#known.delete(thing);
      forgotten.push(known.id);
    }
    return forgotten;
  }
}
