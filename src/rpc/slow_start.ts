/**
 * The share of an endpoint that has just come.
 *
 * @module
 */

import { SLOW_START_MS } from "../core/limits.ts";

/** What it begins with. */
const LEAST = 0.1;

/**
 * Grows evenly from a tenth to 1 within {@link SLOW_START_MS}: caches fill and connections open before the full load
 * comes.
 *
 * @param sinceMs how long it has been there
 */
export function slowStartShare(sinceMs: number): number {
  return Math.min(1, LEAST + (1 - LEAST) * Math.max(0, sinceMs) / SLOW_START_MS);
}
