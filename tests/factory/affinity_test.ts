import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import {
  type Affinity,
  type Blueprint,
  type Contract,
  defineBlueprint,
  keyed,
} from "../../src/blueprint/mod.ts";
import { slotOf, StoreError } from "../../src/core/mod.ts";
import { OVERDRAFT_BYTES } from "../../src/core/limits.ts";
import type { Factory } from "../../src/headquarters/mod.ts";
import type { ClassReport } from "../../src/operations/mod.ts";
import { callback } from "../../src/sinks/mod.ts";
import { generator, type Source } from "../../src/sources/mod.ts";
import { inline, VirtualClock } from "../../src/testing/mod.ts";

const KINDS = ["hung", "quick", "third"];

interface Item {
  key: string;
  kind: string;
  value: number;
  padding?: string;
}

interface Total {
  key: string;
  kind: string;
  value: number;
  sum: number;
}

const of = ({ kind }: Item) => kind;

/** Sums by key; `taken` gets what sinks get. */
function sums(
  { taken, affinity = { of, classes: KINDS }, source, contract, wait, remind = false }: {
    taken: Total[];
    affinity?: Affinity<Item>;
    source?: Source;
    contract?: Contract;
    wait?: (item: Item) => Promise<void> | undefined;
    /** Workers have something to do for ever. */
    remind?: boolean;
  },
): Blueprint {
  return defineBlueprint({
    name: "sums",
    material: z.object({
      key: z.string(),
      kind: z.string(),
      value: z.number(),
      padding: z.string().optional(),
    }),
    key: ({ key }) => key,
    affinity,
    products: {
      total: z.object({ key: z.string(), kind: z.string(), value: z.number(), sum: z.number() }),
    },
    workshop: keyed({
      contract,
      turn: { timeoutMs: 24 * 60 * 60 * 1_000 },
      hire: () => ({ sum: 0 }),
      work(worker, item, ship) {
        const add = () => {
          worker.state.sum += item.value;
          if (remind) worker.after(1_000_000, "some day");
          ship("total", { key: item.key, kind: item.kind, value: item.value, sum: worker.state.sum });
        };
        const waited = wait?.(item);
        return waited ? waited.then(add) : add();
      },
      onTimer() {},
    }),
    source,
    sinks: callback((_type, products) => void taken.push(...products as Total[])),
  });
}

/** Item `value` of a stream in which each key has one kind. */
function item(value: number, { keys = 60, padding }: { keys?: number; padding?: string } = {}): Item {
  const key = value % keys;
  return { key: `key-${key}`, kind: KINDS[key % KINDS.length], value, padding };
}

function items(from: number, count: number): Item[] {
  return Array.from({ length: count }, (_, i) => item(from + i));
}

/** Checks that each key's items were added up once each, in their order. */
function check(taken: readonly Total[], expected: Iterable<Item>): void {
  const wanted = new Map<string, { value: number; sum: number }[]>();
  for (const { key, value } of expected) {
    const list = wanted.get(key) ?? [];
    wanted.set(key, list);
    list.push({ value, sum: (list.at(-1)?.sum ?? 0) + value });
  }
  const found = Map.groupBy(taken, ({ key }) => key);
  assert.equal(found.size, wanted.size);
  for (const [key, list] of wanted) {
    assert.deepEqual(found.get(key)!.map(({ value, sum }) => ({ value, sum })), list, key);
  }
}

function countsOf(taken: readonly Total[]): Record<string, number> {
  return Object.fromEntries(KINDS.map((each) => [each, taken.filter(({ kind }) => kind === each).length]));
}

function withData<T>(work: (data: string) => Promise<T>): Promise<T> {
  const data = mkdtempSync(join(tmpdir(), "shopfloor-affinity-"));
  return work(data).finally(() => rmSync(data, { recursive: true, force: true }));
}

