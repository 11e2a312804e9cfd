/**
 * Every option of the command line, once: this table drives parsing, the environment variables and the help.
 *
 * The key is the library's name of the option; `ratePerSecond` is `--rate-per-second` and
 * `SHOPFLOOR_RATE_PER_SECOND`.
 *
 * @module
 */

import { BATCH_BYTES, EPOCH_MS, LINE_BATCHES, LINGER_MS, MAX_WORKSHOPS } from "../core/limits.ts";
import type { FactoryOptions } from "../headquarters/mod.ts";
import { CONTROL_HOST, CONTROL_PORT } from "./defaults.ts";
import { readFlag, readList, readNumber, readNumberOr, readText } from "./readers.ts";
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
  | "origins"
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
  origins: { value: "LIST", help: "web origins allowed to call (CORS), comma-separated", read: readList },
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
