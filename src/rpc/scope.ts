/**
 * The time that a call has.
 *
 * @module
 */

import type { Deadlines } from "./deadlines.ts";

type Listener = (reason: unknown) => void;

/** Something that may end before it is done, once, with a reason. Lighter than an AbortSignal. */
export class Ending {
  /** Nearly always there is one at a time: then it needs no set. */
  #listener: Listener | undefined;
  #others: Set<Listener> | undefined;
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
  onEnd(run: Listener): () => void {
    if (this.#ended) {
      run(this.#reason);
      return () => {};
    }
    if (this.#listener === undefined) this.#listener = run;
    else (this.#others ??= new Set()).add(run);
    return () => {
      if (this.#listener === run) this.#listener = undefined;
      else this.#others?.delete(run);
    };
  }

  /** Ends it, with a reason that everybody who waits gets. */
  end(reason: unknown, late: boolean = false): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#late = late;
    this.#reason = reason;
    this.release();
    this.#listener?.(reason);
    for (const run of this.#others ?? []) run(reason);
    this.#listener = this.#others = undefined;
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
  /** `clock.monotonic()` */
  readonly endsAt: number;
  readonly #deadlines: Deadlines;
  readonly #signals: ScopeOptions["signals"];

  constructor(deadlines: Deadlines, { deadlineMs, signals }: ScopeOptions) {
    super();
    this.#deadlines = deadlines;
    this.#signals = signals;
    this.deadlineMs = deadlineMs;
    this.endsAt = deadlines.clock.monotonic() + deadlineMs;
    deadlines.add(this);
    for (const signal of signals) {
      if (signal?.aborted) this.end(signal.reason);
      else signal?.addEventListener("abort", this);
    }
  }

  /** Milliseconds to the deadline, 0 or more. */
  get remainingMs(): number {
    return Math.max(0, this.endsAt - this.#deadlines.clock.monotonic());
  }

  /** The call is over: nothing more happens here. */
  close(): void {
    this.release();
  }

  /** Somebody gives it up: a listener that needs no function of its own. */
  handleEvent({ target }: Event): void {
    this.end((target as AbortSignal).reason);
  }

  protected override release(): void {
    this.#deadlines.delete(this);
    for (const signal of this.#signals) signal?.removeEventListener("abort", this);
  }
}
