/**
 * What every sink has to do, as tests.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Column, ProductCodec } from "../batch/mod.ts";
import { systemClock } from "../core/mod.ts";
import { DELIVERY_ROWS } from "../core/limits.ts";
import type { Delivery, Sink, SinkContext, SinkWriter } from "../sinks/mod.ts";
import type { Store } from "../store/mod.ts";

/** A product as the suite delivers it. */
export interface TrialProduct {
  /** The product type: `reading` or `alarm`. */
  readonly kind: string;
  /** Counts from 0 in each delivery. */
  readonly number: number;
  /** With characters that want care. */
  readonly text: string;
}

/** A sink under trial, and a look at what it did. Closing the sink is up to the suite, all else to the caller. */
export interface SinkTrial {
  /** Opened by the suite, once. */
  readonly sink: Sink;
  /** The store to open it with; a sink that is exactly-once needs one. */
  readonly store?: Store;
  /** The products of one type that have arrived, in order. Left out by a sink that keeps nothing. */
  readonly arrived?: (kind: string) => TrialProduct[] | Promise<TrialProduct[]>;
}

/** How the suite gets at a sink. Called afresh for each test, with the product types that it will deliver. */
export type SinkCandidate = (products: ReadonlyMap<string, ProductCodec>) => SinkTrial | Promise<SinkTrial>;

/**
 * Registers the sink contract's tests with `node:test`.
 *
 * @example
 * ```ts ignore
 * testSink("my sink", () => {
 *   const rows: TrialProduct[] = [];
 *   return { sink: mySink(rows), arrived: (kind) => rows.filter((row) => row.kind === kind) };
 * });
 * ```
 */
export function testSink(name: string, candidate: SinkCandidate): void {
  describe(`${name} as a sink`, () => {
    testDeliveries(candidate);
    testTransactions(candidate);
    testOwnTransactions(candidate);
    testFailures(candidate);
    testClosing(candidate);
  });
}

function testDeliveries(candidate: SinkCandidate): void {
  it("has everything of every type, in order, once it is flushed", async () => {
    const trial = await Trial.open(candidate);
    const readings = [1, 2, 100, DELIVERY_ROWS, 33].map((count) => products("reading", count));
    for (const some of readings) await trial.write("reading", some);
    await trial.write("alarm", products("alarm", 3));
    await trial.commit();
    await trial.expect("reading", readings.flat());
    await trial.expect("alarm", products("alarm", 3));
    await trial.close();
  });

  it("has what comes after a flush as well", async () => {
    const trial = await Trial.open(candidate);
    for (const number of [1, 2, 3]) {
      await trial.write("reading", [{ kind: "reading", number, text: "" }]);
      await trial.commit();
    }
    await trial.expect("reading", [1, 2, 3].map((number) => ({ kind: "reading", number, text: "" })));
    await trial.close();
  });

  it("takes an empty delivery", async () => {
    const trial = await Trial.open(candidate);
    await trial.write("reading", []);
    await trial.commit();
    await trial.expect("reading", []);
    await trial.close();
  });
}

function testTransactions(candidate: SinkCandidate): void {
  it("forgets what is rolled back, if it joins the store's transaction", async () => {
    const trial = await Trial.open(candidate);
    if (trial.joins) {
      await trial.write("reading", products("reading", 2));
      await trial.commit();
      await trial.write("reading", products("alarm", 100));
      trial.rollBack();
      await trial.write("reading", products("reading", 3));
      await trial.commit();
      await trial.expect("reading", [...products("reading", 2), ...products("reading", 3)]);
    }
    await trial.close();
  });

  it("shows nothing before the commit, if it joins the store's transaction", async () => {
    const trial = await Trial.open(candidate);
    if (trial.joins) {
      await trial.write("reading", products("reading", 2));
      trial.rollBack();
      await trial.expect("reading", []);
    }
    await trial.close();
  });
}

