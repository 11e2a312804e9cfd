/**
 * The long proof, on the runtime that runs this: simulated lives by new seeds, then chaos on real processes and Web
 * Workers. `deno task soak`, `bun run soak`; `--seeds 100000 --kills 100 --seed 7`. What fails names its seed.
 *
 * @module
 */

import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chaos } from "./chaos.ts";
import { FLEET, LINES } from "./jobs.ts";
import { pushes } from "./pushes.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100000" },
    kills: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
    quiet: { type: "boolean", default: false },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
const say = (line: string) => void (values.quiet || process.stdout.write(`${line}\n`));

process.stdout.write(`soak: ${values.seeds} simulated lives, ${kills} kills of each job, seed ${seed}\n`);
if (Number(values.seeds) > 0) await simulations(values.seeds);
for (const job of [FLEET, LINES]) {
  const { accidents, scalings } = await chaos(job, { kills, seed, say });
  const havoc = `${kills} kills, ${accidents} accidents, ${scalings} scalings`;
  process.stdout.write(`${job.name}: exact after ${havoc}, seed ${seed}\n`);
}
await pushes({ kills, seed, say });
process.stdout.write(`pushes: exact after ${kills} kills, seed ${seed}\n`);

/** @throws {Error} when a life went wrong; the test has said which */
function simulations(seeds: string): Promise<void> {
  const path = fileURLToPath(new URL("../simulation", import.meta.url));
  const command = process.versions.bun ? ["test", "--timeout", "600000", path] : ["test", "-A", path];
  const child = spawn(process.execPath, command, {
    stdio: "inherit",
    env: { ...process.env, SHOPFLOOR_SEEDS: seeds },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on(
      "exit",
      (code) => code === 0 ? resolve() : reject(new Error(`simulated lives: exit code ${code}`)),
    );
  });
}
