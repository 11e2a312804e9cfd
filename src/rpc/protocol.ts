/**
 * The protocol contract: a call to HTTP, and back.
 *
 * @module
 */

import { RpcError } from "../core/mod.ts";
import type { HttpAnswer } from "./http_answer.ts";

/** A call as HTTP. */
export interface EncodedCall {
  /** Behind the endpoint's path: `raw`, `package.Service/Method`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Reads the body of a good answer. @throws whatever the format's reader throws */
  decode(answer: HttpAnswer): unknown;
}

/** What a service says that refuses a call. */
export interface Refusal {
  /** One of Connect's codes. */
  readonly code: string;
  readonly message: string;
  /** The service's own words on it, as they came. */
  readonly details?: unknown;
}

/** How services are spoken to. */
export interface ProtocolCodec {
  /** Carries what is left of a call's time, in milliseconds: clocks of machines differ, spans don't. */
  readonly deadlineHeader: string;
  /** @throws {RpcError} `invalid_argument` when the payload can't be sent, `unimplemented` for an unknown method */
  encode(method: string, payload: unknown): EncodedCall;
  /** Undefined if the answer is a good one. */
  refusal(answer: HttpAnswer): Refusal | undefined;
}

const METHOD = /^[\w~-][\w.~-]*(?:\/[\w~-][\w.~-]*)*$/;

/** A method's name goes into the request's first line: it may not lead anywhere else. */
export function checkMethod(method: string): string {
  if (METHOD.test(method)) return method;
  throw new RpcError(
    `a method is named by letters, digits, "_", "-", "." and "~", with "/" between, found ${
      JSON.stringify(method)
    }`,
    { code: "invalid_argument" },
  );
}

/** The payload as JSON text. @throws {RpcError} `invalid_argument` */
export function jsonOf(payload: unknown): string {
  try {
    return JSON.stringify(payload ?? {});
  } catch (cause) {
    throw new RpcError("the payload has no JSON form", { code: "invalid_argument", cause });
  }
}
