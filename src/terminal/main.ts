/**
 * The command line: finds the command, reads the options, does it.
 *
 * @module
 */

import { VERSION } from "../headquarters/mod.ts";
import { type Command, EXIT } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { exitCodeOf, tellError } from "./failure.ts";
import { commandHelp, optionsOf, programHelp } from "./help.ts";
import { nearest } from "./nearest.ts";
import { flagOf } from "./options.ts";
import { parseArguments, type ParsedArguments } from "./parse.ts";
import { leave, leaveWithReader, processTerminal, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { givenIn, inTheirWords, readValues } from "./values.ts";

/** Runs the program on the process's own terminal and ends the process. */
export async function main(): Promise<never> {
  leaveWithReader();
  return await leave(await perform(processTerminal()));
}

/** Does what the arguments say; resolves to the exit code and never rejects. */
export async function perform(terminal: Terminal): Promise<number> {
  try {
    return await obey(parseArguments(terminal.args), terminal);
  } catch (error) {
    tellError(error, { terminal, verbose: wantsVerbose(terminal) });
    return exitCodeOf(error);
  }
}

async function obey({ words, given }: ParsedArguments, terminal: Terminal): Promise<number> {
  const asked = (key: string) => given.some((option) => option.key === key);
  const [name, ...operands] = words[0] === "help" ? words.slice(1) : words;
  const command = name === undefined ? undefined : findCommand(name);
  if (asked("help") || words[0] === "help") {
    terminal.print(command ? commandHelp(command) : programHelp(COMMANDS));
    return EXIT.ok;
  }
  if (asked("version")) {
    terminal.print(`shopfloor ${VERSION}`);
    return EXIT.ok;
  }
  return await order(command ?? COMMANDS[0], { words: operands, given }, terminal);
}

async function order(
  command: Command,
  { words, given }: ParsedArguments,
  terminal: Terminal,
): Promise<number> {
  const { environment } = terminal;
  const options = optionsOf(command);
  const foreign = given.find(({ key }) => !options.includes(key));
  if (foreign) {
    throw new UsageError(`${command.name} has no option ${foreign.origin} (see ${command.name} --help)`);
  }
  checkOperands(command, words);
  const values = readValues({ options, given, environment });
  try {
    return await command.run({ operands: words, values }, terminal);
  } catch (error) {
    throw inTheirWords(error, given, environment);
  }
}

function checkOperands({ name, operands }: Command, words: readonly string[]): void {
  const { name: operand = "", least = 0, most = 0, choices } = operands ?? {};
  const found = words.join(" ");
  if (words.length > most) {
    const takes = most === 0 ? "nothing" : most === 1 ? `one ${operand.toLowerCase()}` : `at most ${most}`;
    throw new UsageError(`${name} takes ${takes}, found ${found}`);
  }
  if (words.length < least) {
    const needed = choices?.join("|") ?? operand;
    const article = /^[AEIOU]/.test(operand) ? "an" : "a";
    throw new UsageError(`${name} needs ${article} ${operand.toLowerCase()}: shopfloor ${name} ${needed}`);
  }
}

function findCommand(name: string): Command {
  const command = COMMANDS.find((command) => command.name === name);
  if (command) return command;
  const suggestion = /[/\\.]/.test(name)
    ? `start ${name}`
    : nearest(name, COMMANDS.map((command) => command.name));
  const names = COMMANDS.map((command) => command.name).join(", ");
  const hint = suggestion ? `: did you mean ${suggestion}?` : `: the commands are ${names}`;
  throw new UsageError(`unknown command ${name}${hint}`);
}

/** Looks for itself, since the arguments may be what can't be read. */
function wantsVerbose({ args, environment }: Terminal): boolean {
  return args.includes(flagOf("verbose")) ||
    givenIn(environment, ["verbose"]).some(({ text }) => ["1", "true", "yes"].includes(text));
}
