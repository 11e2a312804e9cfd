/**
 * Appends to a file.
 *
 * @module
 */

import { type FileHandle, open } from "node:fs/promises";
import { messageOf, SinkError } from "../core/mod.ts";
import { type ByteOutput, outputError } from "./byte_output.ts";

const NEWLINE = 10;
/** What pipes and devices answer when they are to be synchronised. */
const UNSYNCED = ["EINVAL", "ENOTSUP", "EOPNOTSUPP"];

/** Appends lines to a file, which may be a pipe or a device. */
export class FileOutput implements ByteOutput {
  readonly #name: string;
  readonly #file: FileHandle;
  #dirty = false;
  #closed: Promise<void> | undefined;

  /** Opens a file, or makes it; its directory must be there. @throws {SinkError} naming the path */
  static async open(path: string): Promise<FileOutput> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, "a");
      const output = new FileOutput(path, file);
      // The process before was killed in the middle of a line: what comes now must not become part of it.
      if (await isTorn(path, file)) await output.write(Uint8Array.of(NEWLINE));
      return output;
    } catch (cause) {
      await file?.close();
      if (cause instanceof SinkError) throw cause;
      throw new SinkError(`sink: ${path} can't be opened: ${messageOf(cause)}`, {
        fields: { name: path },
        cause,
      });
    }
  }

  private constructor(name: string, file: FileHandle) {
    this.#name = name;
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let written = 0;
    try {
      const { size } = await this.#file.stat();
      this.#dirty = true;
      try {
        while (written < bytes.length) {
          written += (await this.#file.write(bytes, written, bytes.length - written)).bytesWritten;
        }
      } catch (error) {
        if (written > 0) await this.#cut(size, written);
        throw error;
      }
    } catch (cause) {
      throw outputError(this.#name, cause);
    }
  }

  async sync(): Promise<void> {
    if (!this.#dirty) return;
    try {
      await this.#file.datasync();
    } catch (cause) {
      if (!UNSYNCED.includes((cause as { code: string }).code)) throw outputError(this.#name, cause);
    }
    this.#dirty = false;
  }

  close(): Promise<void> {
    return this.#closed ??= this.#file.close();
  }

  /** Takes half a write back, unless somebody else has appended to the file meanwhile. */
  async #cut(size: number, written: number): Promise<void> {
    const now = await this.#file.stat();
    if (now.isFile() && now.size === size + written) await this.#file.truncate(size);
  }
}

/** Whether a file ends in the middle of a line. */
async function isTorn(path: string, file: FileHandle): Promise<boolean> {
  const stat = await file.stat();
  if (!stat.isFile() || stat.size === 0) return false;
  const reading = await open(path, "r");
  try {
    const last = new Uint8Array(1);
    await reading.read(last, 0, 1, stat.size - 1);
    return last[0] !== NEWLINE;
  } finally {
    await reading.close();
  }
}
