/**
 * Bytes from somewhere, a piece at a time.
 *
 * @module
 */

/** An open file or stream. Only one `read` is under way at a time. */
export interface ByteInput {
  /** For people: `readings.ndjson`, `standard input`. */
  readonly name: string;
  /** Whether a byte of it can be found again by its number. */
  readonly seekable: boolean;
  /**
   * The next bytes, as soon as there are any, good until `read` is called again; `undefined` at the end.
   *
   * @throws {SourceError} when the input fails
   */
  read(): Promise<Uint8Array | undefined>;
  /** Lets go of everything; may be called more than once. A read under way may never settle. */
  close(): void;
}
