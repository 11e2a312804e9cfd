import type { Command, Order } from "./command.ts";
import { EXIT } from "./command.ts";
import { SHELL_SCRIPTS } from "./shell_scripts.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/**
 * `completions`: what a shell needs to know to complete command lines.
 *
 * @param commands all commands, this one too: known only when all have been made
 */
export function completionsCommand(commands: () => readonly Command[]): Command {
  const shells = Object.keys(SHELL_SCRIPTS);
  return {
    name: "completions",
    summary: `prints a script that completes command lines in ${shells.join(", ")}`,
    operands: { name: "SHELL", least: 1, most: 1, choices: shells },
    options: [],
    details:
      "The script knows commands, options, and values where they are few; it asks nothing of the network.",
    examples: [
      [
        "completions bash > ~/.local/share/bash-completion/completions/shopfloor",
        "for bash, from the next shell on",
      ],
      ['completions zsh > "${fpath[1]}/_shopfloor"', "for zsh"],
      ["completions fish > ~/.config/fish/completions/shopfloor.fish", "for fish"],
    ],
    run({ operands: [shell] }: Order, terminal: Terminal): Promise<number> {
      if (!Object.hasOwn(SHELL_SCRIPTS, shell)) {
        throw new UsageError(`completions: the shells are ${shells.join(", ")}, found ${shell}`);
      }
      terminal.print(SHELL_SCRIPTS[shell](commands()));
      return Promise.resolve(EXIT.ok);
    },
  };
}
