/**
 * Bytes to somewhere.
 *
 * @module
 */

import { messageOf, SinkError } from "../core/mod.ts";

/** An open file or stream. Calls don't overlap. */
export interface ByteOutput {
  /**
   * Writes everything. What a failed write left behind is taken back where that is possible.
   *
   * @throws {SinkError} `fields.final` when there is nobody left to write to
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written last. */
  sync(): Promise<void>;
  /** May be called more than once. */
  close(): Promise<void>;
}

/** The operating system's error as the sink's. */
export function outputError(name: string, cause: unknown): SinkError {
  if ((cause as { code?: unknown })?.code === "EPIPE") {
    return new SinkError(`sink: ${name}: whoever read it is gone`, { fields: { name, final: true }, cause });
  }
  return new SinkError(`sink: ${name} can't be written: ${messageOf(cause)}`, { fields: { name }, cause });
}
