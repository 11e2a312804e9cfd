/**
 * Errors as the command line tells them: one line, and an exit code.
 *
 * @module
 */

import { inspect } from "node:util";
import {
  BlueprintError,
  messageOf,
  OptionsError,
  ShopfloorError,
  SinkError,
  StoreError,
} from "../core/mod.ts";
import { EXIT } from "./command.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** Errors that are mended by asking for something else. */
const OWN_FAULTS = [UsageError, OptionsError, BlueprintError, StoreError];

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
  const refused = error instanceof SinkError && error.fields.final === true; // such as sqlite() without --data
  const own = OWN_FAULTS.some((Class) => error instanceof Class) || refused || isMissingFile(error);
  return own ? EXIT.usage : EXIT.failed;
}

/** Tells an error: one line, or with `verbose` its stack and causes too. */
export function tellError(
  error: unknown,
  { terminal, verbose }: { terminal: Terminal; verbose: boolean },
): void {
  const unexpected = error instanceof ShopfloorError ? "" : "unexpected error: ";
  terminal.complain(`shopfloor: ${unexpected}${messageOf(error)}`);
  if (verbose) terminal.complain(inspect(error, { colors: false }));
}

/** Whether a file that somebody named wasn't there, however deep the error that says so is wrapped. */
function isMissingFile(error: unknown): boolean {
  for (let e = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    if ((e as { code?: unknown }).code === "ENOENT") return true;
  }
  return false;
}
