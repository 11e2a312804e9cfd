/**
 * Every option of the command line, once: this table drives parsing, the environment variables and the help.
 *
 * The key is the library's name of the option; `ratePerSecond` is `--rate-per-second` and
 * `SHOPFLOOR_RATE_PER_SECOND`.
 *
 * @module
 */

import {
  ALARM_LATENCY_MS,
  BATCH_BYTES,
  EPOCH_MS,
  LINE_BATCHES,
  LINGER_MS,
  MAX_WORKSHOPS,
  REGISTRY_TTL_MS,
  SILENT_MS,
} from "../core/limits.ts";
import type { FactoryOptions } from "../headquarters/mod.ts";
import { LOG_LEVELS } from "../operations/mod.ts";
import { CONTROL_HOST, CONTROL_PORT, CONTROL_URL } from "./defaults.ts";
import {
  readChoice,
  readFlag,
  readIds,
  readList,
  readNumber,
  readNumberOr,
  readText,
  readUrl,
} from "./readers.ts";
import { readSettings } from "./settings.ts";

/** An option by its name in the library. */
export type OptionKey =
  | "workshops"
  | "data"
  | "durability"
  | "epochMs"
  | "ratePerSecond"
  | "lingerMs"
  | "lineBatches"
  | "batchBytes"
  | "input"
  | "settings"
  | "host"
  | "port"
  | "corsOrigins"
  | "url"
  | "key"
  | "ids"
  | "alarmLatencyMs"
  | "minWorkshops"
  | "maxWorkshops"
  | "heartbeatMs"
  | "alarmWebhook"
  | "logLevel"
  | "logFormat"
  | "traces"
  | "registry"
  | "services"
  | "ttlMs"
  | "weight"
  | "nginx"
  | "json"
  | "verbose"
  | "help"
  | "version";

/** What is known of one option. */
export interface OptionSpec {
  /** What stands for its value in the help; absent when it takes none. */
  readonly value?: string;
  /** One letter, for `-h`. */
  readonly short?: string;
  /** One line for the help. */
  readonly help: string;
  /** In the help; absent when there is none. */
  readonly default?: string;
  /** Values of several occurrences are merged; otherwise the last one counts. */
  readonly merged?: boolean;
  /** What the value may be, where that is a short list. */
  readonly choices?: readonly string[];
  /** False when there is no environment variable for it. */
  readonly environment?: false;
  /** Makes a value of the text. Throws a RangeError that says what is expected. */
  readonly read: (text: string) => unknown;
}

