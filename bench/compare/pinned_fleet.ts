/**
 * The fleet job over a thread pool: batches of objects, each key pinned to one thread by its hash, so that its
 * readings stay in order.
 *
 * @module
 */

import { hashKey } from "../../src/core/mod.ts";
import { fleetReadings, type Reading } from "../scenarios/fleet_source.ts";
import { flags, report, rounded } from "../scenarios/measure.ts";
import { type Product, Shelves } from "./fleet_job.ts";

/** Readings in one batch. */
const BATCH = 1_024;

/** Batches under way to one thread: enough that it never waits. */
const DEPTH = 4;

/** One thread. Batches are served in the order in which they were handed over. */
export interface Lane {
  run(batch: Reading[]): PromiseLike<Product[]>;
  close(): unknown;
}

/** Runs the job as the command line says, and prints one JSON line. */
export async function pinnedFleet(contestant: string, open: () => Lane): Promise<void> {
  const { keys, seconds, warm, threads } = flags({ keys: 5_000, seconds: 5, warm: 2, threads: 3 });
  const fleet = new PinnedFleet(Array.from({ length: threads }, open), keys);
  await fleet.runFor(warm);
  const startedAt = performance.now();
  const before = fleet.shelves.delivered;
  await fleet.runFor(seconds);
  const itemsPerSecond = (fleet.shelves.delivered - before) / ((performance.now() - startedAt) / 1_000);
  const problems = await fleet.close();
  report(contestant, { keys, threads, itemsPerSecond: rounded(itemsPerSecond), seconds }, { problems });
}

class PinnedFleet {
  readonly shelves: Shelves = new Shelves();
  readonly #lanes: readonly Lane[];
  readonly #keys: number;
  readonly #draw: (count: number) => Reading[];
  readonly #batches: Reading[][];
  readonly #flights: Promise<void>[][];
  #drawn = 0;

  constructor(lanes: readonly Lane[], keys: number) {
    this.#lanes = lanes;
    this.#keys = keys;
    this.#draw = fleetReadings(keys);
    this.#batches = lanes.map(() => []);
    this.#flights = lanes.map(() => []);
  }

  async runFor(seconds: number): Promise<void> {
    const endsAt = performance.now() + seconds * 1_000;
    while (performance.now() < endsAt) {
      for (const reading of this.#draw(BATCH)) {
        const lane = hashKey(reading.device) % this.#lanes.length;
        if (this.#batches[lane].push(reading) === BATCH) await this.#send(lane);
      }
      this.#drawn += BATCH;
      this.shelves.flush();
    }
  }

  /** Sends the rest, waits for everything, ends the threads; returns what is wrong with the result. */
  async close(): Promise<string[]> {
    for (let lane = 0; lane < this.#lanes.length; lane++) {
      await this.#send(lane);
      await Promise.all(this.#flights[lane]);
      await this.#lanes[lane].close();
    }
    return this.shelves.problems({ keys: this.#keys, items: this.#drawn });
  }

  async #send(lane: number): Promise<void> {
    const batch = this.#batches[lane];
    this.#batches[lane] = [];
    const flights = this.#flights[lane];
    flights.push(this.#fly(lane, batch));
    if (flights.length > DEPTH) await flights.shift();
  }

  async #fly(lane: number, batch: Reading[]): Promise<void> {
    for (const product of await this.#lanes[lane].run(batch)) this.shelves.put(product);
  }
}
