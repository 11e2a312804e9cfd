/**
 * How long to wait before another attempt.
 *
 * @module
 */

import { RPC_BACK_OFF_MAX_MS, RPC_BACK_OFF_MS } from "../core/limits.ts";

/**
 * Exponential back-off with full jitter: anything from 0 to a time that doubles with each attempt, so that calls which
 * failed together don't come back together.
 *
 * @param failures how many attempts have failed, from 1
 * @param random 0 up to 1
 */
export function backOffMs(failures: number, random: () => number): number {
  return random() * Math.min(RPC_BACK_OFF_MAX_MS, RPC_BACK_OFF_MS * 2 ** (failures - 1));
}

/**
 * A `Retry-After` header as milliseconds from now: it holds seconds or a date. Undefined if it can't be read.
 *
 * @param now ms since 1970
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
