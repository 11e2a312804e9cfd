/**
 * The micro benchmarks, one for each hot function, in folders that mirror `src/`: `deno run -A bench/micro.ts`, or
 * `bun run …`; `--filter hash` runs those whose name matches.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { run } from "mitata";
import "./core/hash_bench.ts";
import { closeLines } from "./line/line_bench.ts";
import "./metrics/histogram_bench.ts";
import "./workshop/contract_bench.ts";
import "./workshop/roster_bench.ts";
import "./workshop/snapshot_bench.ts";

const { values } = parseArgs({ options: { filter: { type: "string", default: "" } } });
const filter = new RegExp(values.filter);
await run({ filter, throw: true });
await closeLines();
if (filter.test("codec")) await import("./batch/codec_bench.ts"); // a program that prints a table of its own
