import type { Listener, ServeOptions } from "./server.ts";

/** The part of `Deno` that is used here, so that the types of Deno needn't be there when Bun's are. */
interface DenoGlobal {
  serve(
    options: {
      hostname: string;
      port: number;
      signal: AbortSignal;
      onListen: () => void;
      onError: () => Response;
    },
    handler: (request: Request, info: { completed: Promise<void> }) => Promise<Response>,
  ): { addr: { port: number }; finished: Promise<void> };
}

/**
 * Deno's server. `shutdown()` would wait for open streams for ever and can't be followed by an abort, which cuts
 * them: so requests under way are counted here.
 */
export function listenOnDeno({ hostname, port, fetch }: ServeOptions): Listener {
  const { Deno } = globalThis as unknown as { Deno: DenoGlobal };
  const abort = new AbortController();
  const settled = Promise.withResolvers<void>();
  let settling = false;
  let underWay = 0;
  const leave = () => {
    if (--underWay === 0 && settling) settled.resolve();
  };
  const server = Deno.serve({
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    signal: abort.signal,
    onListen: () => {},
    onError: () => new Response(null, { status: 500 }),
  }, async (request, { completed }) => {
    if (settling) return new Response(null, { status: 503, headers: { connection: "close" } });
    underWay++;
    completed.then(leave, leave);
    return await fetch(request);
  });
  return {
    port: server.addr.port,
    settle() {
      settling = true;
      if (underWay === 0) settled.resolve();
      return settled.promise;
    },
    async cut() {
      abort.abort();
      await server.finished;
    },
  };
}
