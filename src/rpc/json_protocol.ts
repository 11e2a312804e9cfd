/**
 * Plain JSON over HTTP.
 *
 * @module
 */

import type { HttpAnswer } from "./http_answer.ts";
import { codeOfJsonStatus } from "./codes.ts";
import { checkMethod, type EncodedCall, jsonOf, type ProtocolCodec, type Refusal } from "./protocol.ts";

const HEADERS = { "content-type": "application/json", accept: "application/json" };

/** Where servers put the text of an error; RFC 9457 has `detail` and `title`. */
const TEXT_FIELDS = ["message", "detail", "error", "title"];

/** Of a text that is no JSON so much is shown. */
const SHOWN_UNITS = 200;

/**
 * POST to `<endpoint>/<method>` with a JSON body, answered by JSON and a status from 200 to 299. The call's remaining
 * time goes along as `x-deadline-ms`.
 */
export class JsonProtocol implements ProtocolCodec {
  readonly deadlineHeader = "x-deadline-ms";

  encode(method: string, payload: unknown): EncodedCall {
    return { path: checkMethod(method), headers: HEADERS, body: jsonOf(payload), decode };
  }

  refusal({ status, body }: HttpAnswer): Refusal | undefined {
    if (status >= 200 && status < 300) return undefined;
    const code = codeOfJsonStatus(status);
    const text = body.toString("utf8");
    const details = parsed(text);
    if (details === undefined) {
      return { code, message: `HTTP ${status} ${text.slice(0, SHOWN_UNITS)}`.trim() };
    }
    const field = TEXT_FIELDS.find((name) => typeof details[name] === "string");
    return { code, message: field === undefined ? `HTTP ${status}` : String(details[field]), details };
  }
}

function decode({ body }: HttpAnswer): unknown {
  return body.length === 0 ? undefined : JSON.parse(body.toString("utf8"));
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