/** The table. */
export const OPTIONS: Readonly<Record<OptionKey, OptionSpec>> = {
  workshops: {
    value: "N|auto",
    help: `workshops (Web Workers), 1 to ${MAX_WORKSHOPS}; auto is two fewer than cores`,
    default: "auto",
    read: readNumberOr("auto", "auto"),
  },
  data: { value: "DIR", help: "directory of the embedded store, made if missing", read: readText },
  durability: {
    value: "MODE",
    help: "exactly-once or none",
    choices: ["exactly-once", "none"],
    default: "exactly-once with --data, else none",
    read: readText,
  },
  epochMs: { value: "MS", help: "length of an epoch", default: String(EPOCH_MS), read: readNumber },
  ratePerSecond: {
    value: "N|none",
    help: "pace of the buyer in items per second",
    default: "none",
    read: readNumberOr("none", null),
  },
  lingerMs: {
    value: "MS",
    help: "longest time an item waits for its batch to fill",
    default: String(LINGER_MS),
    read: readNumber,
  },
  lineBatches: {
    value: "N",
    help: "batches in flight on each line",
    default: String(LINE_BATCHES),
    read: readNumber,
  },
  batchBytes: {
    value: "BYTES",
    help: "bytes that a batch aims for",
    default: String(BATCH_BYTES),
    read: readNumber,
  },
  input: {
    value: "FILE|-",
    help: "input of a source that names none; - is standard input",
    default: "-",
    read: readText,
  },
  settings: {
    value: "KEY=VALUE",
    help: "a setting for the blueprint, or all as a JSON object; repeatable",
    merged: true,
    read: readSettings,
  },
  host: {
    value: "HOST",
    help: "address to listen on; other than loopback needs SHOPFLOOR_TOKEN",
    default: CONTROL_HOST,
    read: readText,
  },
  port: {
    value: "PORT",
    help: "port of the control server; 0 picks a free one",
    default: String(CONTROL_PORT),
    read: readNumber,
  },
  corsOrigins: { value: "LIST", help: "web origins whose pages may call, comma-separated", read: readList },
  url: {
    value: "URL",
    help: "where the factory's control server is",
    default: CONTROL_URL,
    read: readUrl,
  },
  ids: {
    value: "LIST",
    help: "ids of dead letters, comma-separated",
    default: "all",
    environment: false,
    read: readIds,
  },
  key: { value: "KEY", help: "products of this key alone", environment: false, read: readText },
  alarmLatencyMs: {
    value: "MS",
    help: "latency (p99) over which an alarm is raised",
    default: String(ALARM_LATENCY_MS),
    read: readNumber,
  },
  minWorkshops: { value: "N", help: "fewest that auto may scale down to", read: readNumber },
  maxWorkshops: { value: "N", help: "most that auto may scale up to", read: readNumber },
  heartbeatMs: {
    value: "MS",
    help: "silence after which another takes a workshop's place",
    default: String(SILENT_MS),
    read: readNumber,
  },
  alarmWebhook: { value: "URL", help: "is POSTed every alarm that is raised or cleared", read: readUrl },
  logLevel: {
    value: "LEVEL",
    help: `log of events on standard error: ${LOG_LEVELS.join(", ")}`,
    default: "warn",
    choices: LOG_LEVELS,
    read: readChoice(LOG_LEVELS),
  },
  logFormat: {
    value: "FORMAT",
    help: "json or pretty",
    default: "pretty on a terminal, else json",
    choices: ["json", "pretty"],
    read: readChoice(["json", "pretty"]),
  },
  traces: { help: "OpenTelemetry spans, through the SDK that the process has registered", read: readFlag },
  registry: {
    value: "URL",
    help: "where services are registered: etcd://HOST:PORT[/PREFIX] or nats://HOST:PORT[/BUCKET]",
    read: readText,
  },
  services: { value: "LIST", help: "names of services, comma-separated", read: readList },
  ttlMs: {
    value: "MS",
    help: "how long an endpoint outlives its process in the registry",
    default: String(REGISTRY_TTL_MS),
    read: readNumber,
  },
  weight: {
    value: "N",
    help: "an endpoint's share of the calls, relative to the others'",
    default: "1",
    environment: false,
    read: readNumber,
  },
  nginx: { value: "PATH", help: "the program that the gateway runs", default: "nginx", read: readText },
  json: { help: "prints JSON instead of text", read: readFlag },
  verbose: { help: "shows the stack of an error", read: readFlag },
  help: { short: "h", help: "prints this help", environment: false, read: readFlag },
  version: { short: "V", help: "prints the version", environment: false, read: readFlag },
};

/** The options of a factory: those of the library. */
export const FACTORY_OPTIONS: readonly (OptionKey & keyof FactoryOptions)[] = [
  "workshops",
  "data",
  "durability",
  "epochMs",
  "ratePerSecond",
  "lingerMs",
  "lineBatches",
  "batchBytes",
  "alarmLatencyMs",
  "heartbeatMs",
  "minWorkshops",
  "maxWorkshops",
  "traces",
  "input",
  "settings",
];

/** All options, in the order of the help. */
export const OPTION_KEYS: readonly OptionKey[] = Object.keys(OPTIONS) as OptionKey[];

/** `ratePerSecond` → `--rate-per-second`. */
export function flagOf(key: OptionKey): string {
  return `--${dashed(key)}`;
}

/** `ratePerSecond` → `SHOPFLOOR_RATE_PER_SECOND`. */
export function variableOf(key: OptionKey): string {
  return `SHOPFLOOR_${dashed(key).replaceAll("-", "_").toUpperCase()}`;
}

/** `rate-per-second` → `ratePerSecond`, or undefined. */
export function keyOf(name: string): OptionKey | undefined {
  return OPTION_KEYS.find((key) => dashed(key) === name);
}

function dashed(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
