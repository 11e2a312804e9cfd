/**
 * Asking one department for its figures, whether it answers or not.
 *
 * @module
 */

import type { Clock } from "../core/mod.ts";
import type { Span } from "./rates.ts";

/** A department that can be asked for its figures: a Comlink remote, or the department itself. */
export interface Inspected<F> {
  figures(): F | Promise<F>;
}

/** Whether a department answers: with figures, not at all, or with an error. */
export type Answering = "ok" | "silent" | "failed";

/** What a look at a department shows. */
export interface Sight<F> {
  readonly answering: Answering;
  /** What has changed since the look before; undefined if the department has never answered. */
  readonly span: Span<F> | undefined;
}

interface Answer<F> {
  readonly figures: F;
  /** On the monotonic clock. */
  readonly at: number;
}

/**
 * One department under watch.
 *
 * Invariant: at most one question is open. A department that doesn't answer is not asked again: the question is
 * still waiting in its port, and is answered when the department comes back to life.
 */
export class Watch<F> {
  readonly department: Inspected<F>;
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  #question: Promise<void> | undefined;
  #askedAt = 0;
  #failed = false;
  #answer: Answer<F> | undefined;
  /** The answer that the last look has shown, or the first of all. */
  #shown: Answer<F> | undefined;
  #span: Span<F> | undefined;

  constructor(department: Inspected<F>, { clock, deadlineMs }: { clock: Clock; deadlineMs: number }) {
    this.department = department;
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
  }

  /** Asks, unless a question is open. Resolves when the answer is there, which may be never. */
  ask(): Promise<void> {
    return this.#question ??= this.#ask().finally(() => this.#question = undefined);
  }

  /** Whether the open question is past its deadline. */
  get overdue(): boolean {
    return this.#question !== undefined && this.#clock.monotonic() - this.#askedAt >= this.#deadlineMs;
  }

  /** The last figures, if there ever were any. */
  get figures(): F | undefined {
    return this.#answer?.figures;
  }

  /**
   * What has changed since the last look. A department that is late shows the last change again; one that is silent
   * or failed shows none, but its last figures.
   */
  look(): Sight<F> {
    const answering = this.#answering();
    if (this.#answer === undefined || this.#shown === undefined) return { answering, span: undefined };
    const { figures, at } = this.#answer;
    if (answering !== "ok") {
      return { answering, span: { earlier: figures, later: figures, elapsedMs: 0 } };
    }
    if (this.#span === undefined || this.#shown !== this.#answer) {
      this.#span = { earlier: this.#shown.figures, later: figures, elapsedMs: at - this.#shown.at };
      this.#shown = this.#answer;
    }
    return { answering, span: this.#span };
  }

  #answering(): Answering {
    if (this.overdue) return "silent";
    if (this.#failed) return "failed";
    return this.#answer === undefined ? "silent" : "ok";
  }

  async #ask(): Promise<void> {
    this.#askedAt = this.#clock.monotonic();
    try {
      const figures = await this.department.figures();
      this.#answer = { figures, at: this.#clock.monotonic() };
      this.#shown ??= this.#answer;
      this.#failed = false;
    } catch {
      this.#failed = true; // what is wrong is headquarters' concern; here it's a department without figures
    }
  }
}
