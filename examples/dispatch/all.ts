/**
 * Starts all of the example on the loopback, and ends when every device has been served, or at Ctrl-C. `--help` says
 * what it takes.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { serveByGateway } from "./gateway/serve.ts";
import { serveByLeases } from "./leases/serve.ts";
import { help, type Options, parseOptions } from "./options.ts";

/** Ends the program: whatever is left of dropped connections keeps nobody waiting. */
process.exit(await run(process.argv.slice(2)));

/** @returns the exit code */
async function run(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}; --help says what there is`);
    return 2;
  }
  if (options.help) {
    console.log(help());
    return 0;
  }
  const ended = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ended.abort(new Error(name)));
  const folder = mkdtempSync(join(tmpdir(), "dispatch-"));
  try {
    const serve = options.form === 1 ? serveByLeases : serveByGateway;
    await serve(options, folder, ended.signal);
    return 0;
  } catch (error) {
    if (ended.signal.aborted) return 130;
    console.error(`dispatch: ${(error as Error).message}`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
