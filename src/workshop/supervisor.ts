/**
 * The supervisor: watches turns. An overdue one is given up, a failed one tried again after a while, and an item
 * that keeps failing becomes a dead letter. Trouble with one key never stops the line.
 *
 * @module
 */

import { type DeadLetter, plainJson } from "../batch/mod.ts";
import type { TurnOptions } from "../blueprint/mod.ts";
import { type Clock, ClosedError, DeadlineError, messageOf, type Timer, toWire } from "../core/mod.ts";
import { ITEM_BYTES, LETTER_UNITS, TURN_TIMEOUT_MS } from "../core/limits.ts";
import type { Job } from "./job.ts";
import { toText } from "./plain_text.ts";

/** An asynchronous turn, watched. */
export interface WatchedTurn {
  /** `clock.monotonic()` at its start. */
  readonly startedAt: number;
  /** Gives it up. */
  overdue(error: DeadlineError): void;
  /** Lets go of it: the workshop closes. */
  abandon(error: ClosedError): void;
}

/** What a supervisor is made with. */
export interface SupervisorOptions {
  readonly turn: TurnOptions;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
}

/** What is to become of a failed job: another attempt, or the end of it. */
export type Verdict =
  | { readonly kind: "retry"; readonly delayMs: number }
  | { readonly kind: "dead"; readonly letter: DeadLetter };

/** Judges failed turns and ends overdue ones. */
export class Supervisor {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #timeoutMs: number;
  readonly #attempts: number;
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #factor: number;
  readonly #jitter: number;
  /** In the order of their start, so that the first is always the next to be overdue. */
  readonly #watched = new Set<WatchedTurn>();
  #timer: Timer | undefined;
  /** Attempts after a failure. */
  retries = 0;
  /** Dead letters by reason. */
  readonly deadLetters: Record<string, number> = {};

  constructor({ turn, clock, random }: SupervisorOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#timeoutMs = turn.timeoutMs ?? TURN_TIMEOUT_MS;
    const { attempts = 3, minMs = 100, maxMs = 5_000, factor = 2, jitter = 0.2 } = turn.retries ?? {};
    this.#attempts = attempts;
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#factor = factor;
    this.#jitter = jitter;
  }

  /** Begins to watch a turn. */
  watch(turn: WatchedTurn): void {
    this.#watched.add(turn);
    if (this.#timer === undefined) this.#arm();
  }

  /** The turn has ended. */
  unwatch(turn: WatchedTurn): void {
    this.#watched.delete(turn);
  }

  /**
   * Judges a failure. The wait before attempt n + 1 is `minMs · factor^(n − 1)`, at most `maxMs`, of which up to
   * the share `jitter` is left out at random, so that keys that failed together don't come back together.
   */
  judge(job: Job, error: unknown): Verdict {
    job.failures++;
    if (job.kind !== "dismiss" && job.failures < this.#attempts) {
      this.retries++;
      const fullMs = Math.min(this.#maxMs, this.#minMs * this.#factor ** (job.failures - 1));
      return { kind: "retry", delayMs: fullMs * (1 - this.#jitter * this.#random()) };
    }
    const reason = job.kind === "material" ? error instanceof DeadlineError ? "timeout" : "error" : job.kind;
    return { kind: "dead", letter: this.letter(job, { reason, error }) };
  }

  /** Writes a dead letter and counts it. */
  letter(job: Job, { reason, error }: { reason: string; error: unknown }): DeadLetter {
    this.deadLetters[reason] = (this.deadLetters[reason] ?? 0) + 1;
    return {
      reason,
      error: short(messageOf(error)),
      stack: short(toWire(error).stack ?? ""),
      attempts: Math.max(1, job.failures),
      material: job.material === undefined ? "null" : textOf(job.material),
      at: this.#clock.now(),
    };
  }

  close(): void {
    this.#timer?.cancel();
    const error = new ClosedError("turn: the workshop is closing");
    for (const turn of this.#watched) turn.abandon(error);
    this.#watched.clear();
  }

  #arm(): void {
    const [first] = this.#watched;
    if (first === undefined) return;
    const dueMs = first.startedAt + this.#timeoutMs - this.#clock.monotonic();
    this.#timer = this.#clock.after(Math.max(0, dueMs), () => {
      this.#timer = undefined;
      this.#expire();
      this.#arm();
    });
  }

  #expire(): void {
    const limit = this.#clock.monotonic() - this.#timeoutMs;
    for (const turn of this.#watched) {
      if (turn.startedAt > limit) return;
      this.#watched.delete(turn);
      turn.overdue(
        new DeadlineError(`turn: took longer than ${this.#timeoutMs} ms`, {
          fields: { ms: this.#timeoutMs },
        }),
      );
    }
  }
}

function short(text: string): string {
  return text.length <= LETTER_UNITS ? text : `${text.slice(0, LETTER_UNITS)}…`;
}

/** A letter is an item too, and text may be larger than what it was made from. */
function textOf(material: unknown): string {
  const text = textOrJson(material);
  const mostBytes = ITEM_BYTES - 8 * LETTER_UNITS; // the rest of the letter is less than that
  if (text.length * 3 <= mostBytes) return text;
  const bytes = new TextEncoder().encode(text).length;
  return bytes <= mostBytes ? text : JSON.stringify(`${bytes} bytes of JSON, too large for a dead letter`);
}

function textOrJson(material: unknown): string {
  try {
    return toText(material);
  } catch {
    return plainJson(material); // a letter is written whatever the item is
  }
}
