/**
 * One connection to an endpoint.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import type { Clock, Timer } from "../core/mod.ts";
import { RPC_CONNECT_MS } from "../core/limits.ts";
import type { Address } from "./address.ts";
import { AnswerReader } from "./answer_reader.ts";
import type { HttpAnswer } from "./http_answer.ts";

/** Why there is no answer. */
export class ConnectionFailure extends Error {
  /** False if nothing of the request can have reached the endpoint. */
  readonly sent: boolean;

  constructor(message: string, { sent, cause }: { sent: boolean; cause?: unknown }) {
    super(message, { cause });
    this.name = "ConnectionFailure";
    this.sent = sent;
  }
}

/** Who waits for the answer. */
export interface AnswerListener {
  answered(answer: HttpAnswer): void;
  failed(failure: ConnectionFailure): void;
}

/**
 * A socket that carries one exchange at a time. Sockets of `node:net` and a reader in JavaScript take about half the CPU
 * time of Deno's `fetch`. Bun's `fetch` takes less, but doesn't tell whether a request can have left, and does 256 at
 * once in a process unless the environment says otherwise.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #reader: AnswerReader;
  readonly #onGone: (connection: Connection) => void;
  readonly #timer: Timer;
  #open = false;
  #dead = false;
  #listener: AnswerListener | undefined;

  constructor(
    address: Address,
    { clock, onGone }: { clock: Clock; onGone: (connection: Connection) => void },
  ) {
    this.#onGone = onGone;
    this.#reader = new AnswerReader((answer) => this.#answered(answer));
    const { host, port, secure } = address;
    this.#socket = secure
      ? connectSecure({
        host,
        port,
        servername: isName(host) ? host : undefined,
        ALPNProtocols: ["http/1.1"],
      })
      : connectPlain({ host, port });
    this.#socket.setNoDelay(true);
    this.#timer = clock.after(RPC_CONNECT_MS, () => this.#fail(`no connection within ${RPC_CONNECT_MS} ms`));
    this.#listen(secure ? "secureConnect" : "connect");
  }

  /** Sends a request, of which `body` is the rest. Only one at a time. */
  exchange(head: string, body: string | Uint8Array, listener: AnswerListener): void {
    this.#listener = listener;
    if (this.#dead) return this.#fail("the connection is closed");
    if (typeof body === "string") {
      this.#socket.write(head + body);
    } else {
      this.#socket.cork();
      this.#socket.write(head);
      this.#socket.write(body);
      this.#socket.uncork();
    }
  }

  /** Lets go of it; whoever waits for an answer hears nothing more. */
  close(): void {
    this.#listener = undefined;
    this.#destroy();
  }

  #listen(connected: string): void {
    this.#socket.on(connected, () => {
      this.#open = true;
      this.#timer.cancel();
    });
    this.#socket.on("data", (bytes: Buffer) => this.#data(bytes));
    this.#socket.on("error", (error: Error) => this.#fail(error.message || error.name, error));
    this.#socket.on("end", () => this.#end());
    this.#socket.on("close", () => this.#fail("the endpoint closed the connection"));
  }

  #data(bytes: Buffer): void {
    if (this.#dead) return;
    if (this.#listener === undefined) return this.#destroy(); // nobody has asked
    try {
      this.#reader.read(bytes);
    } catch (error) {
      this.#fail(`the answer can't be read: ${error instanceof Error ? error.message : error}`, error);
    }
  }

  #end(): void {
    if (!this.#dead) this.#reader.end();
    this.#fail("the endpoint closed the connection");
  }

  #answered(answer: HttpAnswer): void {
    const listener = this.#listener;
    this.#listener = undefined;
    if (!answer.reusable || listener === undefined) this.#destroy(); // the second of two is nobody's
    listener?.answered(answer);
  }

  #fail(problem: string, cause?: unknown): void {
    const listener = this.#listener;
    const sent = this.#open;
    this.#listener = undefined;
    this.#destroy();
    listener?.failed(new ConnectionFailure(problem, { sent, cause }));
  }

  #destroy(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#timer.cancel();
    this.#socket.destroy();
    this.#onGone(this);
  }
}

/** TLS names servers, not numbers. */
function isName(host: string): boolean {
  return /[a-z]/i.test(host) && !host.includes(":");
}
