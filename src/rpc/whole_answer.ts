/**
 * Reads the answers that nearly all are.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { HttpAnswer } from "./http_answer.ts";

/** Longer ones are left to the parser. */
const MOST_BYTES = 16 * 1024;

/** With a body, and kept open as HTTP/1.1 is. 101, 204, 304 and the like have rules of their own. */
const FIRST_LINE = /^HTTP\/1\.1 ([245]\d\d) [ -~]*\r\n/;

/** One line, and one value without blanks around it. */
const HEADER_LINE = /([\w-]+): ?((?:[!-~](?:[ -~]*[!-~])?)?)\r\n/y;

const LENGTH = /^[1-9]\d{0,5}$/;

/** What says more about the message than its length does. */
const UNUSUAL: ReadonlySet<string> = new Set(["transfer-encoding", "connection", "upgrade", "trailer"]);

/**
 * An answer that is there as a whole, alone, with a length and with nothing else that says where it ends: read in one go,
 * which takes a quarter of the time that a parser does. Undefined for any other, which is the parser's.
 */
export function wholeAnswer(bytes: Buffer): HttpAnswer | undefined {
  if (bytes.length > MOST_BYTES) return undefined;
  const text = bytes.toString("latin1");
  const first = FIRST_LINE.exec(text);
  const headEnd = text.indexOf("\r\n\r\n") + 2;
  if (first === null || headEnd < 2) return undefined;
  const headers = new Map<string, string>();
  let at = first[0].length;
  while (at < headEnd) {
    HEADER_LINE.lastIndex = at;
    const line = HEADER_LINE.exec(text);
    if (line === null) return undefined;
    const name = line[1].toLowerCase();
    if (UNUSUAL.has(name) || headers.has(name)) return undefined;
    headers.set(name, line[2]);
    at = HEADER_LINE.lastIndex;
  }
  const length = headers.get("content-length");
  if (length === undefined || !LENGTH.test(length) || headEnd + 2 + Number(length) !== bytes.length) {
    return undefined;
  }
  const status = Number(first[1]);
  if (status === 204) return undefined;
  return { status, headers, body: bytes.subarray(headEnd + 2), reusable: true };
}
