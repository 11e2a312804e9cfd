/**
 * A file's bytes, read ahead by one piece so that the disk works while lines are parsed.
 *
 * @module
 */

import { type FileHandle, open } from "node:fs/promises";
import { type Clock, messageOf, SourceError, type Timer } from "../core/mod.ts";
import { FOLLOW_MS, READ_BYTES } from "../core/limits.ts";
import type { ByteInput } from "./byte_input.ts";

/** How a file is read. */
export interface FileInputOptions {
  /** First byte. */
  readonly from: number;
  /** At the end, wait for more. */
  readonly follow: boolean;
  readonly clock: Clock;
}

/** Reads a file from a byte to its end, or for ever. */
export class FileInput implements ByteInput {
  readonly name: string;
  /** False for pipes and devices: they have no places to go back to. */
  readonly seekable: boolean;
  readonly #file: FileHandle;
  readonly #follow: boolean;
  readonly #clock: Clock;
  readonly #ended: PromiseWithResolvers<undefined> = Promise.withResolvers();
  /** Two buffers in turn: one is parsed while the other fills. */
  #buffers: [Uint8Array, Uint8Array] = [new Uint8Array(READ_BYTES), new Uint8Array(READ_BYTES)];
  #position: number;
  #ahead: Promise<number> | undefined;
  #timer: Timer | undefined;
  #stop: ((end: undefined) => void) | undefined;
  #closed = false;

  /**
   * Opens a file to be read from a byte that must be the first of a line.
   *
   * @throws {SourceError} naming the path: missing, a directory, not readable, or not the file that was read before
   */
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
      throw failure(path, "can't be opened", cause);
    }
  }

  private constructor(
    name: string,
    { file, from, follow, seekable, clock }: FileInputOptions & { file: FileHandle; seekable: boolean },
  ) {
    this.name = name;
    this.seekable = seekable;
    this.#file = file;
    this.#follow = follow && seekable;
    this.#clock = clock;
    this.#position = from;
  }

  /** @throws {SourceError} when reading fails, or a file that is followed has become shorter */
  read(): Promise<Uint8Array | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#stop = resolve;
      this.#next().then(resolve, (cause) => reject(failure(this.name, "can't be read", cause)));
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#stop?.(undefined);
    // A read under way can't be called back: the file is closed behind it.
    void Promise.resolve(this.#ahead).catch(() => {}).then(() => this.#file.close()).catch(() => {});
  }
