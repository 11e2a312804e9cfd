/**
 * Whoever attends a running factory: keeps its log, passes its alarms on, and writes down how it failed.
 *
 * @module
 */

import { join } from "node:path";
import { ClosedError, messageOf, systemClock, toWire } from "../core/mod.ts";
import { type Factory, VERSION } from "../headquarters/mod.ts";
import {
  alarmChanges,
  AlarmWebhook,
  FlightRecorder,
  type Inspection,
  Journal,
  Log,
  type LogEvent,
} from "../operations/mod.ts";
import { runtimeVersion } from "../platform/mod.ts";
import type { OptionKey } from "./options.ts";
import type { Terminal } from "./terminal.ts";
import type { Values } from "./values.ts";

/** The options that it takes. */
export const ATTENDANCE_OPTIONS: readonly OptionKey[] = ["alarmWebhook", "logLevel", "logFormat"];

/** Where a flight record goes without a data directory. */
const RECORD_DIRECTORY = "out";

/** The attendance of one factory; disposing of it makes the calls of the webhook and writes what is to be written. */
export interface Attendance extends AsyncDisposable {
  /** Tells an event of the command's own. */
  tell(event: LogEvent): void;
}

/**
 * Attends a factory until it is disposed of. If the factory fails by then, its flight record is written.
 *
 * @throws {OptionsError} when the webhook's URL is none
 */
export function attend(
  factory: Pick<Factory, "name" | "finished" | "inspections">,
  { values, terminal }: { values: Values; terminal: Terminal },
): Attendance {
  const log = openLog(values, terminal);
  const recorder = new FlightRecorder(
    { name: factory.name, version: VERSION, runtime: runtimeVersion() },
    systemClock,
  );
  const tell = (event: LogEvent) => {
    recorder.tell(event);
    log.tell(event);
  };
  const webhook = values.alarmWebhook === undefined
    ? undefined
    : new AlarmWebhook({ url: values.alarmWebhook, factory: factory.name, clock: systemClock, tell });
  // A factory that fails says so through `finished`; its last inspection is no second place to hear of it.
  follow(factory, { recorder, tell, webhook }).catch(() => {});
  let failing: Promise<void> | undefined;
  factory.finished.catch((error) => {
    if (!(error instanceof ClosedError)) failing = recordFailure(error, { recorder, tell, values, terminal });
  });
  return {
    tell,
    async [Symbol.asyncDispose]() {
      await Promise.all([webhook?.close(), failing]);
    },
  };
}

function openLog({ logLevel = "warn", logFormat }: Values, terminal: Terminal): Log {
  return new Log({
    clock: systemClock,
    level: logLevel,
    format: logFormat ?? (terminal.status ? "pretty" : "json"),
    colour: terminal.colour.errors,
    write(line) {
      const { status } = terminal;
      status?.write(`\r${" ".repeat(status.columns - 1)}\r`); // there may be a progress line
      terminal.complain(line);
    },
  });
}

interface Followers {
  readonly recorder: FlightRecorder;
  readonly tell: (event: LogEvent) => void;
  readonly webhook: AlarmWebhook | undefined;
}

async function follow(
  factory: Pick<Factory, "inspections">,
  { recorder, tell, webhook }: Followers,
): Promise<void> {
  const journal = new Journal();
  let alarms: Inspection["alarms"] = [];
  for await (const inspection of factory.inspections()) {
    recorder.inspect(inspection);
    journal.read(inspection).forEach(tell);
    alarmChanges(alarms, inspection.alarms).forEach((change) => webhook?.send(change));
    alarms = inspection.alarms;
  }
}

interface Failing {
  readonly recorder: FlightRecorder;
  readonly tell: (event: LogEvent) => void;
  readonly values: Values;
  readonly terminal: Terminal;
}

/** Writes the flight record, and says where it is. Never rejects. */
async function recordFailure(error: unknown, { recorder, tell, values, terminal }: Failing): Promise<void> {
  const { data, logLevel, logFormat } = values;
  const directory = data ?? join(terminal.workingDirectory, RECORD_DIRECTORY);
  const flightRecord = await recorder.write(directory, toWire(error)).catch((cause) =>
    `none: ${messageOf(cause)}`
  );
  // Whoever has asked for no log is told of the failure by the command itself: once is enough.
  if (logLevel !== undefined || logFormat !== undefined) {
    tell({ level: "error", event: "failed", message: messageOf(error), fields: { flightRecord } });
  } else if (terminal.status) {
    terminal.complain(`shopfloor: flight record of the last minutes: ${flightRecord}`);
  }
}
