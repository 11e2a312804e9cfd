import type { Buffer } from "node:buffer";

/** An answer of an HTTP server, complete. */
export interface HttpAnswer {
  readonly status: number;
  /** By name in lower case; of several with one name the last. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Whether the connection may carry another call. */
  readonly reusable: boolean;
}
