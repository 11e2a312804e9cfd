import type { Listener, ServeOptions } from "./server.ts";

/** The part of `Bun` that is used here, so that the types of Bun needn't be there when Deno's are. */
interface BunGlobal {
  serve(options: {
    hostname: string;
    port: number;
    idleTimeout: number;
    maxRequestBodySize: number;
    fetch: (request: Request, server: BunServer) => Response | Promise<Response>;
    error: () => Response;
  }): BunServer;
}

interface BunServer {
  readonly port: number;
  stop(closeActiveConnections: boolean): Promise<void>;
  requestIP(request: Request): { address: string } | null;
}

/** Bun's server. It cuts whoever has not sent the head of a request after 12 s, which no option changes. */
export function listenOnBun({ hostname, port, fetch }: ServeOptions): Listener {
  const { Bun } = globalThis as unknown as { Bun: BunGlobal };
  const server = Bun.serve({
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    idleTimeout: 0, // once the head is there: the default cuts silent streams and slow answers after about 12 s
    maxRequestBodySize: Number.MAX_SAFE_INTEGER, // the default ends a stream of materials at 128 MiB
    fetch: (request, server) => fetch(request, { address: server.requestIP(request)?.address ?? "" }),
    error: () => new Response(null, { status: 500 }),
  });
  return {
    port: server.port,
    settle: () => server.stop(false),
    cut: () => server.stop(true),
  };
}
