/**
 * Chaos: a factory in a process of its own, which is killed again and again at moments that a seed decides, whose
 * Web Workers have accidents, and which is scaled meanwhile.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { randomFrom } from "../../src/testing/virtual_clock.ts";
import type { Life } from "./chaos_child.ts";

const CHILD = fileURLToPath(new URL("./chaos_child.ts", import.meta.url));

/** Items per second while there is killing to be done: slow enough that the machine keeps up however busy it is. */
const RATE = 3_000;

/** One life in so many is long enough for a silent department to be noticed and replaced. */
const LONG_ONE_IN = 12;

/** How long the last life may take, in which nobody disturbs it. */
const LAST_MS = 120_000;

/** How long a life may take to open: other programs use the machine too. */
const OPENING_MS = 45_000;

/** What a factory in chaos is to do. */
export interface Job {
  readonly name: string;
  readonly blueprint: URL;
  /** Makes what the factory reads, in the folder given; returns the options that say so. */
  readonly prepare: (folder: string, items: number) => Life["options"];
  /** Whether its workers fall asleep, and the last life is to wait for that. */
  readonly asleep: boolean;
  /** @throws {AssertionError} unless the tables say what a plain loop says */
  readonly check: (data: string, items: number) => void;
}

/** How to live through it. */
export interface ChaosOptions {
  readonly kills: number;
  readonly seed: number;
  /** Told what happens. */
  readonly say: (line: string) => void;
}

/** What happened in all lives together. */
export interface Havoc {
  readonly accidents: number;
  readonly scalings: number;
}

/** Lives through it, and compares. @throws {Error} naming the seed; the data directory then stays */
export async function chaos(job: Job, { kills, seed, say }: ChaosOptions): Promise<Havoc> {
  const folder = mkdtempSync(join(tmpdir(), `shopfloor-chaos-${job.name}-`));
  const scratch = join(folder, "scratch");
  const data = join(folder, "data");
  mkdirSync(scratch);
  const random = randomFrom(seed);
  const plans = Array.from({ length: kills }, () => planned(random));
  const items = Math.ceil(plans.reduce((sum, { lifeMs }) => sum + lifeMs, 0) / 1_000 * RATE) + RATE;
  const options = { ...job.prepare(folder, items), data, epochMs: 50, heartbeatMs: 600 };
  const settings = { ...options.settings, scratch };
  const blueprint = job.blueprint.href;
  try {
    let scalings = 0;
    for (const [index, plan] of plans.entries()) {
      say(`${job.name}, kill ${index + 1} of ${kills}: ${JSON.stringify(plan)}`);
      const life = {
        blueprint,
        seed: plan.seed,
        asleep: false,
        options: { ...options, ratePerSecond: RATE, settings },
      };
      scalings += await killed(life, plan, { scratch, say });
    }
    const accidents = plans.filter(({ accident }) => accident).length - readdirSync(scratch).length;
    const undisturbed = { ...options, settings: options.settings };
    for (const again of [0, 1]) { // the second finds nothing to do
      const life = { blueprint, seed: seed + again, asleep: job.asleep, options: undisturbed };
      const { code, errors } = await undead(life, LAST_MS);
      if (code !== 0) throw new Error(`the last life ended with ${code}: ${errors}`);
    }
    job.check(data, items);
    rmSync(folder, { recursive: true, force: true });
    return { accidents, scalings };
  } catch (cause) {
    throw new Error(
      `${job.name}, ${kills} kills, seed ${seed}: ${(cause as Error).message} (see ${folder})`,
      {
        cause,
      },
    );
  }
}

/** How a life goes. */
interface Plan {
  readonly seed: number;
  /** From when it is open, or from its very beginning, to its violent end. */
  readonly lifeMs: number;
  readonly unborn: boolean;
  /** What happens in it, and when. */
  readonly accident?: { readonly name: string; readonly afterMs: number };
}

function planned(random: () => number): Plan {
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const seed = Math.floor(random() * 1e9);
  const long = random() < 1 / LONG_ONE_IN;
  const unborn = !long && random() < 0.2;
  const lifeMs = Math.round(long ? 4_000 : random() * (unborn ? 600 : 1_000));
  if (unborn || random() < 0.4) return { seed, lifeMs, unborn };
  const where = one(["workshop", "workshop", "workshop", "procurement", "transport"]);
  const how = one(["throws", "rejects", "ends", ...(long ? ["spins"] : [])]);
  return {
    seed,
    lifeMs,
    unborn,
    accident: { name: `${where} ${how} ${seed}`, afterMs: random() * lifeMs / 2 },
  };
}

/** A life that ends with `kill -9`; resolves to how often it was scaled. @throws {Error} when it ended before, otherwise */
async function killed(life: Life, plan: Plan, { scratch, say }: {
  scratch: string;
  say: (line: string) => void;
}): Promise<number> {
  const { lifeMs, unborn, accident } = plan;
  const child = born(life);
  if (!unborn) await Promise.race([child.open, child.ended]);
  const timer = accident &&
    setTimeout(() => writeFileSync(join(scratch, accident.name), ""), accident.afterMs);
  await Promise.race([child.ended, new Promise((resolve) => setTimeout(resolve, lifeMs))]);
  clearTimeout(timer);
  child.kill();
  const { code, said, errors } = await child.ended;
  if (errors) say(errors.trimEnd());
  if (code !== null) throw new Error(`a life ended with ${code} before it was killed: ${errors}`);
  return said.split("scaled").length - 1;
}

/** A life to its natural end. */
async function undead(life: Life, patienceMs: number): Promise<End> {
  const child = born(life);
  const timer = setTimeout(child.kill, patienceMs);
  const end = await child.ended;
  clearTimeout(timer);
  return end;
}

/** How a life ended. */
interface End {
  /** Null if it was killed. */
  readonly code: number | null;
  readonly said: string;
  readonly errors: string;
}

/** Starts a life on the runtime that runs this. */
function born(life: Life): {
  open: Promise<unknown>;
  ended: Promise<End>;
  kill: () => void;
} {
  const runtime = process.versions.bun ? ["run"] : ["run", "-A", "--quiet"];
  const child = spawn(process.execPath, [...runtime, CHILD, JSON.stringify(life)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text) => said += text);
  child.stderr.setEncoding("utf8").on("data", (text) => errors += text);
  const opening = setTimeout(() => child.kill("SIGKILL"), OPENING_MS);
  const ended = new Promise<End>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(opening);
      resolve({ code: signal ? null : code, said, errors });
    });
  });
  const open = new Promise((resolve) => child.stdout.once("data", resolve));
  void open.then(() => clearTimeout(opening));
  return { open, ended, kill: () => child.kill("SIGKILL") };
}
