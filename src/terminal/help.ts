/**
 * The help, made from the tables of commands and options.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { flagOf, OPTION_KEYS, type OptionKey, OPTIONS, variableOf } from "./options.ts";

const PROGRAM = "shopfloor";

/** The last words: where the values of these options may come from, besides the command line. */
function foot(keys: readonly OptionKey[], ownWords: Command["ownWords"] = {}): string {
  const variables = keys.filter((key) => OPTIONS[key].environment !== false);
  const flags = keys.filter((key) => !variables.includes(key));
  const [example] = variables.toSorted((a, b) => words(b) - words(a)); // one that shows what becomes of dashes
  const control = (["url", "host"] as const).some((key) => keys.includes(key) && !(key in ownWords));
  return [
    "Defaults stand in brackets. Flags beat the environment, the environment beats the defaults.",
    `${flagOf(example)} is ${variableOf(example)} in the environment; flags alone are ${
      flags.map(flagOf).join(", ")
    }.`,
    ...control
      ? [
        "The token of the control server is read from SHOPFLOOR_TOKEN alone, one that may only look from",
        "SHOPFLOOR_READ_TOKEN. NO_COLOR switches colours off.",
      ]
      : ["NO_COLOR switches colours off."],
  ].join("\n");
}

function words(key: OptionKey): number {
  return variableOf(key).split("_").length;
}

/** Options that every command has. */
export const COMMON_OPTIONS: readonly OptionKey[] = ["verbose", "help", "version"];

/** The help of the program. */
export function programHelp(commands: readonly Command[]): string {
  return `\
${PROGRAM}: keyed stream processing on every core, in one Deno or Bun process

Usage: ${PROGRAM} [COMMAND] [options]
       (${PROGRAM} stands for deno run -A mod.ts, or bun run mod.ts)

Commands:
${table(commands.map((command) => [usageOf(command), command.summary]))}

Options:
${optionTable(OPTION_KEYS)}

${foot(OPTION_KEYS)}

${PROGRAM} COMMAND --help says more about a command.`;
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  return `\
${PROGRAM} ${command.name}: ${command.summary}

Usage: ${PROGRAM} ${usageOf(command)} [options]

${command.details}

Options:
${optionTable(optionsOf(command), command.ownWords)}

Examples:
${table(command.examples.map(([line, does]) => [`${PROGRAM} ${line}`, does]))}

${foot(optionsOf(command), command.ownWords)}`;
}

/** The options of a command, the common ones too, in the order of the table. */
export function optionsOf(command: Command): OptionKey[] {
  return OPTION_KEYS.filter((key) => command.options.includes(key) || COMMON_OPTIONS.includes(key));
}

function usageOf({ name, operands }: Command): string {
  if (operands === undefined) return name;
  const { name: operand, least, most, choices } = operands;
  const shown = `${choices?.join("|") ?? operand}${most > 1 ? "…" : ""}`;
  return `${name} ${least > 0 ? shown : `[${shown}]`}`;
}

function optionTable(keys: readonly OptionKey[], ownWords: Command["ownWords"] = {}): string {
  return table(keys.map((key) => {
    const { value, short } = OPTIONS[key];
    const { help, default: usual } = ownWords[key] ?? OPTIONS[key];
    const flag = `${short ? `-${short}, ` : ""}${flagOf(key)}${value ? ` ${value}` : ""}`;
    return [flag, usual ? `${help} [${usual}]` : help];
  }));
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
