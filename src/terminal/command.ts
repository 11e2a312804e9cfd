/**
 * The contract of a command.
 *
 * @module
 */

import type { OptionKey, OptionSpec } from "./options.ts";
import type { Terminal } from "./terminal.ts";
import type { Values } from "./values.ts";

/** Exit codes. */
export const EXIT: {
  readonly ok: 0;
  /** The factory failed, or something unexpected happened. */
  readonly failed: 1;
  /** The command line, the environment or the blueprint is wrong: mend it before trying again. */
  readonly usage: 2;
  /** Everything was committed, but some items could not be processed. */
  readonly deadLetters: 3;
} = { ok: 0, failed: 1, usage: 2, deadLetters: 3 };

/** What stands behind a command's name, besides options. */
export interface Operands {
  /** What one is, for the help: `BLUEPRINT`, `TYPE`. */
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** What it may be, where that is known; otherwise shells complete it as a file. */
  readonly choices?: readonly string[];
}

/** What a command is asked to do. */
export interface Order {
  /** As many as the command takes, as they were given. */
  readonly operands: readonly string[];
  readonly values: Values;
}

/** A command of the command line. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Absent: it takes none. */
  readonly operands?: Operands;
  /** The options that it has, besides help, version and verbose, which all have. */
  readonly options: readonly OptionKey[];
  /** What options mean to this command, where that isn't what they mean to the others. */
  readonly ownWords?: Partial<Record<OptionKey, Pick<OptionSpec, "help" | "default">>>;
  /** Paragraphs for its own help: defaults, exit codes. */
  readonly details: string;
  /** Command lines without the program's name, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Does it; resolves to the exit code. */
  run(order: Order, terminal: Terminal): Promise<number>;
}
