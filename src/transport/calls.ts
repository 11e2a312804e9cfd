/**
 * Calls of a sink, each with its deadline.
 *
 * @module
 */

import { type Clock, DeadlineError, SinkError, type Timer } from "../core/mod.ts";
import { SINK_ABANDONED_CALLS, SINK_CLOSE_MS } from "../core/limits.ts";
import type { SinkCall } from "../sinks/mod.ts";

/** What calls are made with. */
export interface CallsOptions<W> {
  readonly clock: Clock;
  /** Aborts every call: the factory closes. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /**
   * Opens another writer in place of one whose call doesn't end. Undefined if a call that is overdue can't be given
   * up: then its end, however late, is that of the next attempt.
   */
  readonly reopen: (() => W | Promise<W>) | undefined;
  /** The writer will not be called any more, and its last call has ended. */
  readonly onAbandoned: (writer: W) => void;
}

/** A call under way. */
export interface Call extends SinkCall {
  /** It gets on: its deadline begins anew. */
  renew(): void;
}

/** Calls a writer, one call at a time. Returns from a call that is overdue, and keeps track of it. */
export class Calls<W> {
  readonly #options: CallsOptions<W>;
  #writer: W;
  /** The writer's call that is overdue. */
  #overdue: Promise<void> | undefined;
  /** Other writers' calls that are. */
  #abandoned = 0;

  constructor(writer: W, options: CallsOptions<W>) {
    this.#writer = writer;
    this.#options = options;
  }

  /** The writer that is called now. */
  get writer(): W {
    return this.#writer;
  }

  /** Settles as the call does, or rejects when it is overdue. @throws {DeadlineError} */
  async run(call: (writer: W, options: Call) => void | Promise<void>): Promise<void> {
    if (this.#overdue) {
      const overdue = this.#overdue;
      await this.#await(overdue);
      if (this.#options.reopen === undefined) return await overdue;
    }
    const abort = new AbortController();
    let renew = () => {};
    const promise = call(this.#writer, { signal: abort.signal, renew: () => renew() });
    if (promise === undefined) return;
    const over = Promise.withResolvers<never>();
    const { clock, signal, timeoutMs } = this.#options;
    const ring = () => {
      const error = this.#deadline("it has not answered");
      this.#overdue = promise;
      abort.abort(error);
      over.reject(error);
    };
    let timer: Timer = clock.after(timeoutMs, ring);
    renew = () => {
      if (abort.signal.aborted) return;
      timer.cancel();
      timer = clock.after(timeoutMs, ring);
    };
    const closing = () => {
      abort.abort(signal.reason);
      timer.cancel();
      timer = clock.after(SINK_CLOSE_MS, () => over.reject(signal.reason));
    };
    signal.addEventListener("abort", closing);
    try {
      await Promise.race([promise, over.promise]);
    } finally {
      signal.removeEventListener("abort", closing);
      timer.cancel();
    }
  }

  /** Waits for a call that is overdue, for as long again; then another writer takes its writer's place. */
  async #await(overdue: Promise<void>): Promise<void> {
    const { clock, signal, timeoutMs, reopen, onAbandoned } = this.#options;
    const late = Promise.withResolvers<void>();
    let ended = false;
    const timer = clock.after(timeoutMs, () => late.resolve());
    const closing = () => late.reject(signal.reason);
    signal.addEventListener("abort", closing);
    try {
      const end = () => ended = true;
      await Promise.race([overdue.then(end, end), late.promise]);
    } finally {
      signal.removeEventListener("abort", closing);
      timer.cancel();
    }
    if (!ended) {
      if (reopen === undefined || this.#abandoned >= SINK_ABANDONED_CALLS) {
        throw this.#deadline("a call that was overdue has still not ended");
      }
      const writer = this.#writer;
      this.#writer = await reopen();
      this.#abandoned++;
      const end = () => {
        this.#abandoned--;
        onAbandoned(writer);
      };
      overdue.then(end, end);
    }
    this.#overdue = undefined;
  }

  #deadline(what: string): SinkError {
    const { timeoutMs } = this.#options;
    const cause = new DeadlineError(`${what} within ${timeoutMs} ms`, { fields: { ms: timeoutMs } });
    return new SinkError(cause.message, { fields: { ms: timeoutMs }, cause });
  }
}
