/**
 * What stands in for the rest of the factory when one stage of it runs alone in one thread.
 *
 * @module
 */

import type { BatchWriter, ItemCodec } from "../../src/batch/mod.ts";
import type { CreditMessage, Forward, Port } from "../../src/line/mod.ts";

/** More than anybody waits for. */
const CREDIT = 64;

/** The sender's end of a line whose receiver takes every batch at once and gives the buffer back. */
export function takingPort(): Port {
  let receive: (message: unknown) => void;
  const credit = (batches: number, buffer: ArrayBuffer | undefined) => {
    const message: CreditMessage = { kind: "credit", batches, buffer };
    receive(message);
  };
  return {
    post(message) {
      if ((message as Forward).kind === "batch") credit(1, (message as { buffer: ArrayBuffer }).buffer);
    },
    listen(listener) {
      receive = listener;
      credit(CREDIT, undefined);
    },
    close() {},
  };
}

/** The receiver's end of a line that is filled by hand. */
export class GivingPort implements Port {
  /** Batches that the receiver has dealt with. */
  released = 0;
  #receive: ((message: unknown) => void) | undefined;

  post(message: unknown): void {
    if ((message as CreditMessage).batches === 1) this.released++;
  }

  listen(receive: (message: unknown) => void): void {
    this.#receive = receive;
  }

  /** Brings a message. */
  give(message: Forward): void {
    this.#receive?.(message);
  }

  close(): void {}
}

/** A codec whose writers only count: what remains is the cost of everything around them. */
export function countingCodec(codec: ItemCodec): ItemCodec {
  const buffer = new ArrayBuffer(0);
  return { ...codec, writer: () => new CountingWriter(buffer) };
}

class CountingWriter implements BatchWriter {
  rows = 0;
  readonly bytes = 0;
  readonly #buffer: ArrayBuffer;

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
  }

  append(): void {
    this.rows++;
  }

  truncate(rows: number): void {
    this.rows = rows;
  }

  seal(): ArrayBuffer {
    this.rows = 0;
    return this.#buffer;
  }
}
