import type { Context, MiddlewareHandler } from "hono";
import { isLoopback } from "./loopback.ts";
import { Problem } from "./problem.ts";

/** Whom the guard lets through. */
export interface BrowserGuardOptions {
  /** Check the `Host` header: for a server without a token. */
  readonly checkHost: boolean;
  /** Names answered besides this machine's own, in lower case. */
  readonly hosts: readonly string[];
  /** Other origins whose pages may change things. */
  readonly origins: readonly string[];
}

const HARMLESS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Keeps web pages from driving a factory on the visitor's machine. Pages can send requests to loopback, and a page
 * whose own name is made to resolve there (DNS rebinding) can read the answers too: the first is told by `Origin`
 * and `Sec-Fetch-Site`, the second by `Host`.
 */
export function guardAgainstPages({ checkHost, hosts, origins }: BrowserGuardOptions): MiddlewareHandler {
  return async (c, next) => {
    const host = hostOf(c);
    if (checkHost && !isLoopback(host.hostname) && !hosts.includes(host.hostname)) {
      throw new Problem(403, "HOST_REFUSED", `this server doesn't answer to the name ${host.hostname}`);
    }
    if (!HARMLESS.has(c.req.method) && isForeign(c, { host: host.host, origins })) {
      throw new Problem(403, "ORIGIN_REFUSED", "pages of other origins may not change anything here");
    }
    await next();
  };
}

/** What the client called this server; a request that never was on a wire has only its URL. */
function hostOf(c: Context): URL {
  const url = new URL(c.req.url);
  const sent = c.req.header("host");
  if (sent === undefined) return url;
  const named = `${url.protocol}//${sent}`;
  if (!URL.canParse(named)) throw new Problem(400, "HOST_INVALID", "the Host header is no host");
  return new URL(named);
}

function isForeign(c: Context, { host, origins }: { host: string; origins: readonly string[] }): boolean {
  const origin = c.req.header("origin");
  if (origin === undefined) return c.req.header("sec-fetch-site") === "cross-site";
  if (origins.includes(origin)) return false;
  // Behind a proxy that ends TLS the scheme differs: the host decides.
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
