/**
 * Endpoints of a registry → addresses that a gateway can send to.
 *
 * @module
 */

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { deadline } from "@std/async";
import { messageOf } from "../core/mod.ts";
import { REGISTRY_CALL_MS } from "../core/limits.ts";
import type { Endpoint } from "../registry/mod.ts";
import type { Upstream } from "./nginx_configuration.ts";

/** What became of a service's endpoints. */
export interface Upstreams {
  readonly servers: readonly Upstream[];
  /** One sentence for each endpoint that a gateway can't send to. */
  readonly refused: readonly string[];
}

/**
 * Finds the addresses of endpoints. Names are looked up here: nginx would refuse a whole configuration for one that
 * isn't known.
 */
export async function upstreamsOf(endpoints: readonly Endpoint[]): Promise<Upstreams> {
  const servers = new Map<string, Upstream>();
  const refused: string[] = [];
  await Promise.all(endpoints.map(async (endpoint) => {
    try {
      const server = await upstreamOf(endpoint);
      servers.set(`${server.address} ${server.port}`, server);
    } catch (error) {
      refused.push(`${endpoint.url}: ${messageOf(error)}`);
    }
  }));
  const inOrder = [...servers].sort(([a], [b]) => a < b ? -1 : 1).map(([, server]) => server);
  return { servers: inOrder, refused: refused.sort() };
}

async function upstreamOf({ url, weight = 1 }: Endpoint): Promise<Upstream> {
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== "http:") throw new RangeError(`the gateway sends to http:// only`);
  if (pathname !== "/") throw new RangeError(`the gateway sends to the root of a server only`);
  return { address: await addressOf(hostname.replace(/^\[(.*)\]$/, "$1")), port: Number(port || 80), weight };
}

async function addressOf(hostname: string): Promise<string> {
  if (isIP(hostname) !== 0) return hostname;
  const { address } = await deadline(lookup(hostname), REGISTRY_CALL_MS);
  return address;
}
