/**
 * Standard output.
 *
 * @module
 */

import { write } from "node:fs";
import { type Clock, sleep } from "../core/mod.ts";
import { type ByteOutput, outputError } from "./byte_output.ts";

const STDOUT = 1;
/** Between two looks whether a full, non-blocking pipe has room again. */
const FULL_MS = 2;

/**
 * Writes to the descriptor rather than to `process.stdout`, which raises an uncaught error when the reader is gone,
 * and buffers without bound. A slow reader makes the write wait.
 */
export class StdoutOutput implements ByteOutput {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;

  constructor({ clock, signal }: { clock: Clock; signal: AbortSignal }) {
    this.#clock = clock;
    this.#signal = signal;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length;) {
        const count = await writeSome(bytes.subarray(written));
        if (count === 0) await sleep(this.#clock, FULL_MS, this.#signal);
        written += count;
      }
    } catch (cause) {
      throw outputError("standard output", cause);
    }
  }

  /** What the pipe has taken is out of our hands. */
  sync(): Promise<void> {
    return Promise.resolve();
  }

  /** Standard output isn't ours to close. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Resolves to the number of bytes taken, 0 when the pipe is full. */
function writeSome(bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(STDOUT, bytes, 0, bytes.length, null, (error, written) => {
      if (!error) resolve(written);
      else if (error.code === "EAGAIN") resolve(0);
      else reject(error);
    });
  });
}
