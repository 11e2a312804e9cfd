/**
 * Reads newline-delimited JSON: bytes to lines to items.
 *
 * @module
 */

import { resolve } from "node:path";
import type { ByteInput } from "./byte_input.ts";
import { FileInput } from "./file_input.ts";
import { JsonLines } from "./json_lines.ts";
import { LineSplitter, type Stretch } from "./line_splitter.ts";
import { type NdjsonOffset, offsetFor } from "./ndjson_offset.ts";
import type { SourceChunk, SourceContext, SourceReader } from "./source.ts";
import { StdinInput } from "./stdin_input.ts";

/** Opens a file where the offset says, or standard input if `path` is `-`. @throws {SourceError} */
export async function openNdjson(
  { offset, signal, clock }: SourceContext,
  { path, follow }: { path: string; follow: boolean },
): Promise<SourceReader> {
  if (path === "-") {
    return new NdjsonReader(new StdinInput(), { signal, file: undefined, start: undefined, resumed: false });
  }
  const file = resolve(path);
  const start = offsetFor(file, offset);
  const input = await FileInput.open(path, { from: start?.bytes ?? 0, follow, clock });
  const resumed = offset === undefined || start !== undefined;
  return new NdjsonReader(input, { signal, file, start, resumed });
}

/** What a reader is made with. */
export interface NdjsonReaderOptions {
  readonly signal: AbortSignal;
  /** The file that offsets are in, if it is one. */
  readonly file: string | undefined;
  /** Where the input starts. */
  readonly start: NdjsonOffset | undefined;
  readonly resumed: boolean;
}

class NdjsonReader implements SourceReader {
  readonly resumed: boolean;
  readonly #input: ByteInput;
  readonly #file: string | undefined;
  readonly #signal: AbortSignal;
  readonly #splitter = new LineSplitter();
  readonly #lines: JsonLines;
  /** Whether the number of lines before the start is known, so that offsets can go on counting. */
  readonly #counted: boolean;
  readonly #abort = () => this.close();
  #stretches: Stretch[] = [];
  #ended = false;
  #closed = false;
  #stop: ((end: undefined) => void) | undefined;

  constructor(input: ByteInput, { signal, file, start, resumed }: NdjsonReaderOptions) {
    this.resumed = resumed;
    this.#input = input;
    this.#file = input.seekable ? file : undefined;
    this.#signal = signal;
    const { bytes, line } = start ?? { bytes: 0, line: 0 };
    this.#counted = line !== undefined;
    const origin = this.#counted ? input.name : `${input.name}, counted from byte ${bytes}`;
    this.#lines = new JsonLines({ bytes, line: line ?? 0 }, (number) => `line ${number} of ${origin}`);
    if (signal.aborted) this.close();
    else signal.addEventListener("abort", this.#abort, { once: true });
  }

  read(): Promise<SourceChunk | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#stop = resolve; // for a close meanwhile
      this.#next().then(resolve, reject);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#signal.removeEventListener("abort", this.#abort);
    this.#input.close();
    this.#stop?.(undefined);
  }

  async #next(): Promise<SourceChunk | undefined> {
    while (true) {
      const chunk = this.#chunk();
      if (chunk) return chunk;
      const stretch = this.#stretches.shift();
      if (stretch) this.#lines.add(stretch);
      else if (this.#ended) return undefined;
      else await this.#advance();
    }
  }

  async #advance(): Promise<void> {
    const piece = await this.#input.read();
    if (piece) {
      this.#stretches = this.#splitter.push(piece);
      return;
    }
    this.#ended = true;
    this.#input.close();
    const last = this.#splitter.end();
    if (last) this.#stretches = [last];
  }

  /** The next lines' items; undefined when none are at hand. */
  #chunk(): SourceChunk | undefined {
    for (let found; (found = this.#lines.take());) {
      const { items, rejections, bytes, line, place } = found;
      if (items.length === 0 && rejections.length === 0) continue; // nothing but blank lines
      return { items, rejections, offset: this.#offset(bytes, line), place };
    }
    return undefined;
  }

  #offset(bytes: number, line: number): NdjsonOffset | undefined {
    if (this.#file === undefined) return undefined;
    return this.#counted ? { path: this.#file, bytes, line } : { path: this.#file, bytes };
  }
}
