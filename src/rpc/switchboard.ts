/**
 * All services of a workshop.
 *
 * @module
 */

import { type Clock, RpcError } from "../core/mod.ts";
import { RPC_WAITING_PER_TURN } from "../core/limits.ts";
import type { ServiceFigures } from "../metrics/mod.ts";
import { Discovery, type OpenRegistry } from "./discovery.ts";
import type { CallOptions, Services } from "./service.ts";
import { ServiceClient } from "./service_client.ts";

/** What a switchboard is made with. */
export interface SwitchboardOptions {
  readonly clock: Clock;
  /** 0 up to 1 */
  readonly random: () => number;
  /** Asynchronous turns that the workshop runs at once: they bound the calls that wait. */
  readonly concurrency: number;
  /** Default: the registries that come with Shopfloor. */
  readonly openRegistry?: OpenRegistry;
}

/** The turn that a call belongs to. */
export interface CallingTurn {
  /** What is left of its time: no call outlives it. */
  readonly remainingMs: number;
}

/** A call by name. */
export interface NamedCall {
  readonly service: string;
  readonly method: string;
  readonly payload: unknown;
  readonly options: CallOptions;
  readonly turn: CallingTurn;
}

/** Connects calls with their services. */
export class Switchboard {
  readonly #clients = new Map<string, ServiceClient>();
  readonly #discovery: Discovery;

  /** Begins to look for endpoints at once; calls wait until some are known. */
  constructor(services: Services, { clock, random, concurrency, openRegistry }: SwitchboardOptions) {
    this.#discovery = new Discovery({ clock, random, openRegistry });
    const waiting = concurrency * RPC_WAITING_PER_TURN;
    for (const [name, service] of Object.entries(services)) {
      const client = new ServiceClient({ name, service, clock, random, waiting });
      this.#clients.set(name, client);
      const { endpoints, registry: url, name: registered = name } = service;
      if (endpoints !== undefined) client.update(endpoints.map((endpoint) => ({ url: endpoint })));
      if (url !== undefined) {
        void this.#discovery.follow({ url, name: registered, onChange: (found) => client.update(found) });
      }
    }
  }

  /**
   * Makes a call.
   *
   * @throws {RpcError}; {@link ClosedError} when the workshop closes; the reason of the signal that gave it up
   */
  async call({ service, method, payload, options, turn }: NamedCall): Promise<unknown> {
    const client = this.#clients.get(service);
    if (client === undefined) throw this.#unknown(service);
    const { deadlineMs = client.service.deadlineMs ?? Infinity, idempotent = false, signal } = options;
    if (!(deadlineMs > 0)) {
      throw new RpcError(`call ${service} ${method}: deadlineMs must be above 0, found ${deadlineMs}`, {
        code: "invalid_argument",
        fields: { service, method, retryable: false },
      });
    }
    return await client.call({
      method,
      payload,
      deadlineMs: Math.min(deadlineMs, turn.remainingMs),
      idempotent,
      signals: [signal],
    });
  }

  figures(): ServiceFigures[] {
    return [...this.#clients.values()].map((client) => client.figures());
  }

  /** Gives up every call, and lets go of every connection. */
  close(): void {
    this.#discovery.close();
    for (const client of this.#clients.values()) client.close();
  }

  #unknown(service: string): RpcError {
    const known = [...this.#clients.keys()].join(", ") || "none";
    return new RpcError(`call: the blueprint has no service ${JSON.stringify(service)}; it has ${known}`, {
      code: "invalid_argument",
      fields: { service, retryable: false },
    });
  }
}
