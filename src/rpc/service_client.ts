/**
 * One service, as a workshop's workers call it.
 *
 * @module
 */

import { type Clock, ClosedError, type Timer } from "../core/mod.ts";
import { RPC_CONCURRENCY, RPC_LIMIT_START } from "../core/limits.ts";
import { Histogram, type ServiceFigures } from "../metrics/mod.ts";
import type { Endpoint } from "../registry/mod.ts";
import { AdaptiveLimit } from "./adaptive_limit.ts";
import { attempt } from "./attempt.ts";
import { Call, type CallHost, type PlaceOptions } from "./call.ts";
import { codecOf } from "./codec.ts";
import { Deadlines } from "./deadlines.ts";
import type { ServiceEndpoint, Ticket } from "./endpoint.ts";
import { Fleet } from "./fleet.ts";
import { Gate } from "./gate.ts";
import type { Outcome } from "./outcome.ts";
import type { EncodedCall, ProtocolCodec } from "./protocol.ts";
import { RetryBudget } from "./retry_budget.ts";
import { Scope } from "./scope.ts";
import type { Service } from "./service.ts";

/** What a client is made with. */
export interface ServiceClientOptions {
  /** As the blueprint names it. */
  readonly name: string;
  readonly service: Service;
  readonly clock: Clock;
  /** 0 up to 1 */
  readonly random: () => number;
  /** Most calls that wait. */
  readonly waiting: number;
}

/** One call. */
export interface ServiceCall {
  readonly method: string;
  readonly payload: unknown;
  readonly deadlineMs: number;
  readonly idempotent: boolean;
  /** Whoever may give it up. */
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** An endpoint that a call has been given, with its permit to be in flight. */
interface Placement {
  readonly endpoint: ServiceEndpoint;
  readonly ticket: Ticket;
}

/** Limits, places and counts the calls to one service. */
export class ServiceClient implements CallHost {
  readonly name: string;
  readonly service: Service;
  readonly clock: Clock;
  readonly random: () => number;
  readonly codec: ProtocolCodec | Promise<ProtocolCodec>;
  readonly #fleet: Fleet;
  readonly #limit: AdaptiveLimit;
  readonly #gate: Gate<Placement>;
  readonly #budget = new RetryBudget();
  readonly #rtt = new Histogram();
  readonly #deadlines: Deadlines;
  /** Of every call. */
  readonly #headers: Readonly<Record<string, string>>;
  readonly #counts = { calls: 0, failures: 0, retries: 0, hedges: 0, backPressure: 0 };
  #waker: Timer | undefined;
  #closed = false;

  constructor({ name, service, clock, random, waiting }: ServiceClientOptions) {
    this.name = name;
    this.service = service;
    this.clock = clock;
    this.random = random;
    this.codec = codecOf(service);
    if (this.codec instanceof Promise) this.codec.catch(() => {}); // each call gets to know
    this.#headers = service.headers ?? {};
    this.#deadlines = new Deadlines(clock);
    this.#fleet = new Fleet(clock, random);
    this.#limit = new AdaptiveLimit({ start: RPC_LIMIT_START, most: service.concurrency ?? RPC_CONCURRENCY });
    this.#gate = new Gate({ most: waiting, limit: () => this.#limit.current, take: () => this.#take() });
  }

  /** Makes a call. @throws {RpcError}, or the reason of the signal that gave it up */
  async call({ method, payload, deadlineMs, idempotent, signals }: ServiceCall): Promise<unknown> {
    if (this.#closed) throw new ClosedError(`call ${this.name} ${method}: the workshop is closed`);
    const scope = new Scope(this.#deadlines, { deadlineMs, signals });
    this.#budget.deposit();
    return await new Call(this, { method, payload, idempotent, scope }).run();
  }

  ended(failed: boolean): void {
    this.#counts.calls++;
    if (failed) this.#counts.failures++;
  }

  /** These are its endpoints from now on. */
  update(endpoints: readonly Endpoint[]): void {
    if (this.#closed) return;
    this.#fleet.update(endpoints);
    this.#gate.wake();
  }

  get deserted(): boolean {
    return this.#fleet.availableAt > this.clock.monotonic();
  }

  mayRepeat(kind: "retries" | "hedges"): boolean {
    if (!this.#budget.withdraw()) return false;
    this.#counts[kind]++;
    return true;
  }

  place(call: EncodedCall, options: PlaceOptions): Promise<Outcome> {
    try {
      const entered = this.#gate.enter(options.ending, () => this.#hasTime(options.scope));
      return entered instanceof Promise
        ? entered.then((placement) => this.#attempt(call, options, placement))
        : this.#attempt(call, options, entered);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  figures(): ServiceFigures {
    return {
      service: this.name,
      limit: this.#limit.current,
      inFlight: this.#gate.inside,
      waiting: this.#gate.waiting,
      ...this.#counts,
      rtt: this.#rtt.snapshot(),
      endpoints: this.#fleet.figures(),
    };
  }

  /** Gives up every call, and closes every connection. */
  close(): void {
    this.#closed = true;
    this.#waker?.cancel();
    const reason = new ClosedError(`call ${this.name}: the workshop is closing`);
    this.#deadlines.endAll(reason);
    this.#fleet.close();
  }

  /** Whether an answer may come before the deadline. A call that is as good as new is made in any case. */
  #hasTime({ remainingMs, deadlineMs }: Scope): boolean {
    return remainingMs >= Math.min(this.#fleet.usualMs, deadlineMs / 2);
  }

  /** An endpoint for whoever is next. If none can take a call, the next to be able to wakes the gate. */
  #take(): Placement | undefined {
    const endpoint = this.#fleet.pick();
    if (endpoint !== undefined) {
      const ticket = endpoint.begin();
      this.#limit.began(this.#gate.inside + 1);
      return { endpoint, ticket };
    }
    const { availableAt } = this.#fleet;
    if (this.#waker === undefined && availableAt < Infinity) {
      this.#waker = this.clock.after(Math.max(1, availableAt - this.clock.monotonic()), () => {
        this.#waker = undefined;
        this.#gate.wake();
      });
    }
  }

  #attempt(
    call: EncodedCall,
    { codec, scope, ending, started }: PlaceOptions,
    placement: Placement,
  ): Promise<Outcome> {
    started?.();
    const headerLine = `${codec.deadlineHeader}: ${Math.ceil(scope.remainingMs)}`;
    const options = { call, codec, headers: this.#headers, headerLine, ending, clock: this.clock };
    return new Promise((resolve) => {
      attempt(placement.endpoint, options, (outcome) => {
        this.#settle(placement, outcome);
        resolve(outcome);
      });
    });
  }

  #settle({ endpoint, ticket }: Placement, outcome: Outcome): void {
    const at = this.clock.monotonic();
    endpoint.end(ticket, outcome);
    if (outcome.kind !== "given up" && !(outcome.kind === "failed" && !outcome.sent)) {
      const backPressure = outcome.kind === "failed" && outcome.backPressure;
      const rttMs = outcome.kind === "answered" ? at - ticket.startedAt : undefined;
      if (rttMs !== undefined) this.#rtt.record(rttMs / 1_000);
      if (backPressure) this.#counts.backPressure++;
      this.#limit.ended({ at, rttMs, backPressure });
    }
    this.#gate.leave();
  }
}
