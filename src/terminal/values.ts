/**
 * Options → values: flags beat the environment, the environment beats the defaults.
 *
 * @module
 */

import { messageOf, OptionsError, type Settings } from "../core/mod.ts";
import type { FactoryOptions } from "../headquarters/mod.ts";
import type { LogFormat, LogLevel } from "../operations/mod.ts";
import { FACTORY_OPTIONS, flagOf, type OptionKey, OPTIONS, variableOf } from "./options.ts";
import type { Given } from "./parse.ts";
import { UsageError } from "./usage_error.ts";

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the options came to. What was not given is absent. */
export interface Values extends FactoryOptions {
  readonly host?: string;
  readonly port?: number;
  readonly corsOrigins?: readonly string[];
  readonly url?: string;
  readonly key?: string;
  readonly ids?: readonly number[];
  readonly alarmWebhook?: string;
  readonly logLevel?: LogLevel;
  readonly logFormat?: LogFormat;
  readonly registry?: string;
  readonly services?: readonly string[];
  readonly ttlMs?: number;
  readonly weight?: number;
  readonly nginx?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly help?: boolean;
  readonly version?: boolean;
}

/** Where options are looked for. */
export interface ValueSources {
  /** The options that the command has; variables of other options are none of its business. */
  readonly options: readonly OptionKey[];
  readonly given: readonly Given[];
  readonly environment: Environment;
}

/**
 * Reads the options' values. Settings are merged key by key; every other option is taken from one place.
 *
 * @throws {UsageError} naming the flag or variable, what was found and what was expected
 */
export function readValues({ options, given, environment }: ValueSources): Values {
  const values: Partial<Record<OptionKey, unknown>> = {};
  for (const { key, origin, text } of [...givenIn(environment, options), ...given]) {
    const value = readValue({ key, origin, text });
    values[key] = OPTIONS[key].merged
      ? { ...values[key] as Settings | undefined, ...value as Settings }
      : value;
  }
  return values as Values;
}

/** The part of the values that the library takes. */
export function factoryOptions(values: Values): FactoryOptions {
  const given = FACTORY_OPTIONS.filter((key) => values[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, values[key]]));
}

/** An error about one of the library's options, told in the words of whoever gave it. */
export function inTheirWords(error: unknown, given: readonly Given[], environment: Environment): unknown {
  if (!(error instanceof OptionsError)) return error;
  const key = error.fields.option as OptionKey;
  if (!(key in OPTIONS)) return error;
  const fromFlag = given.some((option) => option.key === key) || !environment[variableOf(key)];
  const origin = fromFlag ? flagOf(key) : variableOf(key);
  return new UsageError(error.message.replace(`option ${key}`, `option ${origin}`), error);
}

/** The options that are set in the environment; an empty variable counts as not set. */
export function givenIn(environment: Environment, options: readonly OptionKey[]): Given[] {
  return options
    .filter((key) => OPTIONS[key].environment !== false && environment[variableOf(key)])
    .map((key) => ({ key, origin: variableOf(key), text: environment[variableOf(key)]! }));
}

function readValue({ key, origin, text }: Given): unknown {
  try {
    return OPTIONS[key].read(text);
  } catch (cause) {
    throw new UsageError(`option ${origin}: ${messageOf(cause)}, found ${JSON.stringify(text)}`, cause);
  }
}