describe("a class that stalls", () => {
  const perSecond = 1_000; // of each kind
  const padding = "x".repeat(1_000);

  /** Opens a factory whose kind `hung` does nothing before the gate opens. */
  async function openHung(workshops: number) {
    const clock = new VirtualClock({ seed: 3 });
    const taken: Total[] = [];
    const gate = Promise.withResolvers<void>();
    const blueprint = sums({
      taken,
      contract: { idleMs: 24 * 60 * 60 * 1_000, maxWorkers: 20 },
      wait: ({ kind }) => kind === "hung" ? gate.promise : undefined,
      source: generator(function* () {
        for (let value = 0;; value++) {
          const made = item(value, { padding });
          // More keys than a workshop may have workers, so that it takes nothing more when they all wait.
          yield made.kind === "hung" ? { ...made, key: `hung-${value % 300}` } : made;
        }
      }),
    });
    const factory = await inline(blueprint, { clock, workshops, ratePerSecond: 3 * perSecond });
    const report = async (): Promise<ClassReport[]> => {
      await clock.advance(1_000);
      return factory.latestInspection()!.classes!;
    };
    return { clock, taken, gate, factory, report };
  }

  it("doesn't slow the others until its backlog is full, then all wait; and nothing is lost", async () => {
    const { clock, taken, gate, factory, report } = await openHung(3);
    await clock.advance(10_000);
    const { hung, quick, third } = countsOf(taken);
    assert.equal(hung, 0);
    for (const count of [quick, third]) assert.ok(count > 9.5 * perSecond, `${count} items in 10 s`);
    const early = await report();
    assert.deepEqual(early.map(({ name, workshops, shared }) => ({ name, workshops, shared })), [
      { name: "hung", workshops: [0], shared: false },
      { name: "quick", workshops: [1], shared: false },
      { name: "third", workshops: [2], shared: false },
    ]);
    assert.ok(early[0].itemsPerSecond === 0 && early[0].waiting > 9 * perSecond && early[0].backlogBytes > 0);
    assert.ok(early[1].itemsPerSecond > 0.9 * perSecond && early[1].backlogBytes === 0);
    assert.ok(early[1].boughtPerSecond > 0.9 * perSecond);

    await clock.advance(50_000);
    const full = countsOf(taken);
    const [late] = await report();
    await clock.advance(10_000);
    assert.deepEqual(countsOf(taken), full, "the source waits");
    assert.ok(late.backlogBytes > 0.9 * OVERDRAFT_BYTES && late.backlogBytes < OVERDRAFT_BYTES + 128 * 1024);

    gate.resolve();
    await clock.advance(1_000);
    const { materials } = await clock.until(factory.drain());
    assert.equal(taken.length, materials);
    const orders = Map.groupBy(taken, ({ key }) => key);
    for (const list of orders.values()) {
      assert.ok(list.every(({ value }, index) => index === 0 || list[index - 1].value < value));
    }
  });

  it("holds up no commit of a durable factory for as long as its belts have room, and is done after a restart", () =>
    withData(async (data) => {
      const taken: Total[] = [];
      for (const hangs of [true, false]) {
        const clock = new VirtualClock({ seed: 4 });
        const gate = Promise.withResolvers<void>();
        const wait = ({ kind }: Item) => kind === "hung" && hangs ? gate.promise : undefined;
        const factory = await inline(sums({ taken, wait }), { clock, workshops: 3, data });
        const from = hangs ? 0 : 3_000;
        await clock.until(factory.push(items(from, 3_000), { committed: true }));
        if (hangs) {
          assert.deepEqual(countsOf(taken), { hung: 0, quick: 1_000, third: 1_000 });
          await clock.until(factory.close());
        } else await clock.until(factory.drain());
      }
      check(taken, items(0, 6_000));
    }));

  it("slows only those that share its workshop, when there are fewer workshops than classes", async () => {
    const { clock, taken, gate, factory, report } = await openHung(2);
    await clock.advance(5_000);
    const shared = (await report()).filter((each) => each.shared).map(({ name }) => name);
    assert.equal(shared.length, 2);
    const counts = countsOf(taken);
    const free = KINDS.find((kind) => !shared.includes(kind))!;
    assert.ok(free === "quick" || free === "third");
    assert.ok(counts[free] > 5 * perSecond);
    gate.resolve();
    await clock.until(factory.close());
  });
});

