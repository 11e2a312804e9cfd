/**
 * One attempt of a call, at one endpoint.
 *
 * @module
 */

import { type Clock, messageOf } from "../core/mod.ts";
import type { HttpAnswer } from "./http_answer.ts";
import { retryAfterMs } from "./back_off.ts";
import { isFault, isRetryable } from "./codes.ts";
import type { ConnectionFailure } from "./connection.ts";
import type { PostOptions } from "./connection_pool.ts";
import type { ServiceEndpoint } from "./endpoint.ts";
import type { Failed, Outcome } from "./outcome.ts";
import type { ProtocolCodec } from "./protocol.ts";
import type { Ending } from "./scope.ts";

/** What an attempt is about. */
export interface AttemptOptions extends PostOptions {
  readonly codec: ProtocolCodec;
  /** Gives it up, or marks its deadline. */
  readonly ending: Ending;
  readonly clock: Clock;
}

/** Statuses by which a service asks for less. */
const BUSY: ReadonlySet<number> = new Set([429, 503]);

/** Makes an attempt, and says once how it ended: perhaps before this returns. */
export function attempt(
  endpoint: ServiceEndpoint,
  options: AttemptOptions,
  settle: (outcome: Outcome) => void,
): void {
  const { ending } = options;
  const { url } = endpoint;
  let cancel = () => {};
  let ended = false;
  const forget = ending.onEnd((reason) => {
    ended = true;
    cancel();
    settle(ending.late ? overdue(url) : { kind: "given up", reason });
  });
  if (ended) return;
  cancel = endpoint.pool.post(options, {
    answered(answer) {
      forget();
      settle(outcomeOf(answer, url, options));
    },
    failed(failure) {
      forget();
      settle(unconnected(url, failure));
    },
  });
}

function outcomeOf(answer: HttpAnswer, endpoint: string, { call, codec, clock }: AttemptOptions): Outcome {
  const { status, headers } = answer;
  const fields = { endpoint, status };
  if (status >= 300 && status < 400) {
    return failed("unknown", `HTTP ${status}: redirects are not followed`, { fields });
  }
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    return failed("internal", `answered in ${encoding}, which nobody asked for`, { fields });
  }
  const refusal = codec.refusal(answer);
  if (refusal !== undefined) {
    const { code, message, details } = refusal;
    const waitMs = retryAfterMs(headers.get("retry-after"), clock.now());
    const busy = BUSY.has(status);
    return {
      ...failed(code, message, {
        fields: {
          ...fields,
          ...details !== undefined && { details },
          ...waitMs !== undefined && { retryAfterMs: waitMs },
        },
      }),
      healthy: busy ? status === 429 : !isFault(code),
      backPressure: busy || code === "resource_exhausted" || code === "deadline_exceeded",
      retryable: busy || isRetryable(code),
      retryAfterMs: waitMs,
    };
  }
  try {
    return { kind: "answered", value: call.decode(answer) };
  } catch (cause) {
    return failed("internal", `the answer can't be read: ${messageOf(cause)}`, { fields, cause });
  }
}

function overdue(endpoint: string): Failed {
  return {
    ...failed("deadline_exceeded", "no answer in time", { fields: { endpoint } }),
    backPressure: true,
  };
}

function unconnected(endpoint: string, { message, sent, cause }: ConnectionFailure): Failed {
  return { ...failed("unavailable", message, { fields: { endpoint }, cause }), sent };
}

function failed(
  code: string,
  message: string,
  { fields, cause }: { fields: Failed["fields"]; cause?: unknown },
): Failed {
  const judged = { healthy: !isFault(code), retryable: isRetryable(code) };
  return { kind: "failed", code, message, fields, cause, sent: true, backPressure: false, ...judged };
}
