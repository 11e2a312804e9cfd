/**
 * The contract of a command.
 *
 * @module
 */

import type { OptionKey } from "./options.ts";
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

/** What a command is asked to do. */
export interface Order {
  /** As it was given: a path or a URL. */
  readonly blueprint: string | undefined;
  readonly values: Values;
}

/** A command of the command line. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Whether it takes a blueprint. */
  readonly blueprint: "required" | "optional";
  /** The options that it has, besides help, version and verbose, which all have. */
  readonly options: readonly OptionKey[];
  /** Paragraphs for its own help: defaults, exit codes. */
  readonly details: string;
  /** Command lines without the program's name, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Does it; resolves to the exit code. */
  run(order: Order, terminal: Terminal): Promise<number>;
}