describe("a factory with an affinity", () => {
  it("has each key in a slot and on a workshop of its class, and finds it there", async () => {
    const clock = new VirtualClock();
    const factory = await inline(sums({ taken: [] }), { clock, workshops: 5 });
    await clock.until(factory.push(items(0, 120)));
    await clock.advance(2_000);
    const classes = factory.latestInspection()!.classes!;
    for (const { key, kind } of items(0, 60)) {
      const worker = await clock.until(factory.worker(key));
      const own = classes.find(({ name }) => name === kind)!;
      assert.ok(own.workshops.includes(worker!.workshop), key);
      assert.equal(worker!.processed, 2);
    }
    assert.equal(await clock.until(factory.worker("nobody")), undefined);
    assert.equal(await clock.until(factory.dismiss("key-7")), true);
    assert.equal(await clock.until(factory.dismiss("key-7")), false);
    const { rejected } = await clock.until(factory.push([{ ...item(1), kind: "purple" }, item(2)]));
    assert.match(
      rejected[0].errors[0],
      /expected one of the classes "hung", "quick", "third", found "purple"/,
    );
    await clock.until(factory.close());
  });

  for (const affinity of [{ of, classes: KINDS, workshops: { quick: 3 } }, of]) {
    it(`keeps each key's order and state however it is scaled, ${typeof affinity}`, async () => {
      const counts = fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 200 })), {
        minLength: 1,
        maxLength: 5,
      });
      await fc.assert(
        fc.asyncProperty(counts, fc.nat(), async (steps, seed) => {
          const clock = new VirtualClock({ seed });
          const taken: Total[] = [];
          const factory = await inline(sums({ taken, affinity }), { clock, seed, workshops: 2 });
          let pushed = 0;
          for (const [workshops, count] of steps) {
            await clock.until(factory.push(items(pushed, count)));
            pushed += count;
            await clock.until(factory.scale(workshops));
            await onOwnWorkshops(factory, clock);
          }
          await clock.until(factory.push(items(pushed, 60)));
          await clock.until(factory.drain());
          check(taken, items(0, pushed + 60));
        }),
        { numRuns: 25 },
      );
    });
  }

  it("goes on where it was, with another number of workshops and other weights", () =>
    withData(async (data) => {
      const taken: Total[] = [];
      let pushed = 0;
      for (const workshops of [3, 5, 2]) {
        const clock = new VirtualClock({ seed: workshops });
        const affinity = { of, classes: KINDS, workshops: { quick: workshops } };
        const factory = await inline(sums({ taken, affinity, remind: true }), { clock, workshops, data });
        await clock.until(factory.push(items(pushed, 300)));
        pushed += 300;
        await clock.until(factory.checkpoint());
        await clock.until(factory.close());
      }
      check(taken, items(0, pushed));
    }));

  it("refuses a directory whose workers would wait in other slots, and takes it when none does", () =>
    withData(async (data) => {
      const taken: Total[] = [];
      const run = async (affinity: Affinity<Item>, { from, remind }: { from: number; remind: boolean }) => {
        const clock = new VirtualClock();
        const factory = await inline(sums({ taken, affinity, remind }), { clock, workshops: 3, data });
        await clock.until(factory.push(items(from, 60)));
        await clock.until(factory.drain());
      };
      const other = { of, classes: [...KINDS, "fourth"] };
      await run(of, { from: 0, remind: false });
      await run({ of, classes: KINDS }, { from: 60, remind: true });
      await assert.rejects(run(other, { from: 120, remind: false }), (error: unknown) => {
        assert.ok(error instanceof StoreError && error.code === "STORE_MISMATCH", String(error));
        assert.match(
          error.message,
          /the affinity \["hung","quick","third"\], not with the affinity \[.*"fourth"\]/,
        );
        return true;
      });
      await run({ of, classes: KINDS }, { from: 120, remind: true });
      check(taken, items(0, 180));
    }));
});

/** Nobody is in two places, and nobody in a slot of another class. */
async function onOwnWorkshops(factory: Factory, clock: VirtualClock): Promise<void> {
  const { workers } = await clock.until(factory.workers({ limit: 1_000 }));
  const { workshops } = await clock.until(factory.status());
  assert.equal(new Set(workers.map(({ key }) => key)).size, workers.length);
  assert.ok(workers.every(({ workshop, slot }) => workshop < workshops && slot === slotOf(slot)));
}
