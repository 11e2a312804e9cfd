/**
 * A channel inside one thread, for the inline factory: the same order and the same loss of transferred buffers as
 * a MessageChannel, with deliveries on the clock's queue.
 *
 * @module
 */

import type { Clock } from "../core/mod.ts";
import type { Port } from "./port.ts";

/** Two ends that hear each other. */
export function memoryChannel(clock: Clock): [Port, Port] {
  const near = new MemoryPort(clock);
  const far = new MemoryPort(clock);
  near.connect(far);
  far.connect(near);
  return [near, far];
}

class MemoryPort implements Port {
  #peer: MemoryPort | undefined;
  #receive: ((message: unknown) => void) | undefined;
  #waiting: unknown[] = [];
  #scheduled = false;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  connect(peer: MemoryPort): void {
    this.#peer = peer;
  }

  post(message: unknown, transfer?: ArrayBuffer[]): void {
    this.#peer?.take(structuredClone(message, transfer && { transfer }));
  }

  listen(receive: (message: unknown) => void): void {
    this.#receive = receive;
    this.#schedule();
  }

  close(): void {
    this.#receive = undefined;
    this.#waiting = [];
    this.#peer = undefined;
  }

  take(message: unknown): void {
    if (this.#peer === undefined) return;
    this.#waiting.push(message);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#receive === undefined || this.#waiting.length === 0) return;
    this.#scheduled = true;
    this.#clock.soon(() => {
      this.#scheduled = false;
      if (this.#waiting.length > 0) this.#receive?.(this.#waiting.shift());
      this.#schedule();
    });
  }
}
