/**
 * The command line: `start`, `run` and `validate`. {@link main} runs it on the process's terminal; everything else
 * in this folder takes a {@link Terminal} as an argument.
 *
 * @module
 */

export { main, perform } from "./main.ts";
export type { StatusLine, Terminal } from "./terminal.ts";
