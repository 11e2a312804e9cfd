/**
 * A stand-in for the few functions of `jsr:@std/async` that Shopfloor uses, with the same signatures.
 *
 * Inside this repository Deno links `@std/async` here and Bun finds it through tsconfig `paths`, so that a
 * fresh checkout needs no JSR registry; whoever installs the published package gets the real one.
 *
 * @module
 */

/** Options of {@link delay}. */
export interface DelayOptions {
  /** Ends the wait early; the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
}

/** Resolves after `ms` milliseconds, or rejects as soon as the signal aborts. */
export function delay(ms: number, options: DelayOptions = {}): Promise<void> {
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Options of {@link deadline}. */
export interface DeadlineOptions {
  /** Ends the wait early; the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
}

/** Settles as `promise` does, or rejects with a `TimeoutError` DOMException after `ms` milliseconds. */
export async function deadline<T>(
  promise: Promise<T>,
  ms: number,
  options: DeadlineOptions = {},
): Promise<T> {
  const ended = new AbortController();
  const signal = options.signal ? AbortSignal.any([ended.signal, options.signal]) : ended.signal;
  const overdue = delay(ms, { signal }).then(() => {
    throw new DOMException("Signal timed out.", "TimeoutError");
  });
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    ended.abort();
    overdue.catch(() => {});
  }
}
