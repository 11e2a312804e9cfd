/**
 * Asks the control server of a running factory.
 *
 * @module
 */

import { messageOf, ShopfloorError } from "../core/mod.ts";
import type { Environment } from "./values.ts";
import { CONTROL_URL } from "./defaults.ts";

/** The control server can't be reached, or refuses. */
export class ClientError extends ShopfloorError {
  /** HTTP status, 0 where nothing answered. */
  readonly status: number;

  constructor(message: string, { status = 0, cause }: { status?: number; cause?: unknown } = {}) {
    super(message, { code: "CONTROL", fields: { status }, cause });
    this.status = status;
  }
}

/** Largest event of a stream, in characters: far more than an inspection of 64 workshops. */
const EVENT_UNITS = 64 * 1024 * 1024;

/** How long an answer may take to begin. */
const ANSWER_MS = 10_000;

/** How long the answer may take of a request that changes much, such as a replay of many dead letters. */
const CHANGE_MS = 600_000;

/** The endpoints of one factory. The token is taken from `SHOPFLOOR_TOKEN`, or `SHOPFLOOR_READ_TOKEN`: they only look. */
export class Client {
  readonly url: string;
  readonly #token: string | undefined;

  constructor({ url = CONTROL_URL, environment }: { url?: string; environment: Environment }) {
    this.url = url.replace(/\/+$/, "");
    this.#token = environment.SHOPFLOOR_TOKEN || environment.SHOPFLOOR_READ_TOKEN || undefined;
  }

  /** The answer of a GET. @throws {ClientError} */
  async json<T>(path: string, signal?: AbortSignal): Promise<T> {
    const response = await this.#ask(path, { accept: "application/json", signal });
    return await response.json() as T;
  }

  /** The answer of a request that changes something, which may take its time. @throws {ClientError} */
  async change<T>(path: string, { method, body }: { method: "POST" | "DELETE"; body?: unknown }): Promise<T> {
    const response = await this.#ask(path, { accept: "application/json", method, body, ms: CHANGE_MS });
    return await response.json() as T;
  }

  /** Server-Sent Events as they come, until the stream ends or `signal` aborts. @throws {ClientError} */
  async *events<T>(path: string, signal?: AbortSignal): AsyncGenerator<T, void, undefined> {
    const { body } = await this.#ask(path, { accept: "text/event-stream", signal });
    try {
      for await (const { name, data } of eventsIn(body!)) {
        if (name === "error") throw new ClientError(`${path}: ${detailOf(data)}`);
        yield JSON.parse(data) as T;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof ClientError) throw error;
      throw new ClientError(`${this.url} is gone: ${messageOf(error)}`, { cause: error });
    }
  }

  async #ask(
    path: string,
    { accept, signal, method = "GET", body, ms = ANSWER_MS }: {
      accept: string;
      signal?: AbortSignal;
      method?: string;
      body?: unknown;
      ms?: number;
    },
  ): Promise<Response> {
    const headers = {
      accept,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(this.#token && { authorization: `Bearer ${this.#token}` }),
    };
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error(`no answer within ${ms} ms`)), ms);
    let response: Response;
    try {
      const ends = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
      response = await fetch(this.url + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        redirect: "error",
        signal: ends,
      });
    } catch (cause) {
      throw new ClientError(`nothing answers at ${this.url}: is a factory running there? (shopfloor start)`, {
        cause,
      });
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return response;
    throw await this.#refusal(response);
  }

  async #refusal(response: Response): Promise<ClientError> {
    const { status } = response;
    const detail = detailOf(await response.text().catch(() => ""));
    const hint = status !== 401
      ? detail
      : this.#token
      ? "it wants another SHOPFLOOR_TOKEN"
      : "set SHOPFLOOR_TOKEN";
    return new ClientError(`${this.url} answers ${status}: ${hint}`, { status });
  }
}

/** What a problem document says. */
function detailOf(text: string): string {
  try {
    const { detail, title } = JSON.parse(text);
    return String(detail ?? title);
  } catch {
    return "that is no control server of Shopfloor";
  }
}

/** Splits a body into events; comments and fields that aren't used are left out. */
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<{ name: string; data: string }> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = blocks.pop()!;
    if (rest.length > EVENT_UNITS) throw new ClientError("the event stream sends an event without an end");
    for (const block of blocks) {
      const fields = block.split("\n").map((line) => line.split(/: ?(.*)/s));
      const data = fields.filter(([field]) => field === "data").map(([, value]) => value).join("\n");
      if (data === "") continue;
      yield { name: fields.find(([field]) => field === "event")?.[1] ?? "message", data };
    }
  }
}
