/**
 * What the example's one command takes.
 *
 * @module
 */

import { parseArgs } from "node:util";

/** What was asked for. */
export interface Options {
  readonly help: boolean;
  readonly form: number;
  readonly dispatchers: number;
  readonly devices: number;
  readonly latencyMs: number;
  readonly errorRate: number;
  readonly capacity: number;
  readonly ttlMs: number;
  readonly rate: number;
  readonly instances: number;
}

interface OptionSpec {
  /** On the command line. */
  readonly flag: string;
  readonly otherwise: number;
  readonly least: number;
  readonly most: number;
  /** May it have a fraction? */
  readonly fraction?: boolean;
  /** The one form that has a use for it. */
  readonly form?: 1 | 2;
  readonly says: string;
}

const SPECS: Readonly<Record<Exclude<keyof Options, "help">, OptionSpec>> = {
  form: {
    ...{ flag: "form", otherwise: 1, least: 1, most: 2 },
    says: "1: dispatchers share the classes by leases; 2: stateless dispatchers behind a gateway",
  },
  dispatchers: {
    ...{ flag: "dispatchers", otherwise: 3, least: 1, most: 16 },
    says: "how many, each a process of its own",
  },
  devices: {
    flag: "devices",
    otherwise: 10_000,
    least: 1,
    most: 1_000_000,
    says: "how many are to be served",
  },
  latencyMs: {
    ...{ flag: "latency-ms", otherwise: 5, least: 0, most: 60_000 },
    says: "how long a service takes to answer",
  },
  errorRate: {
    ...{ flag: "error-rate", otherwise: 0, least: 0, most: 1, fraction: true },
    says: "share of a service's answers that are a 500, garbage, a 429 or none, in turn",
  },
  capacity: {
    ...{ flag: "capacity", otherwise: 256, least: 1, most: 100_000 },
    says: "calls that a service takes at a time; more are answered by 429",
  },
  ttlMs: {
    ...{ flag: "ttl-ms", otherwise: 3_000, least: 2_000, most: 600_000, form: 1 },
    says: "how long a dispatcher that died keeps its classes",
  },
  rate: {
    ...{ flag: "rate", otherwise: 1_000, least: 1, most: 1_000_000, form: 1 },
    says: "devices begun per second, of each class",
  },
  instances: {
    ...{ flag: "instances", otherwise: 2, least: 1, most: 16, form: 2 },
    says: "of each service, each a process of its own",
  },
};

interface Parsed {
  readonly values: { readonly help: boolean } & Readonly<Record<string, unknown>>;
}

/** Reads the command line. @throws {RangeError} naming the option that is wrong */
export function parseOptions(args: readonly string[]): Options {
  const names = Object.keys(SPECS) as (keyof typeof SPECS)[];
  const { values: { help, ...given } }: Parsed = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", short: "h", default: false },
      ...Object.fromEntries(names.map((name) => [SPECS[name].flag, { type: "string" as const }])),
    },
  });
  const numbers = Object.fromEntries(names.map((name) => [name, numberOf(SPECS[name], given)]));
  const options = { ...numbers, help } as unknown as Options;
  for (const { flag, form } of Object.values(SPECS)) {
    if (form !== undefined && given[flag] !== undefined && form !== options.form) {
      throw new RangeError(`option --${flag} is for --form ${form}`);
    }
  }
  return options;
}

function numberOf(spec: OptionSpec, given: Readonly<Record<string, unknown>>): number {
  const { flag, otherwise, least, most, fraction = false } = spec;
  if (given[flag] === undefined) return otherwise;
  const text = String(given[flag]);
  const number = text.trim() === "" ? NaN : Number(text);
  if (number >= least && number <= most && (fraction || Number.isInteger(number))) return number;
  const kind = fraction ? "number" : "whole number";
  throw new RangeError(
    `option --${flag} must be a ${kind} from ${least} to ${most}, found ${JSON.stringify(text)}`,
  );
}

/** What `--help` prints. */
export function help(): string {
  const lines = Object.values(SPECS).map(({ flag, otherwise, form, says }) =>
    `  ${`--${flag} ${otherwise}`.padEnd(20)} ${says}${form === undefined ? "" : ` (form ${form})`}`
  );
  return `Serves a list of devices on this machine's loopback, with everything that this takes.

  deno run -A examples/dispatch/all.ts [OPTIONS]
  bun run examples/dispatch/all.ts [OPTIONS]

Options, with what they are if not given:
${lines.join("\n")}

Form 1 starts Debian's etcd (package etcd-server), form 2 also its nginx and PostgreSQL (nginx-light, postgresql), all
in a directory that is gone afterwards. Ctrl-C ends everything.`;
}
