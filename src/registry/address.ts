import { RegistryError } from "../core/mod.ts";

/** Where a registry's servers are. */
export interface Address {
  readonly scheme: "memory" | "etcd" | "nats";
  /** `host:port`, one or several. For `memory`, its name. */
  readonly hosts: readonly string[];
  /** Behind the hosts, without slashes at its ends; empty if there is none. */
  readonly path: string;
}

const FORMS = "memory:NAME, etcd://HOST:PORT[/PREFIX] or nats://HOST:PORT[/BUCKET]";
const SERVED = /^(etcd|nats):\/\/([^/?#@]+)((?:\/[A-Za-z0-9_-]+)*)\/?$/;
const HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/;

/**
 * Reads a registry's URL. Several servers of one cluster are separated by commas.
 *
 * @throws {RegistryError} with the code `REGISTRY_REFUSED`
 */
export function parseAddress(url: string): Address {
  const memory = /^memory:([\w.-]+)$/.exec(url);
  if (memory) return { scheme: "memory", hosts: [memory[1]], path: "" };
  const [, scheme, authority, path] = SERVED.exec(url) ?? [];
  const hosts = authority?.split(",") ?? [];
  const known = (scheme === "etcd" || scheme === "nats") && hosts.every((host) => HOST.test(host));
  if (known) return { scheme, hosts, path: path.slice(1) };
  throw new RegistryError(`registry: the url must be ${FORMS}, found ${JSON.stringify(url)}`, {
    code: "REGISTRY_REFUSED",
    fields: { url },
  });
}
