/** When to try again what failed: soon at first, and ever more seldom while it fails in the same way. */

/** Turns that pass at most between two attempts. */
const LONGEST_PAUSE = 6;

export class Patience {
  #cause: object | null = null;
  #pause = 1;
  #left = 1;

  /** Counts a turn with `cause` in the way, null where nothing is; true where it is time to try again. */
  isTime(cause: object | null): boolean {
    if (cause !== this.#cause) this.#begin(cause);
    if (cause === null) return false;
    this.#left -= 1;
    if (this.#left > 0) return false;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    this.#left = this.#pause;
    return true;
  }

  #begin(cause: object | null): void {
    this.#cause = cause;
    this.#pause = 1;
    this.#left = 1;
  }
}
