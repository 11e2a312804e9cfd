/**
 * Time as an argument. Every class that needs time takes a {@link Clock}, so that a whole factory can run on a
 * virtual one.
 *
 * @module
 */

import { setImmediate } from "node:timers";

/** A timer that can be cancelled; cancelling twice, or after it ran, does nothing. */
export interface Timer {
  /** Nothing runs from now on; a run that is under way goes on to its end. */
  cancel(): void;
}

/** Where time comes from. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds, never going backwards, for measuring durations. */
  monotonic(): number;
  /** Runs `run` once, `ms` milliseconds from now. */
  after(ms: number, run: () => void): Timer;
  /** Runs `run` once, as soon as the messages and events that are waiting have had their turn. */
  soon(run: () => void): void;
}

/** Longest time that both runtimes' setTimeout can count, about 24 days; it takes more for none at all. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    let id = setTimeout(ring, Math.min(ms, LONGEST_MS));
    function ring() {
      ms -= LONGEST_MS;
      if (ms > 0) id = setTimeout(ring, Math.min(ms, LONGEST_MS));
      else run();
    }
    return { cancel: () => clearTimeout(id) };
  },
  soon: (run) => void setImmediate(run),
};

/** Runs `run` every `ms` milliseconds until cancelled; a run never overlaps the next. */
export function every(clock: Clock, ms: number, run: () => void | Promise<void>): Timer {
  let cancelled = false;
  let timer: Timer;
  const arm = () => {
    timer = clock.after(ms, async () => {
      await run();
      if (!cancelled) arm();
    });
  };
  arm();
  return {
    cancel() {
      cancelled = true;
      timer.cancel();
    },
  };
}

/** Resolves after `ms` on `clock`, or rejects with the signal's reason. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      timer.cancel();
      reject(signal!.reason);
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}
