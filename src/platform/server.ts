/**
 * The server contract: what {@link serve} takes and gives, and what each runtime's adapter has to do.
 *
 * @module
 */

/** What is served, and where. */
export interface ServeOptions {
  /** Address or name to listen on: `127.0.0.1`, `localhost`, `::1`, `0.0.0.0`. */
  readonly hostname: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Answers a request. A throw is answered with 500 and an empty body. */
  readonly fetch: (request: Request, peer: HttpPeer) => Response | Promise<Response>;
  /** How long {@link HttpServer.close} lets requests under way finish. Default 2,000. */
  readonly graceMs?: number;
  /** How long the head of a request may take to come; then its connection is cut. Default 10,000; Bun has 12 s of its own. */
  readonly headMs?: number;
}

/** Whoever sent a request. */
export interface HttpPeer {
  /** Its IP address. */
  readonly address: string;
}

/** A server that listens. */
export interface HttpServer {
  /** Without a path: `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no more requests, lets those under way finish for `graceMs`, then cuts what is left, endless streams
   * above all. Closing twice gives the same promise.
   */
  close(): Promise<void>;
}

/** A runtime's own server: listens when made. */
export interface Listener {
  readonly port: number;
  /** Takes no more requests; resolves when the last response has left. */
  settle(): Promise<void>;
  /** Cuts every connection. Called once, after {@link settle}, whether or not that has resolved. */
  cut(): Promise<void>;
}
