/**
 * SIGINT and SIGTERM: the first asks for a drain, the second ends the process at once.
 *
 * @module
 */

import process from "node:process";

/** Signals that end a program. */
export type EndSignal = "SIGINT" | "SIGTERM";

/** What a shell reports for a process that a signal ended. */
const EXIT_CODES: Readonly<Record<EndSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

/** Listens to signals, until {@link SignalWatch.close}. */
export interface SignalWatch {
  /** Resolves with the first signal. */
  readonly first: Promise<EndSignal>;
  close(): void;
}

/** Starts listening. From the second signal on the process ends, whatever it is doing. */
export function watchSignals(): SignalWatch {
  const { promise, resolve } = Promise.withResolvers<EndSignal>();
  let seen = false;
  const listeners = (["SIGINT", "SIGTERM"] as const).map((signal) => {
    const listener = () => {
      if (seen) process.exit(EXIT_CODES[signal]);
      seen = true;
      resolve(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return {
    first: promise,
    close: () => listeners.forEach(({ signal, listener }) => process.off(signal, listener)),
  };
}
