import { OptionsError } from "../core/mod.ts";
import type { Factory } from "../headquarters/mod.ts";
import { type HttpServer, serve } from "../platform/mod.ts";
import { createControl } from "./control.ts";
import { isLoopback } from "./loopback.ts";
import type { ControlOptions } from "./options.ts";

/** Options of {@link openControl}. */
export interface OpenControlOptions extends ControlOptions {
  /** Default `127.0.0.1`. Any other than this machine's own needs a token. */
  readonly host?: string;
  /** 0 takes any free port. Default 8787. */
  readonly port?: number;
}

/** A control server that listens. */
export interface ControlServer {
  /** Without a path: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Ends event streams, lets requests under way finish for a moment, and stops listening. The factory stays open. */
  close(): Promise<void>;
}

/**
 * Serves a factory's control endpoints.
 *
 * @throws {OptionsError} when an option is wrong, the port is taken, or others could reach it without a token
 */
export function openControl(factory: Factory, options: OpenControlOptions = {}): Promise<ControlServer> {
  return Promise.try(() => open(factory, options));
}

async function open(factory: Factory, options: OpenControlOptions): Promise<ControlServer> {
  const { host = "127.0.0.1", port = 8_787, ...controlOptions } = options;
  if (options.token === undefined && !isLoopback(host)) {
    throw new OptionsError(
      `option host: ${host} can be reached by others, which needs a token: set SHOPFLOOR_TOKEN (the library: token), or listen on 127.0.0.1`,
      { fields: { option: "host", host } },
    );
  }
  const control = createControl(factory, controlOptions);
  const server: HttpServer = await serve({ hostname: host, port, fetch: control.fetch });
  return {
    url: server.url,
    close() {
      control.close();
      return server.close();
    },
  };
}
