/**
 * Endpoints as the registry keeps them: one JSON text each, which others may have written.
 *
 * @module
 */

import { REGISTRY_TTL_MAX_MS, REGISTRY_URL_UNITS } from "../core/limits.ts";
import { refuse } from "./checks.ts";
import type { Endpoint } from "./registry.ts";

/** An endpoint, and how long it stays without being heard of. */
export interface ListedEndpoint {
  readonly endpoint: Endpoint;
  readonly ttlMs: number;
}

/** Heavier ones would say nothing that a thousand doesn't. */
const MAX_WEIGHT = 1_000;

/**
 * The endpoint with its URL as `URL` writes it, without slashes at the end.
 *
 * @throws {RegistryError} with the code `REGISTRY_REFUSED`, for what can't be an endpoint
 */
export function checkEndpoint({ url, weight }: Endpoint): Endpoint {
  const normal = normalUrl(url);
  if (normal === undefined) {
    const wanted = "an absolute URL without credentials, query or fragment";
    refuse(`registry: the url of an endpoint must be ${wanted}, found ${JSON.stringify(url)}`, { url });
  }
  if (weight !== undefined && !isWeight(weight)) {
    refuse(`registry: the weight of an endpoint must be 1 to ${MAX_WEIGHT}, found ${weight}`, { weight });
  }
  return weight === undefined ? { url: normal } : { url: normal, weight };
}

/** As it is kept. */
export function encodeEndpoint({ endpoint, ttlMs }: ListedEndpoint): string {
  return JSON.stringify({ ...endpoint, ttlMs });
}

/** Reads what is kept; undefined when it is nothing that {@link encodeEndpoint} would have written. */
export function decodeEndpoint(text: string): ListedEndpoint | undefined {
  try {
    const { url, weight, ttlMs } = JSON.parse(text);
    if (!(typeof ttlMs === "number" && ttlMs > 0 && ttlMs <= REGISTRY_TTL_MAX_MS)) return undefined;
    return { endpoint: checkEndpoint({ url, weight }), ttlMs };
  } catch {
    return undefined; // some other program's, or an attack: nothing that a call could be sent to
  }
}

function normalUrl(text: string): string | undefined {
  // `URL` would quietly drop tabs and line breaks, and escape blanks: whoever wrote these meant something else.
  if (typeof text !== "string" || text.length > REGISTRY_URL_UNITS || !/^[!-~]+$/.test(text)) {
    return undefined;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username || url.password || url.search || url.hash || /[?#]/.test(text)) return undefined;
  return url.href.replace(/\/+$/, "");
}

function isWeight(weight: number): boolean {
  return Number.isInteger(weight) && weight >= 1 && weight <= MAX_WEIGHT;
}
