/**
 * The time that a call has.
 *
 * @module
 */

import type { Clock, Timer } from "../core/mod.ts";

/** Something that may end before it is done, once, with a reason. Lighter than an AbortSignal. */
export class Ending {
  readonly #listeners = new Set<(reason: unknown) => void>();
  #ended = false;
  #late = false;
  #reason: unknown;

  /** Whether it was the deadline that ended it. */
  get late(): boolean {
    return this.#late;
  }

  /** @throws what it ended with */
  throwIfEnded(): void {
    if (this.#ended) throw this.#reason;
  }

  /** Calls `run` when it ends, at once if it has. @returns forgets about it */
  onEnd(run: (reason: unknown) => void): () => void {
    if (this.#ended) {
      run(this.#reason);
      return () => {};
    }
    this.#listeners.add(run);
    return () => void this.#listeners.delete(run);
  }

  /** Ends it, with a reason that everybody who waits gets. */
  end(reason: unknown, late: boolean = false): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#late = late;
    this.#reason = reason;
    this.release();
    for (const run of this.#listeners) run(reason);
    this.#listeners.clear();
  }

  /** Lets go of whatever might end it. */
  protected release(): void {}
}

/** A part of something that may end: it ends with it, or alone. */
export class Branch extends Ending {
  readonly #forget: () => void;

  constructor(trunk: Ending) {
    super();
    this.#forget = trunk.onEnd((reason) => this.end(reason, trunk.late));
  }

  protected override release(): void {
    this.#forget?.(); // not there yet when the trunk has ended before
  }
}

/** What a scope is made with. */
export interface ScopeOptions {
  readonly deadlineMs: number;
  /** Whoever may end it sooner. */
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** From the beginning of a call to its end, or to its deadline, or until somebody gives it up. */
export class Scope extends Ending {
  readonly deadlineMs: number;
  readonly #clock: Clock;
  readonly #endsAt: number;
  readonly #timer: Timer;
  readonly #signals: AbortSignal[] = [];

  constructor(clock: Clock, { deadlineMs, signals }: ScopeOptions) {
    super();
    this.#clock = clock;
    this.deadlineMs = deadlineMs;
    this.#endsAt = clock.monotonic() + deadlineMs;
    this.#timer = clock.after(deadlineMs, () => this.end(new Error("overdue"), true));
    for (const signal of signals) {
      if (signal === undefined) continue;
      if (signal.aborted) this.end(signal.reason);
      else {
        signal.addEventListener("abort", this.#abort);
        this.#signals.push(signal);
      }
    }
  }

  /** Milliseconds to the deadline, 0 or more. */
  get remainingMs(): number {
    return Math.max(0, this.#endsAt - this.#clock.monotonic());
  }

  /** The call is over: nothing more happens here. */
  close(): void {
    this.release();
  }

  readonly #abort = (event: Event): void => this.end((event.target as AbortSignal).reason);

  protected override release(): void {
    this.#timer.cancel();
    for (const signal of this.#signals) signal.removeEventListener("abort", this.#abort);
  }
}
