import { abortable, type Clock, DeadlineError } from "../core/mod.ts";

/** How long a task may take, by which clock, and what ends it before. */
export interface WithinOptions {
  readonly ms: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Runs a task that gets a signal of its own: it aborts when the caller's does, or when the time is over.
 *
 * @throws {DeadlineError} when the time is over; otherwise the signal's reason, or what the task throws
 */
export async function within<Result>(
  { ms, clock, signal }: WithinOptions,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const late = () =>
    controller.abort(new DeadlineError(`registry: no answer within ${ms} ms`, { fields: { ms } }));
  const timer = clock.after(ms, late);
  try {
    return await abortable(task(controller.signal), controller.signal);
  } finally {
    timer.cancel();
    signal.removeEventListener("abort", abort);
  }
}
