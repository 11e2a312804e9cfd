/**
 * Connect's error codes, and which HTTP status means which.
 *
 * @module
 */

/** Every code that Connect knows. */
export const CODES: ReadonlySet<string> = new Set([
  "canceled",
  "unknown",
  "invalid_argument",
  "deadline_exceeded",
  "not_found",
  "already_exists",
  "permission_denied",
  "resource_exhausted",
  "failed_precondition",
  "aborted",
  "out_of_range",
  "unimplemented",
  "internal",
  "unavailable",
  "data_loss",
  "unauthenticated",
]);

/** For plain JSON over HTTP, where the status is all there is. */
const JSON_STATUS: Readonly<Record<number, string>> = {
  400: "invalid_argument",
  401: "unauthenticated",
  403: "permission_denied",
  404: "not_found",
  408: "deadline_exceeded",
  409: "already_exists",
  412: "failed_precondition",
  413: "invalid_argument",
  415: "invalid_argument",
  422: "invalid_argument",
  429: "resource_exhausted",
  499: "canceled",
  500: "internal",
  501: "unimplemented",
  502: "unavailable",
  503: "unavailable",
  504: "deadline_exceeded",
};

/** For answers that aren't Connect's own, from a proxy in between: what Connect's specification says. */
const CONNECT_STATUS: Readonly<Record<number, string>> = {
  400: "internal",
  401: "unauthenticated",
  403: "permission_denied",
  404: "unimplemented",
  429: "unavailable",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** What an HTTP status means when a service speaks plain JSON. */
export function codeOfJsonStatus(status: number): string {
  return JSON_STATUS[status] ?? (status >= 400 && status < 500 ? "failed_precondition" : "unknown");
}

/** What an HTTP status means when a Connect service's answer isn't one. */
export function codeOfConnectStatus(status: number): string {
  return CONNECT_STATUS[status] ?? "unknown";
}

/** Trying again, or elsewhere, may help. */
const RETRYABLE: ReadonlySet<string> = new Set(["unavailable", "resource_exhausted"]);

/** Whether an error of this code may be gone at the next attempt. */
export function isRetryable(code: string): boolean {
  return RETRYABLE.has(code);
}

/** The endpoint is at fault, not the call. `resource_exhausted` is none: it works, as much as it can. */
const FAULTS: ReadonlySet<string> = new Set([
  "unknown",
  "internal",
  "unavailable",
  "data_loss",
  "deadline_exceeded",
]);

/** Whether an error of this code speaks against the endpoint. */
export function isFault(code: string): boolean {
  return FAULTS.has(code);
}
