/**
 * Asking departments again and again whether they still answer.
 *
 * @module
 */

import { type Clock, every, type Timer } from "../core/mod.ts";

/** A department under watch. */
interface Patient {
  readonly ping: () => Promise<void>;
  /** Longest silence. */
  readonly silentMs: number;
  /** When the question that is open was asked, on the monotonic clock. */
  askedAt: number | undefined;
}

/** Questions in the time of the shortest silence. */
const QUESTIONS = 4;

/**
 * Tells when a department has been silent for too long.
 *
 * A calling thread that has been busy itself is in no position to judge: the answers may be waiting. It grants
 * everybody the time that it has missed.
 */
export class Heartbeats {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #onSilent: (department: string, silentMs: number) => void;
  readonly #patients = new Map<string, Patient>();
  #rounds: Timer | undefined;
  #lastRound = 0;

  constructor({ clock, silentMs, onSilent }: {
    clock: Clock;
    /** Shortest silence of any department. */
    silentMs: number;
    /** Called once; {@link watch} it again when somebody else is in its place. */
    onSilent: (department: string, silentMs: number) => void;
  }) {
    this.#clock = clock;
    this.#intervalMs = Math.max(1, silentMs / QUESTIONS);
    this.#onSilent = onSilent;
  }

  /** Watches a department, in place of one of the same name. */
  watch(department: string, { ping, silentMs }: { ping: () => Promise<void>; silentMs: number }): void {
    this.#patients.set(department, { ping, silentMs, askedAt: undefined });
    if (this.#rounds) return;
    this.#lastRound = this.#clock.monotonic();
    this.#rounds = every(this.#clock, this.#intervalMs, () => this.#round());
  }

  /** Asks it no more. */
  forget(department: string): void {
    this.#patients.delete(department);
  }

  close(): void {
    this.#patients.clear();
    this.#rounds?.cancel();
  }

  #round(): void {
    const now = this.#clock.monotonic();
    const missedMs = now - this.#lastRound - this.#intervalMs;
    this.#lastRound = now;
    for (const [department, patient] of this.#patients) {
      if (patient.askedAt === undefined) this.#ask(patient, now);
      else if (missedMs > this.#intervalMs) patient.askedAt += missedMs;
      else if (now - patient.askedAt >= patient.silentMs) {
        this.#patients.delete(department);
        this.#onSilent(department, patient.silentMs);
      }
    }
  }

  #ask(patient: Patient, now: number): void {
    patient.askedAt = now;
    // Whatever it answers, it answers. A department that refuses is headquarters' concern elsewhere.
    const answered = () => void (patient.askedAt = undefined);
    patient.ping().then(answered, answered);
  }
}
