import { createServer } from "node:net";
import { abortable, messageOf, systemClock } from "../core/mod.ts";
import { GATEWAY_SERVICES } from "../core/limits.ts";
import { type Command, EXIT, type Order } from "./command.ts";
import { GATEWAY_HOST, GATEWAY_PORT } from "./defaults.ts";
import { Nginx } from "./nginx.ts";
import { nginxConfiguration } from "./nginx_configuration.ts";
import { inOptionWords, openRegistryOption } from "./open_registry_option.ts";
import { type Routes, RoutesKeeper } from "./routes_keeper.ts";
import { watchSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** `gateway`: nginx before the services of a registry. */
export const gatewayCommand: Command = {
  name: "gateway",
  summary: "runs nginx before the services of a registry, one path for each",
  options: ["registry", "services", "host", "port", "nginx", "json"],
  ownWords: {
    services: { help: "names of the services, comma-separated; needed" },
    host: { help: "address to listen on", default: GATEWAY_HOST },
    port: { help: "port to listen on; 0 picks a free one", default: String(GATEWAY_PORT) },
    registry: {
      help: "where services are registered: etcd://HOST:PORT[/PREFIX] or nats://HOST:PORT[/BUCKET]; needed",
    },
  },
  details: `\
A request for http://${GATEWAY_HOST}:${GATEWAY_PORT}/NAME/PATH goes as /PATH to an endpoint of the service NAME: to the one with the
fewest requests under way. An endpoint that can't be reached is passed over. What comes and goes in the registry is
taken over by a reload of nginx, which loses no request; while the registry can't be reached, what is known stays. A
service without endpoints is answered with 503, any other path with 404. Give dispatchers the class as the NAME.

The gateway asks for no token: let it listen on loopback (--host), or on a network that is trusted. --port 0 picks a
free port. SIGINT or SIGTERM finish what is under way and exit with 0; a second one ends the program at once.`,
  examples: [
    ["gateway --registry etcd://10.0.0.1:2379 --services cameras,scales", "two classes, on port 8080"],
    ["gateway --registry nats://10.0.0.1:4222 --services cameras --port 0", "on any free port"],
  ],
  run,
};

interface Place {
  readonly host: string;
  readonly port: number;
}

async function run({ values }: Order, terminal: Terminal): Promise<number> {
  const services = requireServices(values.services);
  const registry = openRegistryOption({ name: "gateway", registry: values.registry }, terminal);
  const signals = watchSignals();
  const ended = new AbortController();
  void signals.first.then((signal) => ended.abort(signal));
  const { signal } = ended;
  try {
    const host = values.host ?? GATEWAY_HOST;
    const place: Place = {
      host,
      port: values.port === 0 ? await freePort(host) : values.port ?? GATEWAY_PORT,
    };
    const keeper = new RoutesKeeper({ registry, services, clock: systemClock, complain: terminal.complain });
    const routes = await keeper.start(signal).catch((error) => {
      throw inOptionWords("--services", error);
    });
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${place.port}`;
    const greet = () =>
      terminal.print(
        values.json
          ? JSON.stringify({ url, services, registry: values.registry })
          : `Gateway at ${url} to ${services.map((name) => `/${name}/`).join(" ")} (Ctrl-C ends)`,
      );
    await serve(keeper, { binary: values.nginx ?? "nginx", place, routes, signal, greet, terminal });
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.complain(`shopfloor: ${signal.reason}: ended`);
  } finally {
    await registry.close();
    signals.close();
  }
  return EXIT.ok;
}

interface Serving {
  readonly binary: string;
  readonly place: Place;
  readonly routes: Routes;
  readonly signal: AbortSignal;
  /** Called when nginx listens. */
  readonly greet: () => void;
  readonly terminal: Terminal;
}

/** Runs nginx and keeps its configuration up to date; rejects when the signal aborts, or nginx fails. */
async function serve(
  keeper: RoutesKeeper,
  { binary, place, routes, signal, greet, terminal }: Serving,
): Promise<never> {
  const nginx = new Nginx({ binary, ...place });
  const configured = (services: Routes) => nginxConfiguration({ ...place, folder: nginx.folder, services });
  const apply = async (changed: Routes) => {
    try {
      await nginx.reload(configured(changed));
    } catch (error) {
      terminal.complain(`shopfloor: ${messageOf(error)}; what was there before stays`);
    }
  };
  try {
    await abortable(nginx.start(configured(routes)), signal);
    greet();
    return await Promise.race([keeper.follow(routes, { signal, apply }), nginx.failed]);
  } finally {
    await nginx.stop();
  }
}

function requireServices(services: readonly string[] | undefined): readonly string[] {
  const names = [...new Set(services)];
  if (names.length === 0) throw new UsageError("gateway needs services: --services NAME,NAME…");
  if (names.length > GATEWAY_SERVICES) {
    throw new UsageError(`option --services: at most ${GATEWAY_SERVICES}, found ${names.length}`);
  }
  return names;
}

/** nginx can't say which port it was given. */
function freePort(host: string): Promise<number> {
  const listener = createServer();
  return new Promise((resolve, reject) => {
    listener.on("error", reject).listen(0, host, () => {
      const { port } = listener.address() as { port: number };
      listener.close(() => resolve(port));
    });
  });
}
