import { align, bufferBytes, fits, Head, headBytes, MAGIC } from "./layout.ts";
import { releaseScratch } from "./scratch.ts";

/** Collects the parts of a batch, then copies them into one buffer. Made once for each writer. */
export class Packing {
  /** The head in the making. */
  readonly head: Int32Array;
  readonly #headBytes: number;
  readonly #parts: Uint8Array[] = [];
  readonly #offsets: number[] = [];
  #end = 0;

  constructor({ columns, fingerprint }: { columns: number; fingerprint: number }) {
    this.#headBytes = headBytes(columns);
    this.head = new Int32Array(this.#headBytes / 4);
    this.head[Head.magic] = MAGIC;
    this.head[Head.fingerprint] = fingerprint;
  }

  /** Begins a batch, whatever became of the last. */
  begin(): void {
    this.#parts.length = 0;
    this.#offsets.length = 0;
    this.#end = this.#headBytes;
    releaseScratch();
  }

  /** Adds a part and returns its offset. The part is read when the batch is sealed. */
  add(part: Uint8Array): number {
    const offset = this.#end;
    this.#parts.push(part);
    this.#offsets.push(offset);
    this.#end = align(offset + part.length);
    return offset;
  }

  /** Copies everything into one buffer: `spare`, if that has the right size. */
  seal(rows: number, spare: ArrayBuffer | undefined): ArrayBuffer {
    this.head[Head.rows] = rows;
    this.head[Head.used] = this.#end;
    const buffer = spare && fits(spare, this.#end) ? spare : new ArrayBuffer(bufferBytes(this.#end));
    const target = new Uint8Array(buffer);
    target.set(bytesOf(this.head, this.#headBytes), 0);
    for (let i = 0; i < this.#parts.length; i++) target.set(this.#parts[i], this.#offsets[i]);
    this.begin();
    return buffer;
  }
}

/** The first bytes of a typed array's memory. */
export function bytesOf(values: { readonly buffer: ArrayBufferLike }, bytes: number): Uint8Array {
  return new Uint8Array(values.buffer, 0, bytes);
}
