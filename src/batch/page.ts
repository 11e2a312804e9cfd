import { Buffer } from "node:buffer";
import { ItemError } from "../core/mod.ts";
import { ALIGNMENT, Head, headBytes, MAGIC } from "./layout.ts";

const NOTHING = new ArrayBuffer(0);

/** What a batch must be to be read. */
export interface PageOptions {
  readonly what: string;
  readonly columns: number;
  readonly fingerprint: number;
}

/** The loaded batch: one view of each kind over the whole buffer, for all columns. */
export class Page {
  f64: Float64Array = new Float64Array(NOTHING);
  i32: Int32Array = new Int32Array(NOTHING);
  u8: Uint8Array = new Uint8Array(NOTHING);
  /** Reads words at any offset. */
  view: DataView = new DataView(NOTHING);
  /** Makes strings of bytes. */
  chars: Buffer = Buffer.from(NOTHING);
  rows: number = 0;
  readonly #what: string;
  readonly #headBytes: number;
  readonly #fingerprint: number;

  constructor({ what, columns, fingerprint }: PageOptions) {
    this.#what = what;
    this.#headBytes = headBytes(columns);
    this.#fingerprint = fingerprint;
  }

  /** Takes up a buffer. Throws {@link ItemError} unless its head is in order. */
  load(buffer: ArrayBuffer): void {
    this.rows = 0;
    if (!(buffer instanceof ArrayBuffer)) throw this.damaged("it is no ArrayBuffer");
    if (buffer.byteLength < this.#headBytes) throw this.damaged(`it has only ${buffer.byteLength} bytes`);
    this.#look(buffer);
    const { i32 } = this;
    if (i32[Head.magic] !== MAGIC) throw this.damaged("it does not begin as one");
    if (i32[Head.fingerprint] !== this.#fingerprint) throw this.damaged("it was written with another schema");
    const rows = i32[Head.rows];
    const used = i32[Head.used];
    if (used > buffer.byteLength) {
      throw this.damaged(`${used} bytes were written, ${buffer.byteLength} are there`);
    }
    if (rows < 0) throw this.damaged(`it says that it has ${rows} rows`);
    this.part(Head.hashes, rows * 4);
    this.rows = rows;
  }

  /** Lets go of the buffer. */
  unload(): void {
    this.rows = 0;
    this.#look(NOTHING);
  }

  /** The offset that stands in a word of the head, of a part that must have so many bytes. */
  part(word: number, bytes: number): number {
    const offset = this.i32[word];
    if (
      offset < this.#headBytes || offset % ALIGNMENT !== 0 || bytes < 0 ||
      offset + bytes > this.i32[Head.used]
    ) {
      throw this.damaged(`a part of ${bytes} bytes can't be at ${offset}`);
    }
    return offset;
  }

  /** The error of a buffer that can't be read. */
  damaged(reason: string, cause?: unknown): ItemError {
    return new ItemError(`${this.#what}: the buffer is no batch of this schema: ${reason}`, {
      code: "BATCH_INVALID",
      cause,
      fields: { type: this.#what },
    });
  }

  #look(buffer: ArrayBuffer): void {
    const { byteLength } = buffer;
    this.f64 = new Float64Array(buffer, 0, byteLength >> 3);
    this.i32 = new Int32Array(buffer, 0, byteLength >> 2);
    this.u8 = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.chars = Buffer.from(buffer);
  }
}
