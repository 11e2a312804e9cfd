/** One simulated life of a factory, all of it decided by a seed. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Factory } from "../../src/headquarters/mod.ts";
import { Accidents, inline, randomFrom, VirtualClock } from "../../src/testing/mod.ts";
import { type Count, isPoison, type Plan, plant, undisturbed, Witness } from "./plant.ts";

const LINE_BATCHES = 4;

/** Everything that happens, for when it goes wrong. */
export type Chronicle = string[];

/** Lives through one seed. @throws {AssertionError} when the factory was not exact, in order, bounded or alive */
export async function simulate(seed: number, chronicle: Chronicle = []): Promise<void> {
  const random = randomFrom(seed);
  const whole = (most: number) => Math.floor(random() * (most + 1));
  const plan: Plan = {
    items: 50 + whole(350),
    keys: 1 + whole(20),
    asynchronous: random() < 0.5,
    idleMs: 50 + whole(2_000),
    poisoned: random() < 0.3,
    paceMs: whole(30),
  };
  chronicle.push(JSON.stringify(plan));
  const data = mkdtempSync(join(tmpdir(), "shopfloor-simulation-"));
  const witnesses: Witness[] = [];
  const failed = new Set<number>();
  try {
    const crashes = whole(2);
    for (let life = 0; life <= crashes + 1; life++) {
      const clock = new VirtualClock({ seed: seed + life });
      const accidents = new Accidents();
      const witness = new Witness(clock, random);
      witnesses.push(witness);
      const options = {
        clock,
        seed,
        accidents,
        data,
        workshops: 1 + whole(2),
        epochMs: 20 + whole(200),
        heartbeatMs: 400,
        lineBatches: LINE_BATCHES,
      };
      const factory = await inline(plant(plan, { clock, witness, failed }), options);
      if (life <= crashes) await live(factory, { clock, accidents, random, chronicle });
      if (life < crashes) {
        chronicle.push("the process dies");
        for (const department of accidents.departments) accidents.silence(department);
        await clock.until(factory.close());
        await clock.advance(60_000); // a process that is gone holds no lock: here sinks' last calls have to end first
      } else {
        await clock.until(factory.finished);
        await clock.advance(30_000); // the last timers ring, those too that were set late in an earlier life
        await clock.until(factory.drain());
      }
    }
    check(data, { plan, witnesses });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** Some moments of a factory's life, with accidents. */
async function live(
  factory: Factory,
  { clock, accidents, random, chronicle }: {
    clock: VirtualClock;
    accidents: Accidents;
    random: () => number;
    chronicle: Chronicle;
  },
): Promise<void> {
  const moments = Math.floor(random() * 12);
  let deaths = 0;
  for (let moment = 0; moment < moments; moment++) {
    const dice = random();
    if (dice < 0.5) {
      const ms = Math.floor(random() ** 3 * 600);
      chronicle.push(`${ms} ms pass`);
      await clock.advance(ms);
    } else if (dice < 0.75 && deaths++ < 4) {
      const { departments } = accidents;
      const department = departments[Math.floor(random() * departments.length)];
      const quietly = random() < 0.4;
      chronicle.push(`${department} dies${quietly ? " without a word" : ""}`);
      if (quietly) accidents.silence(department);
      else accidents.kill(department);
    } else if (dice < 0.85) {
      const workshops = 1 + Math.floor(random() * 3);
      chronicle.push(`scaled to ${workshops}`);
      void factory.scale(workshops).catch((error) => chronicle.push(`not scaled: ${error.message}`));
    } else if (dice < 0.95) {
      chronicle.push("a checkpoint");
      void factory.checkpoint().catch(() => {});
    } else {
      for (const { batches } of factory.latestInspection()?.lines ?? []) {
        assert.ok(batches <= LINE_BATCHES + 1);
      }
    }
  }
}

function check(data: string, { plan, witnesses }: { plan: Plan; witnesses: readonly Witness[] }): void {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  try {
    const expected = undisturbed(plan);
    const rows = database.prepare("SELECT _key, number, count FROM product_count ORDER BY rowid").all();
    const counts = Map.groupBy(rows, ({ _key }) => String(_key));
    assert.equal(rows.length, [...expected.values()].flat().length, "as many products as items");
    for (const [key, list] of expected) {
      const found = counts.get(key)?.map(({ number, count }) => ({ number, count }));
      assert.deepEqual(found, list, `${key}: exact, and in order`);
      for (const product of list) assert.ok(witnessed(witnesses, key, product), `${key} ${product.number}`);
    }
    const reminders = database.prepare("SELECT _key FROM product_reminder").all().map(({ _key }) => _key);
    const reminded = [...expected].filter(([, list]) => list.length >= 3).map(([key]) => key);
    assert.deepEqual(reminders.toSorted(), reminded.toSorted(), "each timer rings once");
    const letters = database.prepare("SELECT material FROM dead_letters ORDER BY id").all();
    const poison = Array.from({ length: plan.items }, (_, number) => number).filter((n) => isPoison(plan, n));
    const numbers = letters.map(({ material }) => JSON.parse(String(material)).number);
    assert.deepEqual(numbers.toSorted((a, b) => a - b), poison, "each poisoned item is a dead letter, once");
  } finally {
    database.close();
  }
}

function witnessed(witnesses: readonly Witness[], key: string, { number, count }: Count): boolean {
  return witnesses.some(({ seen }) =>
    seen.get(key)?.some((each) => each.number === number && each.count === count)
  );
}
