/**
 * All endpoints of a service.
 *
 * @module
 */

import type { Clock } from "../core/mod.ts";
import { OUTLIER_AUDIT_MS, RPC_ENDPOINTS } from "../core/limits.ts";
import type { EndpointFigures } from "../metrics/mod.ts";
import type { Endpoint } from "../registry/mod.ts";
import { addressOf } from "./address.ts";
import { ServiceEndpoint } from "./endpoint.ts";
import { outliers } from "./outliers.ts";
import { twoChoices } from "./two_choices.ts";

/** Picks endpoints for calls, compares them, and follows the registry. */
export class Fleet {
  readonly #clock: Clock;
  readonly #random: () => number;
  #endpoints: ServiceEndpoint[] = [];
  #auditAt: number;

  /** @param random 0 up to 1 */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
    this.#auditAt = clock.monotonic() + OUTLIER_AUDIT_MS;
  }

  get size(): number {
    return this.#endpoints.length;
  }

  /**
   * These are the endpoints from now on. Those that stay keep their connections and what is known about them; those
   * that go finish what they have begun. What isn't an endpoint's URL is left out.
   */
  update(endpoints: readonly Endpoint[]): void {
    const before = new Map(this.#endpoints.map((endpoint) => [endpoint.url, endpoint]));
    const after = new Map<string, ServiceEndpoint>();
    for (const { url, weight = 1 } of endpoints.slice(0, RPC_ENDPOINTS)) {
      const address = addressOf(url);
      if (address === undefined || !(weight > 0)) continue;
      const endpoint = before.get(url) ??
        new ServiceEndpoint({ url, address, clock: this.#clock, late: before.size > 0 });
      endpoint.weight = weight;
      after.set(url, endpoint);
    }
    for (const [url, endpoint] of before) if (!after.has(url)) endpoint.retire();
    this.#endpoints = [...after.values()];
  }

  /** An endpoint for a call, or undefined if none can take one now. */
  pick(): ServiceEndpoint | undefined {
    const now = this.#clock.monotonic();
    if (now >= this.#auditAt) this.#audit(now);
    let candidates: readonly ServiceEndpoint[] = this.#endpoints;
    if (candidates.some(({ availableAt }) => availableAt > now)) {
      candidates = candidates.filter(({ availableAt }) => availableAt <= now);
    }
    return twoChoices(candidates, { cost: (endpoint) => endpoint.cost(now), random: this.#random });
  }

  /** When {@link pick} may find one, `clock.monotonic()`; `Infinity` if only something that happens can tell. */
  get availableAt(): number {
    return Math.min(...this.#endpoints.map(({ availableAt }) => availableAt));
  }

  /** How long an answer takes at the fastest endpoint that may get a call; 0 if nobody knows. */
  get usualMs(): number {
    const now = this.#clock.monotonic();
    let least = Infinity;
    for (const endpoint of this.#endpoints) {
      if (endpoint.availableAt <= now) least = Math.min(least, endpoint.usualMs(now));
    }
    return least === Infinity ? 0 : least;
  }

  figures(): EndpointFigures[] {
    return this.#endpoints.map((endpoint) => endpoint.figures());
  }

  /** Closes every connection at once. */
  close(): void {
    for (const { pool } of this.#endpoints) pool.close();
    this.#endpoints = [];
  }

  #audit(now: number): void {
    this.#auditAt = now + OUTLIER_AUDIT_MS;
    const out = new Set(outliers(this.#endpoints.map((endpoint) => endpoint.audit())));
    this.#endpoints.forEach((endpoint, index) => out.has(index) ? endpoint.eject() : endpoint.forgive());
  }
}
