/** Values for whoever listens at the moment. */
export class Broadcast<T> {
  readonly #listeners = new Set<{ queue: T[]; wake: () => void }>();
  #ended = false;
  /** Set to make every listener fail at its next value. */
  failure: unknown = undefined;

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  send(value: T): void {
    for (const listener of this.#listeners) {
      listener.queue.push(value);
      listener.wake();
    }
  }

  end(): void {
    this.#ended = true;
    for (const { wake } of this.#listeners) wake();
  }

  /** Begins at once, even if the first value is asked for later. */
  listen(signal?: AbortSignal): AsyncGenerator<T> {
    const listener = { queue: [] as T[], wake: () => {} };
    this.#listeners.add(listener);
    const values = this.#values(listener, signal);
    const leave = () => {
      this.#listeners.delete(listener);
      listener.wake();
    };
    signal?.addEventListener("abort", leave, { once: true });
    const { return: finish } = values;
    values.return = (value) => {
      leave();
      return finish.call(values, value);
    };
    return values;
  }

  async *#values(listener: { queue: T[]; wake: () => void }, signal?: AbortSignal): AsyncGenerator<T> {
    while (!signal?.aborted && this.#listeners.has(listener)) {
      if (this.failure !== undefined) throw this.failure;
      if (listener.queue.length > 0) yield listener.queue.shift()!;
      else if (this.#ended) break;
      else await new Promise<void>((resolve) => listener.wake = resolve);
    }
    this.#listeners.delete(listener);
  }
}
