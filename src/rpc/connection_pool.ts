/**
 * The connections to one endpoint.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Clock, Timer } from "../core/mod.ts";
import { RPC_IDLE_MS } from "../core/limits.ts";
import type { Address } from "./address.ts";
import type { HttpAnswer } from "./http_answer.ts";
import { type AnswerListener, Connection } from "./connection.ts";
import type { EncodedCall } from "./protocol.ts";

interface Idle {
  readonly connection: Connection;
  /** When it is too old, `clock.monotonic()`. */
  readonly until: number;
}

/** A call to be posted. */
export interface PostOptions {
  readonly call: EncodedCall;
  /** Beside the call's own, the same for all calls of a service: names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** One more header, of this attempt alone: `name: value`. Default: none. */
  readonly headerLine?: string;
}

/** Header lines that many calls in a row have in common. */
interface CommonLines {
  readonly own: EncodedCall["headers"];
  readonly others: PostOptions["headers"];
  readonly text: string;
}

/**
 * Keeps connections alive between calls, the last used first, so that those too many grow old and are closed. How many
 * there are is up to whoever limits the calls: each has one of its own.
 */
export class ConnectionPool {
  readonly #address: Address;
  readonly #clock: Clock;
  readonly #idle: Idle[] = [];
  readonly #all = new Set<Connection>();
  #sweeper: Timer | undefined;
  #common: CommonLines | undefined;
  #closed = false;

  constructor(address: Address, clock: Clock) {
    this.#address = address;
    this.#clock = clock;
  }

  /** Connections, those in use too. */
  get size(): number {
    return this.#all.size;
  }

  /** Posts a call. @returns gives it up: the listener then hears nothing more */
  post(options: PostOptions, listener: AnswerListener): () => void {
    const connection = this.#take();
    connection.exchange(this.#head(options), options.call.body, {
      answered: (answer) => {
        this.#put(connection, answer);
        listener.answered(answer);
      },
      failed: (failure) => listener.failed(failure),
    });
    return () => connection.close();
  }

  /** Closes every connection, those in use too. */
  close(): void {
    this.#closed = true;
    this.#sweeper?.cancel();
    for (const connection of this.#all) connection.close();
  }

  #take(): Connection {
    const now = this.#clock.monotonic();
    for (let idle; (idle = this.#idle.pop());) {
      if (idle.until > now && this.#all.has(idle.connection)) return idle.connection;
      idle.connection.close();
    }
    const connection = new Connection(this.#address, {
      clock: this.#clock,
      onGone: (gone) => void this.#all.delete(gone),
    });
    this.#all.add(connection);
    return connection;
  }

  #put(connection: Connection, answer: HttpAnswer): void {
    if (!answer.reusable) return;
    if (this.#closed) return connection.close();
    this.#idle.push({ connection, until: this.#clock.monotonic() + idleMs(answer) });
    this.#sweeper ??= this.#clock.after(RPC_IDLE_MS, () => this.#sweep());
  }

  /** Closes what has grown old; the oldest come first. */
  #sweep(): void {
    this.#sweeper = undefined;
    const now = this.#clock.monotonic();
    const kept = this.#idle.findIndex(({ until }) => until > now);
    for (const { connection } of this.#idle.splice(0, kept < 0 ? this.#idle.length : kept)) {
      connection.close();
    }
    if (this.#idle.length > 0) this.#sweeper = this.#clock.after(RPC_IDLE_MS, () => this.#sweep());
  }

  #head({ call: { path, headers: own, body }, headers, headerLine }: PostOptions): string {
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    const line = headerLine === undefined ? "" : `${headerLine}\r\n`;
    return `POST ${this.#address.basePath}${path} HTTP/1.1\r\n${
      this.#commonLines(own, headers)
    }${line}content-length: ${length}\r\n\r\n`;
  }

  /** The lines that are the same from call to call: written once, as protocols and services keep their objects. */
  #commonLines(own: CommonLines["own"], others: CommonLines["others"]): string {
    if (this.#common?.own !== own || this.#common.others !== others) {
      const lines = Object.entries({ host: this.#address.authority, ...own, ...others });
      this.#common = { own, others, text: lines.map(([name, value]) => `${name}: ${value}\r\n`).join("") };
    }
    return this.#common.text;
  }
}

/** Of what the server says it waits, a fifth is left for the way of the next call. */
function idleMs({ headers }: HttpAnswer): number {
  const [, seconds] = /\btimeout=(\d{1,6})\b/.exec(headers.get("keep-alive") ?? "") ?? [];
  return seconds === undefined ? RPC_IDLE_MS : Math.min(RPC_IDLE_MS, Number(seconds) * 800);
}
