/**
 * The command line: `start`, `run`, `validate`, `top`, `tap`, `completions`. {@link main} runs it on the process's
 * terminal; everything else in this folder takes a {@link Terminal} as an argument.
 *
 * @module
 */

export { main, perform } from "./main.ts";
export type { Screen, StatusLine, Terminal } from "./terminal.ts";
