import type { Command } from "./command.ts";
import { runCommand } from "./run.ts";
import { startCommand } from "./start.ts";
import { validateCommand } from "./validate.ts";

/** Every command, in the order of the help. The first is the one that runs without being named. */
export const COMMANDS: readonly Command[] = [startCommand, runCommand, validateCommand];
