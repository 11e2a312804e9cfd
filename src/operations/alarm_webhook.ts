/**
 * Tells a web server of alarms.
 *
 * @module
 */

import { type Clock, messageOf, OptionsError, sleep } from "../core/mod.ts";
import { WEBHOOK_ATTEMPTS, WEBHOOK_MS, WEBHOOK_QUEUE, WEBHOOK_WAIT_MS } from "../core/limits.ts";
import type { AlarmChange } from "./journal.ts";
import type { LogEvent } from "./log.ts";

/** What a webhook is made with. */
export interface AlarmWebhookOptions {
  /** `http:` or `https:`. It may hold a secret: nothing but its origin is ever told. */
  readonly url: string;
  /** The blueprint's name, for whoever gets the calls of many factories. */
  readonly factory: string;
  readonly clock: Clock;
  /** Told of what could not be delivered. */
  readonly tell: (event: LogEvent) => void;
  /** Default: the runtime's. */
  readonly fetch?: typeof fetch;
}

/** The answer says that another attempt would be of no use. */
class Refused extends Error {}

/**
 * POSTs each change of an alarm as `{ factory, change, alarm }`, one after the other in their order. An attempt has
 * a deadline, a call has a few attempts, and of calls that wait only the latest are kept.
 */
export class AlarmWebhook {
  readonly #options: AlarmWebhookOptions;
  readonly #closing = new AbortController();
  readonly #queue: AlarmChange[] = [];
  #working: Promise<void> | undefined;

  /** @throws {OptionsError} when the URL is none, or of another scheme */
  constructor(options: AlarmWebhookOptions) {
    this.#options = options;
    if (!/^https?:$/.test(URL.parse(options.url)?.protocol ?? "")) {
      throw new OptionsError("option alarmWebhook: expected a URL that begins with http:// or https://", {
        fields: { option: "alarmWebhook" },
      });
    }
  }

  /** Calls as soon as the calls before have been made. */
  send(change: AlarmChange): void {
    this.#queue.push(change);
    if (this.#queue.length > WEBHOOK_QUEUE) this.#lost(this.#queue.shift()!, "too many wait");
    this.#start();
  }

  /** Resolves when every call has been made or given up, after one attempt's time at most. */
  async close(): Promise<void> {
    if (this.#working === undefined) return;
    const timer = this.#options.clock.after(WEBHOOK_MS, () => this.#closing.abort(new Error("closing")));
    await this.#working;
    timer.cancel();
  }

  #start(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      if (this.#queue.length > 0) this.#start(); // it came when the last had just been made
    });
  }

  async #work(): Promise<void> {
    for (let change = this.#queue.shift(); change !== undefined; change = this.#queue.shift()) {
      try {
        await this.#insist(change);
      } catch (error) {
        this.#lost(change, messageOf(error));
      }
    }
  }

  async #insist(change: AlarmChange): Promise<void> {
    for (let attempt = 1;; attempt++) {
      try {
        this.#closing.signal.throwIfAborted();
        return await this.#attempt(change);
      } catch (error) {
        if (error instanceof Refused || attempt === WEBHOOK_ATTEMPTS || this.#closing.signal.aborted) {
          throw error;
        }
        await sleep(this.#options.clock, WEBHOOK_WAIT_MS * 2 ** (attempt - 1), this.#closing.signal);
      }
    }
  }

  async #attempt(change: AlarmChange): Promise<void> {
    const { url, factory, clock, fetch: call = fetch } = this.#options;
    const deadline = new AbortController();
    const timer = clock.after(
      WEBHOOK_MS,
      () => deadline.abort(new Error(`no answer within ${WEBHOOK_MS} ms`)),
    );
    try {
      const response = await call(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ factory, ...change }),
        redirect: "error",
        signal: AbortSignal.any([deadline.signal, this.#closing.signal]),
      });
      await response.body?.cancel();
      if (response.ok) return;
      const { status } = response;
      const Failure = status >= 500 || status === 429 || status === 408 ? Error : Refused;
      throw new Failure(`it answered ${status}`);
    } finally {
      timer.cancel();
    }
  }

  #lost({ change, alarm: { kind, subject } }: AlarmChange, reason: string): void {
    const { origin } = new URL(this.#options.url);
    // Errors of fetch quote the whole URL.
    const message = `${origin} was not told of an alarm: ${reason.replaceAll(this.#options.url, origin)}`;
    this.#options.tell({
      level: "warn",
      event: "webhook-failed",
      message,
      fields: { origin, change, kind, subject },
    });
  }
}
