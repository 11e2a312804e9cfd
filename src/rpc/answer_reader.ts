/**
 * Reads one HTTP/1.1 answer after another from a connection's bytes.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { Buffer as Buffers } from "node:buffer";
import { HTTPParser } from "http-parser-js";
import { RPC_ANSWER_BYTES, RPC_HEAD_BYTES } from "../core/limits.ts";
import type { HttpAnswer } from "./http_answer.ts";
import { wholeAnswer } from "./whole_answer.ts";

/** Lengths as the standard has them. The parser takes anything that `Number` does, and would go backwards on `-5`. */
const LENGTH = /^\d{1,15}$/;

/**
 * Reads whole answers at once, and feeds a parser with all others. Holds that to its bounds: heads of
 * {@link RPC_HEAD_BYTES}, bodies of {@link RPC_ANSWER_BYTES}, and no lengths but plain numbers.
 */
export class AnswerReader {
  readonly #parser: InstanceType<typeof HTTPParser>;
  readonly #onAnswer: (answer: HttpAnswer) => void;
  #status = 0;
  #headers = new Map<string, string>();
  #reusable = false;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Nothing of an answer has come that isn't complete. */
  #between = true;

  constructor(onAnswer: (answer: HttpAnswer) => void) {
    this.#onAnswer = onAnswer;
    const parser = this.#parser = new HTTPParser(HTTPParser.RESPONSE);
    parser.maxHeaderSize = RPC_HEAD_BYTES;
    parser[HTTPParser.kOnHeadersComplete] = (info) => this.#head(info);
    parser[HTTPParser.kOnBody] = (chunk, offset, length) => this.#body(chunk, offset, length);
    parser[HTTPParser.kOnMessageComplete] = () => this.#complete();
  }

  /** Takes what has arrived. @throws when that is no HTTP, or too much of it */
  read(bytes: Buffer): void {
    const whole = this.#between ? wholeAnswer(bytes) : undefined;
    if (whole !== undefined) return this.#onAnswer(whole);
    this.#between = false;
    const result = this.#parser.execute(bytes);
    if (result instanceof Error) throw result;
  }

  /** Nothing more will come. Completes an answer that only ends with its connection. */
  end(): void {
    this.#parser.finish();
  }

  #head({ statusCode, headers, shouldKeepAlive }: {
    statusCode: number;
    headers: readonly string[];
    shouldKeepAlive: boolean;
  }): void {
    if (statusCode === 101) throw new Error("HTTP 101: the protocol can't be switched");
    this.#status = statusCode;
    this.#reusable = shouldKeepAlive;
    this.#headers = new Map();
    for (let i = 0; i < headers.length; i += 2) {
      const name = headers[i].toLowerCase();
      if (name === "content-length" && !LENGTH.test(headers[i + 1])) {
        throw new Error(`content-length: expected a number, found ${headers[i + 1]}`);
      }
      this.#headers.set(name, headers[i + 1]);
    }
    const announced = Number(this.#headers.get("content-length") ?? 0);
    if (announced > RPC_ANSWER_BYTES) throw tooLarge(announced);
  }

  #body(chunk: Buffer, offset: number, length: number): void {
    if (!(length > 0)) throw new Error("chunk: expected a length above 0");
    this.#bytes += length;
    if (this.#bytes > RPC_ANSWER_BYTES) throw tooLarge(this.#bytes);
    this.#chunks.push(chunk.subarray(offset, offset + length));
  }

  #complete(): void {
    const body = this.#chunks.length === 1 ? this.#chunks[0] : Buffers.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    if (this.#status < 200) return; // "continue", "early hints": the answer is yet to come
    const { offset, end } = this.#parser as unknown as { offset: number; end: number };
    this.#between = offset === end; // of the bytes that it was given
    this.#onAnswer({ status: this.#status, headers: this.#headers, body, reusable: this.#reusable });
  }
}

function tooLarge(bytes: number): RangeError {
  return new RangeError(`an answer of ${bytes} bytes or more; at most ${RPC_ANSWER_BYTES} are read`);
}