function testOwnTransactions(candidate: SinkCandidate): void {
  it("takes an epoch once however often it comes, if it has transactions of its own", async () => {
    const trial = await Trial.open(candidate);
    if (trial.hasOwnTransactions) {
      await trial.write("reading", products("reading", 2));
      await trial.write("alarm", products("alarm", 1));
      await trial.commit({ times: 3 });
      await trial.write("reading", products("reading", 3));
      await trial.commit({ times: 2 });
      await trial.expect("reading", [...products("reading", 2), ...products("reading", 3)]);
      await trial.expect("alarm", products("alarm", 1));
    }
    await trial.close();
  });

  it("has nothing of an epoch that failed half-way, if it has transactions of its own", async () => {
    const trial = await Trial.open(candidate);
    if (trial.hasOwnTransactions) {
      await trial.write("reading", products("reading", 2));
      await trial.write("alarm", products("alarm", 3));
      await assert.rejects(trial.commit({ failing: true }));
      await trial.expect("reading", []);
      await trial.commit();
      await trial.expect("reading", products("reading", 2));
      await trial.expect("alarm", products("alarm", 3));
    }
    await trial.close();
  });

  it("remembers its last epoch when it is opened again, if it has transactions of its own", async () => {
    const trial = await Trial.open(candidate);
    if (trial.hasOwnTransactions) {
      assert.equal(await trial.lastEpoch(), 0);
      await trial.write("reading", products("reading", 2));
      await trial.commit();
      await trial.reopen();
      assert.equal(await trial.lastEpoch(), 1);
      await trial.write("reading", products("reading", 3));
      await trial.commit();
      await trial.reopen();
      assert.equal(await trial.lastEpoch(), 2);
      await trial.expect("reading", [...products("reading", 2), ...products("reading", 3)]);
    }
    await trial.close();
  });

  it("takes an epoch after a call for it was given up, if it has transactions of its own", async () => {
    const trial = await Trial.open(candidate);
    if (trial.hasOwnTransactions) {
      await trial.write("reading", products("reading", 2));
      await trial.write("alarm", products("alarm", 2));
      await trial.commit({ abandoned: true }).catch(() => {}); // it may have been quick enough
      await trial.commit();
      await trial.expect("reading", products("reading", 2));
      await trial.expect("alarm", products("alarm", 2));
    }
    await trial.close();
  });
}

function testFailures(candidate: SinkCandidate): void {
  it("goes on after a delivery that failed half-way", async () => {
    const trial = await Trial.open(candidate);
    if (trial.hasOwnTransactions) return await trial.close(); // has a test of its own
    await trial.write("reading", products("reading", 2));
    await trial.write("reading", brokenProducts(100)).catch(() => {}); // a sink that doesn't look at them can't fail
    await trial.write("reading", products("reading", 3));
    await trial.commit();
    const arrived = await trial.arrived("reading");
    assert.deepEqual(arrived?.slice(0, 2), arrived && products("reading", 2));
    assert.deepEqual(arrived?.slice(-3), arrived && products("reading", 3));
    if (trial.joins) assert.equal(arrived?.length, 5, "something of the failed delivery was kept");
    await trial.close();
  });
}

function testClosing(candidate: SinkCandidate): void {
  it("can be closed unused, and twice", async () => {
    const trial = await Trial.open(candidate);
    await trial.close();
    await trial.close();
  });

  it("keeps what it has when it is closed", async () => {
    const trial = await Trial.open(candidate);
    await trial.write("reading", products("reading", 5));
    await trial.commit();
    await trial.close();
    await trial.expect("reading", products("reading", 5));
  });
}

/** How a sink with transactions of its own gets an epoch. */
interface Handing {
  /** How often. */
  readonly times?: number;
  /** With an error among the deliveries. */
  readonly failing?: boolean;
  /** With a signal that aborts in the middle. */
  readonly abandoned?: boolean;
}

/** One test's sink, with the driver's part played around it. */
class Trial {
  readonly #trial: SinkTrial;
  readonly #context: SinkContext;
  #writer: SinkWriter;
  #epoch = 1;
  #sequence = 0;
  /** Of the epoch, for a sink with transactions of its own. */
  #deliveries: Delivery[] = [];

  static async open(candidate: SinkCandidate): Promise<Trial> {
    const products = new Map(["reading", "alarm"].map((type) => [type, codecOf(type)]));
    const trial = await candidate(products);
    const { signal } = new AbortController();
    const context = { settings: {}, products, store: trial.store, signal, clock: systemClock };
    return new Trial(trial, { context, writer: await trial.sink.open(context) });
  }

