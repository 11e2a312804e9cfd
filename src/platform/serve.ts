import { messageOf, OptionsError, systemClock } from "../core/mod.ts";
import { SERVER_GRACE_MS } from "../core/limits.ts";
import { listenOnBun } from "./bun_listener.ts";
import { listenOnDeno } from "./deno_listener.ts";
import { runtimeName } from "./runtime.ts";
import type { HttpServer, Listener, ServeOptions } from "./server.ts";

/**
 * Serves HTTP. Streams of events may stay silent for as long as they like, and request bodies may be of any size:
 * limits are `fetch`'s business.
 *
 * @throws {OptionsError} naming `host:port` when it can't listen there: taken, not allowed, not of this machine
 */
export function serve(options: ServeOptions): HttpServer {
  const { hostname, graceMs = SERVER_GRACE_MS } = options;
  const listener = listen(options);
  let closed: Promise<void> | undefined;
  return {
    url: `http://${bracketed(hostname)}:${listener.port}`,
    port: listener.port,
    close: () => closed ??= close(listener, graceMs),
  };
}

function listen(options: ServeOptions): Listener {
  try {
    return runtimeName() === "bun" ? listenOnBun(options) : listenOnDeno(options);
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
