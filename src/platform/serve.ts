import { messageOf, OptionsError, systemClock } from "../core/mod.ts";
import { SERVER_GRACE_MS } from "../core/limits.ts";
import { listenOnBun } from "./bun_listener.ts";
import { listenOnNode } from "./node_listener.ts";
import { runtimeName } from "./runtime.ts";
import type { HttpServer, Listener, ServeOptions } from "./server.ts";

/**
 * Serves HTTP. Streams of events may stay silent for as long as they like, and request bodies may be of any size and
 * take any time: limits of these are `fetch`'s business. The head of a request has to come in time.
 *
 * @throws {OptionsError} naming `host:port` when it can't listen there: taken, not allowed, not of this machine
 */
export async function serve(options: ServeOptions): Promise<HttpServer> {
  const { hostname, graceMs = SERVER_GRACE_MS } = options;
  const listener = await listen(options);
  let closed: Promise<void> | undefined;
  return {
    url: `http://${bracketed(hostname)}:${listener.port}`,
    port: listener.port,
    close: () => closed ??= close(listener, graceMs),
  };
}

async function listen(options: ServeOptions): Promise<Listener> {
  try {
    return await (runtimeName() === "bun" ? listenOnBun(options) : listenOnNode(options));
  } catch (cause) {
    const place = `${bracketed(options.hostname)}:${options.port}`;
    const problem = problemOf(cause);
    throw new OptionsError(`listen on ${place}: ${problem}`, {
      fields: { option: "port", hostname: options.hostname, port: options.port },
      cause,
    });
  }
}

function problemOf(cause: unknown): string {
  switch ((cause as { code?: unknown }).code) {
    case "EADDRINUSE":
      return "the port is taken by another program; choose another port, or 0 for any free one";
    case "EACCES":
      return "this user may not listen on that port; choose one above 1023";
    case "EADDRNOTAVAIL":
    case "EINVAL": // what Deno makes of it
      return "the address is none of this machine's";
    default:
      return messageOf(cause);
  }
}

async function close(listener: Listener, graceMs: number): Promise<void> {
  const patience = Promise.withResolvers<void>();
  const timer = systemClock.after(graceMs, patience.resolve);
  await Promise.race([listener.settle(), patience.promise]);
  timer.cancel();
  await listener.cut();
}

function bracketed(hostname: string): string {
  return hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
}
