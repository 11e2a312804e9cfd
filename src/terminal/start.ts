import { join } from "node:path";
import { loadBlueprint } from "../blueprint/mod.ts";
import { messageOf } from "../core/mod.ts";
import { openControl } from "../control/mod.ts";
import { type Factory, openFactory } from "../headquarters/mod.ts";
import type { LogEvent } from "../operations/mod.ts";
import { attend, type Attendance, ATTENDANCE_OPTIONS } from "./attendance.ts";
import { blueprintUrl, requireInput } from "./blueprint_url.ts";
import { type Command, EXIT, type Order } from "./command.ts";
import { CONTROL_HOST, CONTROL_PORT } from "./defaults.ts";
import { DEMO_DATA, demoUrl, demoValues, demoWords } from "./demo.ts";
import { drainNotice, drainOnce } from "./ending.ts";
import { type Findings, inspectBlueprint } from "./inspect_blueprint.ts";
import { FACTORY_OPTIONS } from "./options.ts";
import { ownOutput } from "./own_output.ts";
import { type SignalWatch, watchSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { factoryOptions, type Values } from "./values.ts";

/** `start`: a factory and its control server, until a signal. */
export const startCommand: Command = {
  name: "start",
  summary: "opens a factory and its control server; without a blueprint, the demo fleet",
  operands: { name: "BLUEPRINT", least: 0, most: 1 },
  options: [...FACTORY_OPTIONS, ...ATTENDANCE_OPTIONS, "host", "port", "corsOrigins", "json"],
  details: `\
Runs until SIGINT or SIGTERM, which finish what was bought, deliver, commit and exit with 0; a second signal ends
the program at once. When the source ends, it goes on serving.

The demo fleet is ${demoWords(demoValues({}))}, into ${DEMO_DATA};
--data, --rate-per-second and --settings sensors=N change that.`,
  examples: [
    ["start", "runs the demo fleet, with its dashboard on port 8787"],
    ["start thermometers.ts --data ./data", "serves a blueprint"],
    ["start thermometers.ts --port 0 --workshops 3", "three workshops, any free port"],
    ["start --rate-per-second none --settings sensors=20000", "the demo, larger and as fast as it goes"],
  ],
  run,
};

async function run({ operands: [blueprint], values: given }: Order, terminal: Terminal): Promise<number> {
  const demo = blueprint === undefined;
  const url = demo ? demoUrl() : blueprintUrl(blueprint, terminal.workingDirectory);
  const values = demo ? demoValues(given) : given;
  requireInput(values.input, terminal.workingDirectory);
  const findings = inspectBlueprint(await loadBlueprint(url), values.settings ?? {});
  const signals = watchSignals();
  try {
    await using factory = await openFactory(url, factoryOptions(values));
    await using attendance = attend(factory, { values, terminal });
    await serve(factory, { values, demo, findings, signals, terminal, attendance });
    return EXIT.ok;
  } finally {
    signals.close();
  }
}

interface Service {
  readonly values: Values;
  readonly demo: boolean;
  readonly findings: Findings;
  readonly signals: SignalWatch;
  readonly terminal: Terminal;
  readonly attendance: Attendance;
}

/** Serves the factory until a signal, and drains it; rejects when it fails. The server answers to the very end. */
async function serve(factory: Factory, service: Service): Promise<void> {
  const { values, findings, signals, terminal, attendance } = service;
  const control = await openControl(factory, {
    host: values.host ?? CONTROL_HOST,
    port: values.port ?? CONTROL_PORT,
    token: terminal.environment.SHOPFLOOR_TOKEN || undefined,
    readToken: terminal.environment.SHOPFLOOR_READ_TOKEN || undefined,
    corsOrigins: values.corsOrigins,
    traces: values.traces,
    onError: (error, request, details) => attendance.tell(requestFailure(error, { request, ...details })),
  });
  try {
    ownOutput(findings, terminal)(greeting(control.url, service));
    const fields = { name: factory.name, products: factory.products, url: control.url };
    attendance.tell({ level: "info", event: "open", message: `${factory.name} is open`, fields });
    const signal = await Promise.race([signals.first, failureOf(factory, service)]);
    terminal.complain(drainNotice(signal));
    attendance.tell({ level: "info", event: "draining", message: `${signal}: draining`, fields: { signal } });
    await drainOnce(factory);
    attendance.tell({ level: "info", event: "drained", message: "everything is committed" });
  } finally {
    await control.close();
  }
}

/** An error that nobody foresaw. The query stays out of the log: it may hold what is nobody's business. */
function requestFailure(
  error: unknown,
  { request: { method, url }, requestId }: { request: Request; requestId: string },
): LogEvent {
  const { pathname: path } = new URL(url);
  const stack = error instanceof Error ? error.stack : undefined;
  const message = `${method} ${path} failed: ${messageOf(error)}`;
  return { level: "error", event: "request-failed", message, fields: { requestId, method, path, stack } };
}

/** Rejects when the factory fails. That it has finished is only told: whoever serves goes on serving. */
function failureOf(factory: Factory, { signals, terminal, attendance }: Service): Promise<never> {
  let ending = false;
  signals.first.then(() => ending = true);
  return factory.finished.then(() => {
    if (!ending) {
      attendance.tell({
        level: "info",
        event: "finished",
        message: "the source has ended, everything is committed",
      });
      terminal.complain("shopfloor: finished: everything is committed; still serving (Ctrl-C ends)");
    }
    return new Promise<never>(() => {});
  });
}

/** One line, or with `--json` one object: where it is and what it runs. */
function greeting(url: string, { values, demo, findings: { name } }: Service): string {
  const { data, json } = values;
  if (json) return JSON.stringify({ name, url, data: data ?? null });
  const what = demo ? `the demo ${name}: ${demoWords(values)}` : name;
  const where = data === undefined ? "" : `, into ${join(data, "shopfloor.db")}`;
  return `Shopfloor at ${url} runs ${what}${where} (Ctrl-C ends)`;
}
