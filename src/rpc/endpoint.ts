/**
 * One endpoint of a service, and what is known about it.
 *
 * @module
 */

import type { Clock } from "../core/mod.ts";
import { OUTLIER_EJECT_MAX_MS, OUTLIER_EJECT_MS } from "../core/limits.ts";
import type { EndpointFigures } from "../metrics/mod.ts";
import type { Address } from "./address.ts";
import { CircuitBreaker } from "./circuit_breaker.ts";
import { ConnectionPool } from "./connection_pool.ts";
import { Latency } from "./latency.ts";
import type { Outcome } from "./outcome.ts";
import type { Conduct } from "./outliers.ts";
import { slowStartShare } from "./slow_start.ts";

/** An attempt that is under way. */
export interface Ticket {
  /** `clock.monotonic()` */
  readonly startedAt: number;
}

/** Before its first answer an endpoint counts as this fast: it soon tells otherwise. */
const UNKNOWN_MS = 1;

/** An answer that asks for less counts as one that took so many times as long as usual, up to a limit. */
const BUSY_FACTOR = 10;
const BUSY_MAX_MS = 10_000;

/** What an endpoint is made with. */
export interface EndpointOptions {
  readonly url: string;
  readonly address: Address;
  readonly clock: Clock;
  /** Whether others were there before it: then it starts slowly. */
  readonly late: boolean;
}

/** Counts, judges and prices an endpoint. Times are those of `clock.monotonic()`. */
export class ServiceEndpoint {
  readonly url: string;
  readonly pool: ConnectionPool;
  /** Its share of the calls relative to the others'. */
  weight = 1;
  readonly #clock: Clock;
  readonly #breaker = new CircuitBreaker();
  readonly #latency = new Latency();
  /** Attempts under way, the oldest first. */
  readonly #tickets = new Set<Ticket>();
  /** When slow start began; `-Infinity` if it is over for good. */
  #risingSince: number;
  #ejectedUntil = 0;
  #ejections = 0;
  #calls = 0;
  #failures = 0;
  #audited = { calls: 0, failures: 0 };
  #retired = false;

  constructor({ url, address, clock, late }: EndpointOptions) {
    this.url = url;
    this.#clock = clock;
    this.pool = new ConnectionPool(address, clock);
    this.#risingSince = late ? clock.monotonic() : -Infinity;
  }

  /** When it may get a call: now or in the past if it may, `Infinity` if nobody can say. */
  get availableAt(): number {
    return Math.max(this.#breaker.passableAt, this.#ejectedUntil);
  }

  /**
   * What another call costs here: those under way times how long they take, as a share of the endpoint's weight. The
   * oldest of them counts as if it were answered now: an endpoint that hangs must not seem fast.
   */
  cost(now: number): number {
    const [oldest] = this.#tickets;
    const waitedMs = oldest === undefined ? 0 : now - oldest.startedAt;
    const ms = Math.max(this.#latency.at(now) ?? UNKNOWN_MS, waitedMs);
    return (this.#tickets.size + 1) * ms / (this.weight * slowStartShare(now - this.#risingSince));
  }

  /** How long an answer takes; 0 if nobody knows. */
  usualMs(now: number): number {
    return this.#latency.at(now) ?? 0;
  }

  /** An attempt begins. Every one has to {@link end}. */
  begin(): Ticket {
    const ticket = { startedAt: this.#clock.monotonic() };
    this.#breaker.pass();
    this.#tickets.add(ticket);
    return ticket;
  }

  /** It has ended. */
  end(ticket: Ticket, outcome: Outcome): void {
    const now = this.#clock.monotonic();
    this.#tickets.delete(ticket);
    if (outcome.kind === "given up") {
      this.#breaker.gaveUp(now);
      this.#waited(now, ticket);
    } else {
      this.#calls++;
      if (outcome.kind === "failed" && !outcome.healthy) this.#failed(now, ticket);
      else this.#succeeded(now, this.#countedMs(now, ticket, outcome));
    }
    if (this.#retired && this.#tickets.size === 0) this.pool.close();
  }

  /** What it did since the last audit. */
  audit(): Conduct {
    const { calls, failures } = this.#audited;
    this.#audited = { calls: this.#calls, failures: this.#failures };
    const ejected = this.#ejectedUntil > this.#clock.monotonic();
    return { calls: this.#calls - calls, failures: this.#failures - failures, ejected };
  }

  /** Leaves it out for a while, and longer each time. */
  eject(): void {
    this.#ejections++;
    const ms = Math.min(OUTLIER_EJECT_MAX_MS, OUTLIER_EJECT_MS * this.#ejections);
    this.#ejectedUntil = this.#clock.monotonic() + ms;
    this.#risingSince = this.#ejectedUntil;
  }

  /** An audit found nothing wrong with it. */
  forgive(): void {
    if (this.#ejectedUntil > this.#clock.monotonic()) return; // it had no chance to do wrong
    this.#ejections = Math.max(0, this.#ejections - 1);
  }

  /** Gets no more calls; its connections are closed when those under way have ended. */
  retire(): void {
    this.#retired = true;
    if (this.#tickets.size === 0) this.pool.close();
  }

  figures(): EndpointFigures {
    const now = this.#clock.monotonic();
    return {
      url: this.url,
      state: this.#ejectedUntil > now ? "ejected" : this.#breaker.state,
      inFlight: this.#tickets.size,
      connections: this.pool.size,
      latencyMs: this.#latency.at(now) ?? null,
      calls: this.#calls,
      failures: this.#failures,
    };
  }

  /** An endpoint that asks for less does so fast, and must not seem fast. */
  #countedMs(now: number, { startedAt }: Ticket, outcome: Outcome): number {
    const asksForLess = outcome.kind === "failed" && outcome.backPressure;
    if (!asksForLess) return now - startedAt;
    return Math.min(BUSY_MAX_MS, BUSY_FACTOR * (this.#latency.at(now) ?? UNKNOWN_MS));
  }

  #succeeded(now: number, rttMs: number): void {
    this.#latency.update(rttMs, now);
    if (this.#breaker.succeeded()) this.#risingSince = now;
  }

  /** There was no answer: it would have taken longer, which counts if that is longer than usual. */
  #waited(now: number, { startedAt }: Ticket): void {
    const ms = now - startedAt;
    if (ms > (this.#latency.at(now) ?? UNKNOWN_MS)) this.#latency.update(ms, now);
  }

  #failed(now: number, ticket: Ticket): void {
    this.#failures++;
    this.#waited(now, ticket);
    this.#breaker.failed(now);
  }
}
