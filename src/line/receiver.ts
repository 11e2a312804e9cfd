/**
 * The receiving end of a line.
 *
 * @module
 */

import type { Port } from "./port.ts";
import type { CreditMessage, Forward } from "./protocol.ts";

/** What a receiver is made with. */
export interface ReceiverOptions {
  /** Batches granted at the start: the line's depth. */
  readonly batches: number;
  /** Called with each message, in order. */
  readonly receive: (message: Forward) => void;
}

/** Grants credit for `batches`, and one more for each that is released. */
export class LineReceiver {
  readonly #port: Port;
  #closed = false;

  constructor(port: Port, { batches, receive }: ReceiverOptions) {
    this.#port = port;
    port.listen((message) => {
      if (!this.#closed) receive(message as Forward);
    });
    this.#grant(batches, undefined);
  }

  /** The batch is dealt with: one credit goes back, with its buffer or another that is spent. */
  release(buffer?: ArrayBuffer): void {
    if (!this.#closed) this.#grant(1, buffer);
  }

  close(): void {
    this.#closed = true;
    this.#port.close();
  }

  #grant(batches: number, buffer: ArrayBuffer | undefined): void {
    const message: CreditMessage = { kind: "credit", batches, buffer };
    this.#port.post(message, buffer && [buffer]);
  }
}
