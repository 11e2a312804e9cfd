/**
 * The data service and the compute service as a program of its own: `service.ts --port 0 --latency 5`. It prints its
 * port when it listens. POST `/raw` and `/compute` are the services, POST `/latency` with `{ ms }` makes them slower or
 * faster while they run.
 *
 * @module
 */

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { flags } from "../measure.ts";
import { computedOf, rawDataOf } from "./business.ts";

const { port, latency } = flags({ port: 0, latency: 5 });
let latencyMs = latency;

const server = createServer(async (request, response) => {
  const asked = await bodyOf(request).then(JSON.parse).catch(() => undefined);
  if (request.url === "/latency") latencyMs = Number(asked?.ms);
  const answer = answerTo(request.url, asked);
  setTimeout(() => {
    response.writeHead(answer === undefined ? 400 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { message: "expected /raw or /compute" }));
  }, request.url === "/latency" ? 0 : latencyMs);
});
server.listen(port, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.on("end", () => process.exit(0)).resume(); // whoever started it is gone

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function answerTo(path: string | undefined, asked: unknown): unknown {
  const { id, data } = (asked ?? {}) as { id?: number; data?: number[] };
  if (path === "/latency") return { ms: latencyMs };
  if (path === "/raw" && id !== undefined) return rawDataOf(id);
  if (path === "/compute" && id !== undefined && data !== undefined) return computedOf({ id, data });
  return undefined;
}
