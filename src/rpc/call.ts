/**
 * One call, from its payload to its answer.
 *
 * @module
 */

import { type Clock, RpcError } from "../core/mod.ts";
import { RPC_ATTEMPTS } from "../core/limits.ts";
import { backOffMs } from "./back_off.ts";
import { hedged } from "./hedge.ts";
import type { Failed, Outcome } from "./outcome.ts";
import type { EncodedCall, ProtocolCodec } from "./protocol.ts";
import type { Ending, Scope } from "./scope.ts";
import type { Service } from "./service.ts";

/** What a call needs of its client. */
export interface CallHost {
  /** As the blueprint names it. */
  readonly name: string;
  readonly service: Service;
  readonly codec: ProtocolCodec | Promise<ProtocolCodec>;
  readonly clock: Clock;
  /** 0 up to 1 */
  readonly random: () => number;
  /** Waits for its turn, and makes one attempt. Rejects only if it is never made. */
  place(call: EncodedCall, options: PlaceOptions): Promise<Outcome>;
  /** Whether the budget has room for one more attempt, which is then counted. */
  mayRepeat(kind: "retries" | "hedges"): boolean;
  /** Whether there is no endpoint that could take a call. */
  readonly deserted: boolean;
  /** The call is over. */
  ended(failed: boolean): void;
}

/** How an attempt is made. */
export interface PlaceOptions {
  readonly codec: ProtocolCodec;
  /** The whole call's. */
  readonly scope: Scope;
  /** The attempt's own: the scope, or a branch of it. */
  readonly ending: Ending;
  /** To be called when it has got its endpoint. */
  readonly started?: () => void;
}

/** What is called, and how. */
export interface CallParts {
  readonly method: string;
  readonly payload: unknown;
  readonly idempotent: boolean;
  readonly scope: Scope;
}

/** Places attempts until one is answered, or none is left. */
export class Call {
  readonly #host: CallHost;
  readonly #parts: CallParts;
  #attempts = 0;
  /** The number of the next failure, of attempts that reached an endpoint and of those that didn't. */
  #failures = 1;
  #unsent = 1;
  /** The last failure, for whoever asks why there is no answer. */
  #failure: Failed | undefined;
  /** What is known of the attempt that the deadline cut off. */
  #cutOff: Failed["fields"] | undefined;

  constructor(host: CallHost, parts: CallParts) {
    this.#host = host;
    this.#parts = parts;
  }

  /** @throws {RpcError}, or the reason of the signal that gave the call up */
  async run(): Promise<unknown> {
    const { method, payload, scope } = this.#parts;
    let failed = true;
    try {
      scope.throwIfEnded();
      const { codec: known } = this.#host;
      const codec = known instanceof Promise ? await known : known; // an await costs as much as all of the rest here
      const call = codec.encode(method, payload);
      for (;;) {
        const outcome = await this.#attempt(call, codec);
        if (scope.late && outcome.kind === "failed") this.#cutOff = outcome.fields;
        scope.throwIfEnded();
        if (outcome.kind === "answered") {
          failed = false;
          return outcome.value;
        }
        if (outcome.kind === "given up") throw outcome.reason;
        await this.#pause(outcome);
      }
    } catch (error) {
      throw scope.late ? this.#overdue() : error instanceof RpcError ? this.#explained(error) : error;
    } finally {
      scope.close();
      this.#host.ended(failed);
    }
  }

  /**
   * The wait before another attempt: those that never left are free, others cost budget and are only for idempotent
   * calls.
   *
   * @throws {RpcError} when it was the last
   */
  #pause(outcome: Failed): Promise<void> {
    const { clock, random } = this.#host;
    const { sent, retryAfterMs = 0 } = outcome;
    this.#failure = outcome;
    const waitMs = Math.max(retryAfterMs, backOffMs(sent ? this.#failures : this.#unsent, random));
    if (sent && !this.#mayRetry(outcome, waitMs)) throw this.#failed(outcome);
    if (sent) this.#failures++;
    else this.#unsent++;
    return waited(clock, waitMs, this.#parts.scope);
  }

  #attempt(call: EncodedCall, codec: ProtocolCodec): Promise<Outcome> {
    const { clock, service: { hedgeMs } } = this.#host;
    const { scope, idempotent } = this.#parts;
    const run = (ending: Ending, started?: () => void) => {
      this.#attempts++;
      return this.#host.place(call, { codec, scope, ending, started });
    };
    if (hedgeMs === undefined || !idempotent) return run(scope);
    const mayHedge = () => this.#host.mayRepeat("hedges");
    return hedged(run, { clock, ending: scope, afterMs: hedgeMs, mayHedge });
  }

  #mayRetry({ retryable }: Failed, waitMs: number): boolean {
    const { idempotent, scope } = this.#parts;
    return idempotent && retryable && this.#failures < (this.#host.service.attempts ?? RPC_ATTEMPTS) &&
      waitMs < scope.remainingMs && this.#host.mayRepeat("retries");
  }

  #failed({ code, message, fields, cause, retryable }: Failed): RpcError {
    return new RpcError(message, { code, fields: { ...fields, retryable }, cause });
  }

  /** Names the call in an error. */
  #explained({ message, code, fields, cause }: RpcError): RpcError {
    const { name } = this.#host;
    const { method } = this.#parts;
    const where = typeof fields.endpoint === "string" ? ` at ${fields.endpoint}` : "";
    const text = message === "" ? "" : `: ${message}`;
    return new RpcError(`call ${name} ${method}${where}: ${code}${text}`, {
      code,
      fields: { retryable: false, ...fields, service: name, method, attempts: this.#attempts },
      cause,
    });
  }

  /** What never reached an endpoint was no deadline's fault. */
  #overdue(): RpcError {
    const { scope } = this.#parts;
    const failure = this.#failure;
    const ms = Math.round(scope.deadlineMs);
    const reached = this.#cutOff !== undefined || failure?.sent === true;
    const unavailable = !reached && (failure !== undefined || this.#host.deserted);
    const before = failure === undefined ? "" : `; before that: ${failure.message}`;
    const message = `${unavailable ? "no endpoint could be reached" : "no answer"} within ${ms} ms${before}`;
    return this.#explained(
      new RpcError(message, {
        code: unavailable ? "unavailable" : "deadline_exceeded",
        fields: { ...failure?.fields, ...this.#cutOff, ms, retryable: unavailable },
        cause: failure?.cause,
      }),
    );
  }
}

/** Waits, but no longer than the call has. */
function waited(clock: Clock, ms: number, scope: Scope): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => {
      forget();
      resolve();
    });
    const forget = scope.onEnd((reason) => {
      timer.cancel();
      reject(reason);
    });
  });
}
