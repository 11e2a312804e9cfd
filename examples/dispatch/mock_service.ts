/**
 * A service of the example, data and compute in one: settable latency, errors and capacity.
 *
 * @module
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How well a service is. */
export interface Health {
  /** How long an answer takes. Default 5. */
  readonly latencyMs?: number;
  /** Share of the calls that go wrong: 500, garbage, 429, or no answer at all, in turn. Default 0. */
  readonly errorRate?: number;
  /** Calls at a time; those beyond it are answered by 429. Default 256. */
  readonly capacity?: number;
}

/** A service that listens. */
export interface MockService {
  readonly url: string;
  /** Stops listening, and drops whatever is under way. */
  close(): Promise<void>;
}

/** Starts one, on a free port of the loopback. */
export async function startService(health: Health = {}): Promise<MockService> {
  const { latencyMs = 5, errorRate = 0, capacity = 256 } = health;
  let [busy, calls, faults] = [0, 0, 0];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request).catch(() => undefined);
    if (body === undefined) return; // the caller has gone
    if (busy >= capacity) return answer(response, 429, { message: "at capacity" });
    const faulty = Math.floor(++calls * errorRate) > Math.floor((calls - 1) * errorRate);
    busy++;
    response.once("close", () => busy--); // one that hangs keeps its place until the caller gives it up
    setTimeout(() => {
      if (!faulty) return answer(response, 200, answerTo(request.url ?? "", body));
      const fault = faults++ % 4;
      if (fault === 0) answer(response, 500, { message: "mock failure" });
      if (fault === 1) response.writeHead(200).end("<garbage");
      if (fault === 2) answer(response, 429, { message: "mock overload" });
    }, latencyMs);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function answerTo(path: string, body: string): unknown {
  const { id, values } = JSON.parse(body);
  if (path === "/raw") return { id, values: Array.from({ length: 8 }, (_, at) => id.length + at) };
  return { score: values.reduce((sum: number, value: number) => sum + value, 0) };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