  private constructor(trial: SinkTrial, { context, writer }: { context: SinkContext; writer: SinkWriter }) {
    this.#trial = trial;
    this.#context = context;
    this.#writer = writer;
  }

  /** It writes into the store's transaction. */
  get joins(): boolean {
    return this.#trial.sink.guarantee === "exactly-once" && !this.#writer.deliver;
  }

  /** It gets epochs after they are committed. */
  get hasOwnTransactions(): boolean {
    return this.#writer.deliver !== undefined && this.#trial.store !== undefined;
  }

  async write(type: string, products: readonly TrialProduct[]): Promise<void> {
    if (this.joins) this.#store.begin();
    const delivery: Delivery = {
      type,
      count: products.length,
      products,
      keys: products.map((_, index) => `key ${index}`),
      at: 1_700_000_000_000,
      epoch: this.#epoch,
      workshop: 0,
      idempotencyKey: `${this.#epoch}-0-${this.#sequence++}`,
    };
    if (this.hasOwnTransactions) this.#deliveries.push(delivery);
    else await this.#writer.write(delivery, { signal: this.#context.signal });
  }

  async commit(handing: Handing = {}): Promise<void> {
    if (this.hasOwnTransactions) return await this.#hand(handing);
    await this.#writer.flush?.();
    if (this.joins) this.#store.commit({ epoch: this.#epoch, at: 1_700_000_000_000 });
    this.#epoch++;
  }

  rollBack(): void {
    this.#store.rollback();
  }

  async lastEpoch(): Promise<number> {
    return await this.#writer.lastEpoch?.() ?? 0;
  }

  async reopen(): Promise<void> {
    await this.#writer.close();
    this.#writer = await this.#trial.sink.open(this.#context);
  }

  async arrived(kind: string): Promise<TrialProduct[] | undefined> {
    return await this.#trial.arrived?.(kind);
  }

  async expect(kind: string, products: TrialProduct[]): Promise<void> {
    const arrived = await this.arrived(kind);
    if (arrived) assert.deepEqual(arrived, products);
  }

  async close(): Promise<void> {
    await this.#writer.close();
  }

  async #hand({ times = 1, failing = false, abandoned = false }: Handing): Promise<void> {
    const epoch = this.#epoch;
    const call = new AbortController();
    if (this.#store.committed().epoch < epoch) this.#store.commit({ epoch, at: 1_700_000_000_000 });
    const deliveries = this.#deliveries;
    const handed = function* (): Generator<Delivery> {
      yield* deliveries.slice(0, 1);
      if (failing) throw new Error("the outbox can't be read");
      if (abandoned) call.abort(new Error("overdue"));
      yield* deliveries.slice(1);
    };
    for (let time = 0; time < times; time++) {
      await this.#writer.deliver!(epoch, handed(), { signal: call.signal });
    }
    this.#deliveries = [];
    this.#epoch++;
  }

  get #store(): Store {
    assert.ok(this.#trial.store, "a sink that is exactly-once needs the trial's store");
    return this.#trial.store;
  }
}

function products(kind: string, count: number): TrialProduct[] {
  return Array.from({ length: count }, (_, number) => ({ kind, number, text: `für "日本"\n${number}` }));
}

/** The last of them can't be read. */
function brokenProducts(count: number): TrialProduct[] {
  const broken = {
    kind: "reading",
    number: 0,
    get text(): string {
      throw new Error("this product can't be read");
    },
  };
  return [...products("reading", count - 1), broken];
}

/** A codec that has columns, and encodes nothing. */
function codecOf(type: string): ProductCodec {
  const column = { nullable: false, optional: false };
  const columns: Column[] = [
    { name: "kind", kind: "utf8", logical: "string", ...column },
    { name: "number", kind: "int32", logical: "int", ...column },
    { name: "text", kind: "utf8", logical: "string", ...column },
  ];
  const none = () => assert.fail("sinks have no use for encoded batches");
  const same = (item: unknown) => item;
  return {
    what: `product ${type}`,
    columns,
    refined: false,
    parse: same,
    pick: same,
    writer: none,
    reader: none,
  };
}
