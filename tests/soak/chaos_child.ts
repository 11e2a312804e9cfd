/**
 * One life of a factory: opens it on its data directory, scales it at random moments, ends when its source has.
 * The one argument is a {@link Life} as JSON; says `open` and `scaled` when it is, and on standard error what went
 * wrong.
 *
 * @module
 */

import process from "node:process";
import { type FactoryOptions, openFactory } from "../../mod.ts";
import { randomFrom } from "../../src/testing/virtual_clock.ts";

/** What a life is made of. */
export interface Life {
  readonly blueprint: string;
  readonly options: FactoryOptions;
  /** Decides when it is scaled, and to what. */
  readonly seed: number;
  /** Whether all workers are to fall asleep before it ends. */
  readonly asleep: boolean;
}

/** Longest time between two scalings. */
const CALM_MS = 600;

/** Most workshops: with the other departments more than the machine has cores, so that they get in each other's way. */
const WORKSHOPS = 4;

const { blueprint, options, seed, asleep } = JSON.parse(process.argv[2]) as Life;
const random = randomFrom(seed);
const workshops = () => 1 + Math.floor(random() * WORKSHOPS);
const factory = await openFactory(new URL(blueprint), { ...options, workshops: workshops() });
process.stdout.write("open\n");
const ended = factory.finished.then(() => true);
while (!await Promise.race([ended, calm()])) {
  // Scaling fails when a department dies meanwhile. Then it is replaced, and the factory goes on as it was.
  await factory.scale(workshops()).then(
    () => process.stdout.write("scaled\n"),
    (error) => process.stderr.write(`scaling: ${error.message}\n`),
  );
}
if (asleep) { for await (const { workers } of factory.inspections()) if (workers === 0) break; }
const { deadLettered, rejected } = await factory.drain();
if (deadLettered + rejected > 0) throw new Error(`${deadLettered} dead letters, ${rejected} rejected`);

function calm(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), random() * CALM_MS));
}
