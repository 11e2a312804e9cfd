/**
 * Services to be called: real servers of `node:http`, that can be killed and come back.
 *
 * @module
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Clock, systemClock } from "../../src/core/mod.ts";
import { type CallOptions, type OpenRegistry, type Services, Switchboard } from "../../src/rpc/mod.ts";

/** A request with its body read. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers a request. */
export type Handler = (received: Received, response: ServerResponse) => void;

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status: number = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** A service of one process, on a port of its own. */
export class TestService {
  handler: Handler;
  /** Everything that was asked. */
  readonly received: Received[] = [];
  /** Connections since the start. */
  connections = 0;
  #port = 0;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(handler: Handler) {
    this.handler = handler;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts, on the same port as before if it has been started before. */
  async start(): Promise<this> {
    const server = this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => {}); // the caller has hung up
    });
    server.on("connection", (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", () => resolve()));
    this.#port = (server.address() as AddressInfo).port;
    return this;
  }

  /** Dies: every connection with it. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = await new Blob(chunks as BlobPart[]).text();
    const received = { path: request.url ?? "", headers: request.headers, body };
    this.received.push(received);
    this.handler(received, response);
  }
}

/** Services that echo what they are asked, and whatever the test makes of them. */
export async function echoes(count: number = 1): Promise<TestService[]> {
  const echo: Handler = ({ path, body }, response) => json(response, { path, ...JSON.parse(body) });
  return await Promise.all(Array.from({ length: count }, () => new TestService(echo).start()));
}

/** A switchboard with a short way to call. */
export class Desk {
  readonly board: Switchboard;

  constructor(
    services: Services,
    { clock = systemClock, concurrency = 100, openRegistry }: {
      clock?: Clock;
      concurrency?: number;
      openRegistry?: OpenRegistry;
    } = {},
  ) {
    this.board = new Switchboard(services, { clock, random: Math.random, concurrency, openRegistry });
  }

  /** Calls as a turn with ten seconds left would. */
  async call(
    service: string,
    method: string,
    payload: unknown,
    { turnMs = 10_000, ...options }: CallOptions & { turnMs?: number } = {},
    // deno-lint-ignore no-explicit-any -- what services answer
  ): Promise<any> {
    const turn = { remainingMs: turnMs };
    return await this.board.call({ service, method, payload, options, turn });
  }
}
