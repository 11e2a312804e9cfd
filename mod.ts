/**
 * Shopfloor: keyed stream processing on every core, in one Deno or Bun process.
 *
 * A blueprint ({@link defineBlueprint}) says what comes in, what one worker makes of the items of one key, and what
 * goes out; {@link openFactory} runs it. Importing this module starts nothing; running it is the command line.
 *
 * @module
 */

import process from "node:process";
import { packagesHint } from "./src/platform/mod.ts";

export * from "./src/blueprint/mod.ts";
export { ndjson, type NdjsonOptions } from "./src/blueprint/ndjson.ts";
export { openFactory } from "./src/headquarters/mod.ts";

if (import.meta.main) runProgram();

/**
 * Not awaited: the command line imports blueprints, which import this module, and such an import waits until this
 * module has been evaluated. The terminal is only loaded here, so that users of the library don't pay for it.
 */
function runProgram(): void {
  const hint = packagesHint();
  if (hint === undefined) {
    void import("./src/terminal/mod.ts").then(({ main }) => main());
  } else {
    process.stderr.write(`shopfloor: ${hint}\n`);
    process.exitCode = 2;
  }
}
