/**
 * One producer, any number of loops.
 *
 * @module
 */

/** Hands each value to every loop under way. A loop that is slow sees the latest value, not all of them. */
export class Broadcast<T> {
  readonly #loops = new Set<{ latest: T | undefined; wake: () => void }>();
  #closed = false;
  /** The latest value. */
  latest: T | undefined;

  send(value: T): void {
    this.latest = value;
    for (const loop of this.#loops) {
      loop.latest = value;
      loop.wake();
    }
  }

  /** Values from now on, until {@link close} or the loop is left. */
  async *values(): AsyncGenerator<T, void, undefined> {
    const loop = { latest: undefined as T | undefined, wake: () => {} };
    this.#loops.add(loop);
    try {
      while (!this.#closed) {
        if (loop.latest === undefined) await new Promise<void>((resolve) => loop.wake = resolve);
        const value = loop.latest;
        loop.latest = undefined;
        if (value !== undefined) yield value;
      }
    } finally {
      this.#loops.delete(loop);
    }
  }

  /** Ends every loop. */
  close(): void {
    this.#closed = true;
    for (const loop of this.#loops) loop.wake();
  }
}
