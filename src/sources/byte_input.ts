/**
 * Bytes from somewhere, a piece at a time.
 *
 * @module
 */

/** An open file or stream. Only one `read` is under way at a time. */
export interface ByteInput {
  /** For people: `readings.ndjson`, `standard input`. */
  readonly name: string;
  /** The next bytes, good until the read after; `undefined` at the end, and when closed meanwhile. */
  read(): Promise<Uint8Array | undefined>;
  /** Lets go of everything; may be called more than once. */
  close(): void;
}
