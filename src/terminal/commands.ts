import type { Command } from "./command.ts";
import { gatewayCommand } from "./gateway.ts";
import { registerCommand } from "./register.ts";
import { completionsCommand } from "./completions.ts";
import { deadLettersCommand } from "./dead_letters.ts";
import { runCommand } from "./run.ts";
import { startCommand } from "./start.ts";
import { tapCommand } from "./tap.ts";
import { topCommand } from "./top.ts";
import { validateCommand } from "./validate.ts";

/** Every command, in the order of the help. The first is the one that runs without being named. */
export const COMMANDS: readonly Command[] = [
  startCommand,
  runCommand,
  validateCommand,
  topCommand,
  tapCommand,
  deadLettersCommand,
  completionsCommand(() => COMMANDS),
  registerCommand,
  gatewayCommand,
];
