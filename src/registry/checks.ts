/**
 * What a registry is asked to keep, judged before anything is sent.
 *
 * @module
 */

import { RegistryError } from "../core/mod.ts";
import { REGISTRY_NAME_UNITS, REGISTRY_TTL_MAX_MS, REGISTRY_TTL_MIN_MS } from "../core/limits.ts";

/** What every registry can have in a key, and what means nothing in a path, a subject or a configuration. */
const NAME = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;

/**
 * Refuses a name that isn't one.
 *
 * @throws {RegistryError} with the code `REGISTRY_REFUSED`
 */
export function checkName(what: "service" | "lease", name: string): void {
  if (typeof name === "string" && NAME.test(name) && name.length <= REGISTRY_NAME_UNITS) return;
  const wanted = `must be of letters, digits, "-" and "_", with dots between, ${REGISTRY_NAME_UNITS} at most`;
  refuse(`registry: the name of a ${what} ${wanted}, found ${JSON.stringify(name)}`, { [what]: name });
}

/**
 * Refuses a time to live that is too short or too long.
 *
 * @throws {RegistryError} with the code `REGISTRY_REFUSED`
 */
export function checkTtl(ttlMs: number): void {
  if (ttlMs >= REGISTRY_TTL_MIN_MS && ttlMs <= REGISTRY_TTL_MAX_MS) return;
  const wanted = `must be ${REGISTRY_TTL_MIN_MS} to ${REGISTRY_TTL_MAX_MS}`;
  refuse(`registry: ttlMs ${wanted}, found ${ttlMs}`, { ttlMs });
}

/** Fails with the code `REGISTRY_REFUSED`: trying the same again is of no use. */
export function refuse(message: string, fields: Record<string, unknown> = {}): never {
  throw new RegistryError(message, { code: "REGISTRY_REFUSED", fields });
}
