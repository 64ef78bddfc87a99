/**
 * Keeps a worker silent once another has taken its place, however it was stopped in between: nothing goes in or out
 * before the fence was passed.
 */

import { LEASE_MILLIS } from "./succession";

export class Fence {
  readonly #isNewest: () => Promise<boolean>;
  readonly #ended: () => void;
  readonly #waiting: (() => void)[] = [];
  /** Until when nobody can have taken over. This clock is never set. */
  #leaseEnd = 0;
  #checking = false;
  #closed = false;

  /** `isNewest` says whether this worker is still the hub; `ended` is called once it is not. */
  constructor(isNewest: () => Promise<boolean>, ended: () => void) {
    this.#isNewest = isNewest;
    this.#ended = ended;
  }

  /** Whether this worker may act right now. */
  get isOpen(): boolean {
    return !this.#closed && performance.now() < this.#leaseEnd;
  }

  /** Runs at once, or when it is known that this worker is still the hub, in order; never if it is not. */
  pass(run: () => void): void {
    if (this.isOpen && this.#waiting.length === 0) {
      run();
      return;
    }
    this.#waiting.push(run);
    if (!this.#checking) {
      void this.#check();
    }
  }

  /** Another worker is the hub. */
  close(): void {
    if (!this.#closed) {
      this.#closed = true;
      this.#ended();
    }
  }

  async #check(): Promise<void> {
    this.#checking = true;
    while (this.#waiting.length > 0 && !this.#closed) {
      // From before the question: the answer may be old when it is read.
      const asked = performance.now();
      if (!(await this.#isNewest())) {
        this.close();
        return;
      }
      this.#leaseEnd = asked + LEASE_MILLIS;
      while (this.isOpen && this.#waiting.length > 0) {
        this.#waiting.shift()?.();
      }
    }
    this.#checking = false;
  }
}
