import { REGISTRY_TTL_MS } from "../core/limits.ts";
import { type Command, EXIT, type Order } from "./command.ts";
import { inOptionWords, openRegistryOption } from "./open_registry_option.ts";
import { watchSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** `register`: lists an endpoint of a service for as long as the program runs. */
export const registerCommand: Command = {
  name: "register",
  summary: "lists an endpoint of a service in a registry until it is ended",
  operands: { name: "NAME", least: 1, most: 1 },
  options: ["url", "registry", "ttlMs", "weight", "json"],
  ownWords: {
    url: { help: "where the service answers, http://HOST:PORT; needed" },
    registry: {
      help: "where services are registered: etcd://HOST:PORT[/PREFIX] or nats://HOST:PORT[/BUCKET]; needed",
    },
  },
  details: `\
Runs beside a service that doesn't register by itself. SIGINT or SIGTERM take the endpoint from the registry at once
and exit with 0; let the service answer for some seconds longer, since callers may have requests on their way. When
the program dies, the endpoint is gone after --ttl-ms.

A registry that can't be reached is tried again and again; that is told, and ends nothing once registered.

Exit codes: 0 it was told to end; 1 the registry could not be reached for 30 seconds at first; 2 the command line is
wrong, or the registry refuses.`,
  examples: [
    ["register scales --url http://10.0.0.7:9001 --registry etcd://10.0.0.1:2379", "in etcd"],
    ["register scales --url http://10.0.0.7:9001 --registry nats://10.0.0.1:4222", "in NATS JetStream"],
  ],
  run,
};

async function run({ operands: [service], values }: Order, terminal: Terminal): Promise<number> {
  const { url, ttlMs = REGISTRY_TTL_MS, weight, json } = values;
  if (url === undefined) throw new UsageError("register needs the endpoint's URL: --url http://HOST:PORT");
  const registry = openRegistryOption({ name: "register", registry: values.registry }, terminal);
  const signals = watchSignals();
  try {
    const ended = new AbortController();
    void signals.first.then((name) => ended.abort(name));
    const registering = registry.register(service, { url, weight }, { ttlMs, signal: ended.signal });
    await registering.catch((error) => {
      if (!ended.signal.aborted) throw inOptionWords("--registry", error);
    });
    if (!ended.signal.aborted) {
      const where = { service, url, registry: values.registry, ttlMs };
      terminal.print(json ? JSON.stringify(where) : `${service} is registered at ${url} (Ctrl-C ends)`);
    }
    terminal.complain(`shopfloor: ${await signals.first}: taking ${service} from the registry`);
    return EXIT.ok;
  } finally {
    await registry.close();
    signals.close();
  }
}
