/**
 * What the blueprint's functions are handed last: the settings, and the way to the services.
 *
 * @module
 */

import { type Blueprint, type Context, servicesOf } from "../blueprint/mod.ts";
import { type Clock, RpcError, type Settings } from "../core/mod.ts";
import { TURN_CONCURRENCY, TURN_TIMEOUT_MS } from "../core/limits.ts";
import type { ServiceFigures } from "../metrics/mod.ts";
import { Switchboard } from "../rpc/mod.ts";
import type { Turn } from "./turn.ts";

/** What contexts are made with. */
export interface ContextsOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  /** 0 up to 1 */
  readonly random: () => number;
}

/** Makes the contexts of turns, and keeps the services' clients. */
export class Contexts {
  /** For whatever is no asynchronous turn: it can't call. */
  readonly general: Context;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #switchboard: Switchboard | undefined;

  /** @throws {BlueprintError} when the services that the settings lead to can't be */
  constructor(blueprint: Blueprint, { settings, clock, random }: ContextsOptions) {
    this.general = { settings, call: () => Promise.reject(outsideOfTurns()) };
    this.#clock = clock;
    const { timeoutMs = TURN_TIMEOUT_MS, concurrency = TURN_CONCURRENCY } = blueprint.workshop.turn ?? {};
    this.#timeoutMs = timeoutMs;
    const services = servicesOf(blueprint.services, settings);
    if (Object.keys(services).length > 0) {
      this.#switchboard = new Switchboard(services, { clock, random, concurrency });
    }
  }

  /** Whether turns may call: then each needs a context of its own, and none runs without being a turn. */
  get calling(): boolean {
    return this.#switchboard !== undefined;
  }

  /** For one turn: its calls end with it. */
  of(turn: Turn): Context {
    const switchboard = this.#switchboard;
    if (switchboard === undefined) return this.general;
    return {
      settings: this.general.settings,
      call: async (service, method, payload, options = {}) => {
        if (turn.over) throw afterTheTurn(service, method);
        const remainingMs = Math.max(0, turn.startedAt + this.#timeoutMs - this.#clock.monotonic());
        const asked = { service, method, payload, options, turn: { remainingMs } };
        return await switchboard.call(asked) as never; // of the type that the caller says it has
      },
    };
  }

  figures(): ServiceFigures[] {
    return this.#switchboard?.figures() ?? [];
  }

  close(): void {
    this.#switchboard?.close();
  }
}

function outsideOfTurns(): RpcError {
  return new RpcError("call: only turns of a blueprint that names services can call one", {
    code: "failed_precondition",
  });
}

function afterTheTurn(service: string, method: string): RpcError {
  return new RpcError(`call ${service} ${method}: its turn had ended`, {
    code: "failed_precondition",
    fields: { service, method },
  });
}
