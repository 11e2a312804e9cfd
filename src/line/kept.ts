/**
 * What a line has carried and no epoch's commit has covered yet, so that it can be carried again.
 *
 * @module
 */

import type { BatchMessage, Forward } from "./protocol.ts";

/** Copies of messages in the order of their sending, and how far they have been sent to whoever listens now. */
export class Kept {
  #messages: Forward[] = [];
  #next = 0;
  /** Bytes of the batches. */
  bytes = 0;

  /** Whether the listener has been sent everything. */
  get sent(): boolean {
    return this.#next === this.#messages.length;
  }

  /** The next message that the listener hasn't been sent. */
  get next(): Forward | undefined {
    return this.#messages[this.#next];
  }

  /** Keeps a message: a batch as a copy, so that the original can be transferred. */
  add(message: Forward, { sent }: { sent: boolean }): void {
    const copy = message.kind === "batch" && sent ? copyOf(message) : message;
    if (copy.kind === "batch") this.bytes += copy.buffer.byteLength;
    this.#messages.push(copy);
    if (sent) this.#next = this.#messages.length;
  }

  /** Takes a copy of the next message to send it. */
  take(): Forward {
    const message = this.#messages[this.#next++];
    return message.kind === "batch" ? copyOf(message) : message;
  }

  /** Somebody else listens now: everything has to be sent again. */
  rewind(): void {
    this.#next = 0;
  }

  /** Everything up to `epoch` is committed: forgets it. @returns the buffers that are free now */
  forget(epoch: number): ArrayBuffer[] {
    let count = 0;
    while (count < this.#messages.length && this.#messages[count].epoch <= epoch) count++;
    const freed: ArrayBuffer[] = [];
    for (const message of this.#messages.splice(0, count)) {
      if (message.kind !== "batch") continue;
      this.bytes -= message.buffer.byteLength;
      freed.push(message.buffer);
    }
    this.#next = Math.max(0, this.#next - count);
    return freed;
  }
}

function copyOf(message: BatchMessage): BatchMessage {
  return { ...message, buffer: message.buffer.slice(0) };
}
