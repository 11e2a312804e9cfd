/**
 * What waits for credit on a line that may be overdrawn.
 *
 * @module
 */

import type { BarrierMessage, BatchMessage, Forward } from "./protocol.ts";

/**
 * Messages in the order of their sending. Barriers don't wait behind batches, or one receiver that takes nothing would
 * hold up the commits of all: a batch that has been overtaken belongs to the epoch in which it is sent, and the epoch
 * in which it came isn't {@link covered} before that is committed.
 *
 * Invariant: barriers never overtake each other.
 */
export class Backlog {
  #messages: Forward[] = [];
  /** Barriers among the messages. */
  #barriers = 0;
  /** Batches that were sent in a later epoch than they came in, those of the same two epochs once. */
  #late: { readonly epoch: number; readonly sentIn: number }[] = [];
  /** What is sent now belongs to this epoch, or a later one. */
  #epoch = 0;
  /** Bytes of the batches. */
  bytes = 0;
  /** Rows of the batches. */
  rows = 0;

  get next(): Forward | undefined {
    return this.#messages[0];
  }

  get empty(): boolean {
    return this.#messages.length === 0;
  }

  /** Whether an epoch has to end, and be committed, before everything that came is. */
  get owing(): boolean {
    return !this.empty || this.#late.length > 0;
  }

  add(message: Forward): void {
    this.#messages.push(message);
    this.#count(message, 1);
  }

  /** Whether a barrier may be sent now, in front of what waits: not one that everything has to be finished for. */
  lets({ epoch, settle, halt }: BarrierMessage): boolean {
    if (this.#barriers > 0 || (!this.empty && (settle || halt))) return false;
    this.#epoch = epoch + 1;
    return true;
  }

  /** Takes the next message to send it. */
  take(): Forward {
    const message = this.#messages.shift()!;
    this.#count(message, -1);
    if (message.kind === "batch") return this.#stamped(message);
    this.#epoch = message.epoch + 1;
    return message;
  }

  /** The last epoch of which everything is committed, when `committed` is the last that is. */
  covered(committed: number): number {
    this.#late = this.#late.filter(({ sentIn }) => sentIn > committed);
    const first = this.#late[0]?.epoch ?? this.#messages[0]?.epoch ?? Infinity;
    return Math.min(committed, first - 1);
  }

  #stamped(message: BatchMessage): BatchMessage {
    const { epoch } = message;
    const sentIn = this.#epoch;
    if (epoch >= sentIn) return message;
    const last = this.#late.at(-1);
    if (last?.epoch !== epoch || last.sentIn !== sentIn) this.#late.push({ epoch, sentIn });
    return { ...message, epoch: sentIn };
  }

  #count(message: Forward, sign: 1 | -1): void {
    if (message.kind === "barrier") {
      this.#barriers += sign;
      return;
    }
    this.bytes += sign * message.buffer.byteLength;
    this.rows += sign * message.rows;
  }
}
