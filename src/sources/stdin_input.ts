/**
 * Standard input's bytes.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import process from "node:process";
import { messageOf, SourceError } from "../core/mod.ts";
import { READ_BYTES } from "../core/limits.ts";
import type { ByteInput } from "./byte_input.ts";

/**
 * Reads standard input to its end, from a file, a pipe or a terminal.
 *
 * It listens rather than iterates: pausing the stream and letting go of it is the one way, on both runtimes, to
 * leave while the other end is silent and not be kept alive by it.
 */
export class StdinInput implements ByteInput {
  readonly name = "standard input";
  readonly seekable = false;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #closed = false;
  #failure: SourceError | undefined;
  #arrived: (() => void) | undefined;

  constructor() {
    const { stdin } = process;
    stdin.on("data", this.#take).on("end", this.#end).on("close", this.#end).on("error", this.#fail);
    stdin.ref?.();
    stdin.resume();
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#pieces.length === 0) {
      if (this.#failure) throw this.#failure;
      if (this.#ended || this.#closed) return undefined;
      process.stdin.resume();
      await new Promise<void>((resolve) => this.#arrived = resolve);
    }
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { stdin } = process;
    stdin.off("data", this.#take).off("end", this.#end).off("close", this.#end); // errors still need an ear
    stdin.pause();
    stdin.unref?.();
  }

  readonly #take = (piece: Uint8Array) => {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes >= READ_BYTES) process.stdin.pause();
    this.#arrived?.();
  };

  readonly #end = () => {
    this.#ended = true;
    this.#arrived?.();
  };

  readonly #fail = (cause: Error) => {
    this.#failure = new SourceError(`source: standard input can't be read: ${messageOf(cause)}`, { cause });
    this.#arrived?.();
  };
}
