/**
 * A file's bytes, read ahead by one piece so that the disk works while lines are parsed.
 *
 * @module
 */

import { type FileHandle, open } from "node:fs/promises";
import { type Clock, messageOf, sleep, SourceError } from "../core/mod.ts";
import { FOLLOW_MS, READ_BYTES } from "../core/limits.ts";
import type { ByteInput } from "./byte_input.ts";
import { checkLineStart } from "./line_start.ts";

/** How a file is read. */
export interface FileInputOptions {
  /** The first byte to read; must be the first of a line. */
  readonly from: number;
  /** At the end, wait for more. Pipes and devices are never followed. */
  readonly follow: boolean;
  readonly clock: Clock;
}

/** Reads a file from a byte to its end, or for ever. */
export class FileInput implements ByteInput {
  readonly name: string;
  readonly seekable: boolean;
  readonly #file: FileHandle;
  readonly #options: FileInputOptions;
  readonly #closing = new AbortController();
  /** Filled in turn: one is parsed while the other fills. */
  readonly #buffers: Uint8Array[] = [new Uint8Array(READ_BYTES), new Uint8Array(READ_BYTES)];
  #fills = 0;
  #position: number;
  #ahead: Promise<Uint8Array> | undefined;

  /** @throws {SourceError} naming the path: missing, a directory, not readable, not the file that was read before */
  static async open(path: string, options: FileInputOptions): Promise<FileInput> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, "r");
      const stat = await file.stat();
      if (stat.isDirectory()) throw new Error("it is a directory");
      if (options.from > 0) await checkLineStart(file, { from: options.from, size: stat.size });
      return new FileInput(path, { ...options, file, seekable: stat.isFile() });
    } catch (cause) {
      await file?.close();
      throw failure(path, { what: "can't be opened", cause });
    }
  }

  private constructor(
    name: string,
    { file, seekable, ...options }: FileInputOptions & { file: FileHandle; seekable: boolean },
  ) {
    this.name = name;
    this.seekable = seekable;
    this.#file = file;
    this.#options = options;
    this.#position = options.from;
  }

  async read(): Promise<Uint8Array | undefined> {
    try {
      while (true) {
        const piece = await (this.#ahead ?? this.#fill());
        this.#ahead = undefined;
        if (piece.length > 0) {
          this.#readAhead();
          return piece;
        }
        if (!this.#options.follow || !this.seekable) return undefined;
        await this.#pause();
      }
    } catch (cause) {
      this.close();
      throw failure(this.name, { what: "can't be read", cause });
    }
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    // What is being read can't be called back: the file is closed behind it.
    void Promise.resolve(this.#ahead).catch(() => {}).then(() => this.#file.close()).catch(() => {});
  }

  #readAhead(): void {
    this.#ahead = this.#fill();
    this.#ahead.catch(() => {}); // told to whoever reads next
  }

  async #fill(): Promise<Uint8Array> {
    const buffer = this.#buffers[this.#fills++ % this.#buffers.length];
    const position = this.seekable ? this.#position : null;
    const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, position);
    this.#position += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  /** Waits until it is time to look again. */
  async #pause(): Promise<void> {
    await sleep(this.#options.clock, FOLLOW_MS, this.#closing.signal);
    const { size } = await this.#file.stat();
    if (size >= this.#position) return;
    throw new Error(`it was cut to ${size} bytes while it was followed, with ${this.#position} bytes read`);
  }
}

function failure(path: string, { what, cause }: { what: string; cause: unknown }): SourceError {
  const found = (cause as { code?: unknown })?.code === "ENOENT" ? "there is no such file" : messageOf(cause);
  return new SourceError(`source: ${path} ${what}: ${found}`, { fields: { path }, cause });
}
