import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Readable } from "node:stream";
import { HEAD_MS, HEAD_WATCH_MS, KEEP_ALIVE_MS } from "../core/limits.ts";
import type { Listener, ServeOptions } from "./server.ts";

/**
 * Node's server, for Deno: its own is twice as fast, but waits for the head of a request for ever, so that whoever
 * holds connections open holds the server. Resolves when it listens.
 */
export async function listenOnNode(
  { hostname, port, fetch, headMs = HEAD_MS }: ServeOptions,
): Promise<Listener> {
  const server = createServer({
    headersTimeout: headMs,
    requestTimeout: 0, // bodies are timed by whoever reads them, and may go on for ever
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(headMs, HEAD_WATCH_MS),
  });
  server.on("request", (incoming, outgoing) => void answer({ incoming, outgoing }, fetch));
  server.on("clientError", refuse);
  await listening(server, { hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port });
  return {
    port: (server.address() as AddressInfo).port,
    settle: () => new Promise<void>((resolve) => server.close(() => resolve())),
    cut: () => Promise.resolve(server.closeAllConnections()),
  };
}

function listening(server: Server, { hostname, port }: { hostname: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Answers what is no HTTP, or came too late. */
function refuse(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const late = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const status = late ? "408 Request Timeout" : "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

async function answer({ incoming, outgoing }: Exchange, fetch: ServeOptions["fetch"]): Promise<void> {
  incoming.on("error", () => {}); // whoever reads the body hears of it
  outgoing.on("error", () => {}); // the client has gone, which is its own affair
  const request = requestOf(incoming);
  const address = incoming.socket.remoteAddress ?? "";
  const response = request === undefined
    ? new Response(null, { status: 400 })
    : await Promise.try(() => fetch(request, { address })).catch(() => new Response(null, { status: 500 }));
  await send(response, outgoing);
  // What is left of a body that nobody wanted is not read, and nothing can follow it.
  if (!incoming.complete) incoming.destroy();
}

/** The request; undefined if it has a head that can't be one. */
function requestOf(incoming: IncomingMessage): Request | undefined {
  const { method = "GET", url = "/", rawHeaders } = incoming;
  const headers = new Headers();
  try {
    for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
    const place = url.startsWith("/") ? `http://${headers.get("host") ?? "localhost"}${url}` : url;
    const bare = method === "GET" || method === "HEAD";
    const body = bare ? null : Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
    return new Request(place, { method, headers, body, duplex: "half" } as RequestInit);
  } catch {
    return undefined;
  }
}

/** Writes a response as fast as its client reads. A body whose client has gone, or that fails, is cancelled or cut. */
async function send({ status, headers, body }: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(status, [...headers].flat());
  if (body === null) return void outgoing.end();
  const reader = body.getReader();
  const gone = Promise.withResolvers<void>();
  outgoing.once("close", () => {
    gone.resolve();
    reader.cancel().catch(() => {});
  });
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (!outgoing.write(read.value)) await Promise.race([drained(outgoing), gone.promise]);
    }
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => outgoing.once("drain", () => resolve()));
}
