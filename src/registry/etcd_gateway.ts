import { type Clock, messageOf, RegistryError } from "../core/mod.ts";
import { REGISTRY_ANSWER_BYTES, REGISTRY_CALL_MS } from "../core/limits.ts";
import { readJsonLines } from "./json_stream.ts";
import { within } from "./within.ts";

/** What the gateway answers: JSON in which 64-bit numbers are texts and bytes are base64. */
// deno-lint-ignore no-explicit-any -- another program's JSON; what is read of it is checked where it is read
export type Answer = any;

/** gRPC's code for a lease that isn't there: it ran out in the middle of things, which is worth another try. */
const NOT_FOUND = 5;

/** HTTP statuses that say that etcd isn't ready, rather than that the call is wrong. */
const BUSY_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * etcd's JSON gateway (v3), over HTTP/1.1 with `fetch`. Calls go to one server of the cluster until it doesn't
 * answer, then to the next.
 */
export class EtcdGateway {
  readonly #hosts: readonly string[];
  readonly #clock: Clock;
  #at = 0;

  constructor(hosts: readonly string[], clock: Clock) {
    this.#hosts = hosts;
    this.#clock = clock;
  }

  /** Calls once. @throws {RegistryError} when there is no answer in time, or one that refuses */
  async call(path: string, body: unknown, signal: AbortSignal): Promise<Answer> {
    return await this.#attempt(signal, async () => {
      return await within({ ms: REGISTRY_CALL_MS, clock: this.#clock, signal }, async (signal) => {
        const response = await this.#post(path, body, signal);
        for await (const answer of readJsonLines(response.body!, REGISTRY_ANSWER_BYTES)) {
          // Streaming calls, of which keep-alive is one, wrap what they answer.
          if (response.ok && !answer.error) return answer.result ?? answer;
          throw refusal(path, { status: response.status, answer: answer.error ?? answer });
        }
        throw new RegistryError(`etcd ${path}: answered ${response.status} with nothing`);
      });
    });
  }

  /** Calls, and hands over what comes until the server or the signal ends it. */
  async *stream(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<Answer, void> {
    const limit = { ms: REGISTRY_CALL_MS, clock: this.#clock, signal };
    const opening = (opened: AbortSignal) => this.#post(path, body, AbortSignal.any([signal, opened]));
    const response = await this.#attempt(signal, () => within(limit, opening));
    const { status, ok } = response;
    for await (const answer of readJsonLines(response.body!, REGISTRY_ANSWER_BYTES)) {
      if (!ok || answer.error) throw refusal(path, { status, answer: answer.error ?? answer });
      yield answer.result;
    }
  }

  async #post(path: string, body: unknown, signal: AbortSignal): Promise<Response> {
    return await fetch(`http://${this.#hosts[this.#at]}/v3/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
      signal,
    });
  }

  async #attempt<Result>(signal: AbortSignal, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof RegistryError && cause.code === "REGISTRY_REFUSED") throw cause;
      const host = this.#hosts[this.#at];
      this.#at = (this.#at + 1) % this.#hosts.length;
      throw new RegistryError(`etcd ${host}: ${messageOf(cause)}`, { fields: { host }, cause });
    }
  }
}

function refusal(path: string, { status, answer }: { status: number; answer: Answer }): RegistryError {
  const grpcCode = Number(answer.code ?? answer.grpc_code ?? 0);
  const said = String(answer.message ?? answer.error ?? "no reason given");
  const busy = BUSY_STATUSES.has(status) || grpcCode === NOT_FOUND || said.includes("no leader");
  return new RegistryError(`etcd ${path}: ${said}`, {
    code: busy ? "REGISTRY_UNREACHABLE" : "REGISTRY_REFUSED",
    fields: { status, grpcCode },
  });
}
