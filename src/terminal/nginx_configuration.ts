/**
 * nginx's configuration for a set of services. Whatever comes out of a registry was written by anybody: only what was
 * taken apart and put together again gets in.
 *
 * @module
 */

import { isIP } from "node:net";
import { BODY_BYTES, GATEWAY_ANSWER_MS } from "../core/limits.ts";

/** One server of an upstream: an address, never a name. */
export interface Upstream {
  readonly address: string;
  readonly port: number;
  readonly weight: number;
}

/** What a configuration is made of. */
export interface NginxSetting {
  readonly host: string;
  readonly port: number;
  /** nginx's own folder: process id, bodies that don't fit into memory. */
  readonly folder: string;
  /** Names are those that a registry takes: letters, digits, `-`, `_` and dots. */
  readonly services: ReadonlyMap<string, readonly Upstream[]>;
}

/** Below the 5 seconds after which many servers hang up on an idle connection: a request must not cross that. */
const IDLE_SECONDS = 4;

/** Idle connections that each of nginx's processes keeps to each service. */
const IDLE_CONNECTIONS = 64;

/** Servers that are tried for one request. */
const TRIES = 3;

/**
 * The whole configuration.
 *
 * Connections of clients end with each answer. nginx ends old processes by hanging up on idle connections, and a
 * client that sends a request at that moment loses it: where no connection is ever idle, a reload loses nothing.
 */
export function nginxConfiguration({ host, port, folder, services }: NginxSetting): string {
  const names = [...services.keys()];
  return `daemon off;
worker_processes 2;
worker_shutdown_timeout ${2 * GATEWAY_ANSWER_MS / 1_000}s;
pid ${quoted(`${folder}/nginx.pid`)};
error_log stderr error;
events {
  worker_connections 8192;
}
http {
  access_log off;
  server_tokens off;
  default_type text/plain;
${TEMPORARY.map((name) => `  ${name}_temp_path ${quoted(`${folder}/${name}`)};`).join("\n")}
  client_max_body_size ${BODY_BYTES};
  keepalive_timeout 0;
${names.map((name, index) => upstream(index, services.get(name)!)).join("")}
  server {
    listen ${isIP(host) === 6 ? `[${host}]` : host}:${port} backlog=4096;
${names.map((name, index) => location(name, { index, servers: services.get(name)! })).join("")}
    location / {
      return 404 "there is no such service\\n";
    }
  }
}
`;
}

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

function upstream(index: number, servers: readonly Upstream[]): string {
  if (servers.length === 0) return "";
  const lines = servers.map(({ address, port, weight }) => {
    if (isIP(address) === 0 || !inRange(port, 65_535) || !inRange(weight, 1_000)) {
      throw new RangeError(`gateway: ${JSON.stringify({ address, port, weight })} is no server's address`);
    }
    const host = isIP(address) === 6 ? `[${address}]` : address;
    return `    server ${host}:${port} weight=${weight} max_fails=1 fail_timeout=1s;\n`;
  });
  return `
  upstream service_${index} {
    zone service_${index} 1m;
    least_conn;
${lines.join("")}    keepalive ${IDLE_CONNECTIONS};
    keepalive_timeout ${IDLE_SECONDS}s;
  }
`;
}

function location(name: string, { index, servers }: { index: number; servers: readonly Upstream[] }): string {
  if (!/^[\w.-]+$/.test(name)) {
    throw new RangeError(`gateway: ${JSON.stringify(name)} can't be a service's name`);
  }
  const seconds = GATEWAY_ANSWER_MS / 1_000;
  const serve = servers.length === 0
    ? `      add_header Retry-After 1 always;
      return 503 "no endpoint of ${name} is registered\\n";
`
    : `      proxy_pass http://service_${index}/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_connect_timeout 2s;
      proxy_send_timeout ${seconds}s;
      proxy_read_timeout ${seconds}s;
      proxy_next_upstream error timeout http_502 http_503;
      proxy_next_upstream_tries ${TRIES};
`;
  return `    location /${name}/ {
${serve}    }
`;
}

function inRange(number: number, most: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= most;
}

/** A path of this machine as one word. */
function quoted(path: string): string {
  if (/["\\$\n\r;{}]/.test(path)) {
    throw new RangeError(`gateway: nginx can't have ${JSON.stringify(path)} as a path`);
  }
  return `"${path}"`;
}
