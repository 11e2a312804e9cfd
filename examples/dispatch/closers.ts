/** What has been started, to be ended in the opposite order. */
export class Closers {
  readonly #closers: (() => Promise<unknown>)[] = [];

  /** Remembers how something is ended. */
  add(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** Ends everything, the last first. Once: what is added later is ended by another call. */
  async close(): Promise<void> {
    for (const each of this.#closers.splice(0).reverse()) await each();
  }
}

/** Opens something of many parts; those that are there already are ended again when another fails to start. */
export async function opened<T>(
  open: (closers: Closers) => Promise<T>,
): Promise<T & { close(): Promise<void> }> {
  const closers = new Closers();
  try {
    return { ...await open(closers), close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
