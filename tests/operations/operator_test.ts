import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { INSPECTIONS } from "../../src/core/limits.ts";
import {
  Histogram,
  type ProcurementFigures,
  type TransportFigures,
  type WorkshopFigures,
} from "../../src/metrics/mod.ts";
import { type Inspection, OperationsDepartment, Operator } from "../../src/operations/mod.ts";
import { line, procurement, product, transport, workshop } from "./figures.ts";
import { ManualClock } from "./manual_clock.ts";

/** A department whose answers a test decides. */
class Fake<F> {
  asked = 0;
  open = 0;
  mostOpen = 0;
  answer: () => F | Promise<F>;
  figuresNow: F;

  constructor(figures: F) {
    this.figuresNow = figures;
    this.answer = () => this.figuresNow;
  }

  fallSilent(): void {
    this.answer = () => new Promise(() => {});
  }

  async figures(): Promise<F> {
    this.asked++;
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    try {
      return structuredClone(await this.answer());
    } finally {
      this.open--;
    }
  }
}

let clock: ManualClock;
let buyer: Fake<ProcurementFigures>;
let workshops: Fake<WorkshopFigures>[];
let dispatcher: Fake<TransportFigures>;

function operator(): Operator {
  const premises = { procurement: buyer, workshops, transport: dispatcher };
  return new Operator({ clock, ...premises, memory: () => 123_456_789 });
}

function started(): Operator {
  const made = operator();
  made.start();
  return made;
}

function restaff(operator: Operator, workshops: Fake<WorkshopFigures>[]): void {
  operator.restaff({ procurement: buyer, transport: dispatcher, workshops });
}

beforeEach(() => {
  clock = new ManualClock();
  buyer = new Fake(procurement());
  workshops = [new Fake(workshop(0)), new Fake(workshop(1))];
  dispatcher = new Fake(transport());
});

describe("Operator", () => {
  it("start() takes a first look, so that the first report after a second has rates", async () => {
    const o = started();
    await clock.advance(500);
    assert.equal(o.latest(), undefined);
    buyer.figuresNow.materials = 3_000;
    workshops[0].figuresNow.materials = 1_000;
    workshops[0].figuresNow.products = 10;
    workshops[1].figuresNow.materials = 2_000;
    await clock.advance(500);
    const report = o.latest()!;
    assert.equal(report.at, clock.now());
    assert.equal(report.boughtPerSecond, 3_000);
    assert.equal(report.itemsPerSecond, 3_000);
    assert.equal(report.productsPerSecond, 10);
    assert.deepEqual(report.workshops.map((w) => w.itemsPerSecond), [1_000, 2_000]);
    assert.equal(report.bottleneck, "source");
    assert.equal(report.memoryBytes, 123_456_789);
    assert.equal(clock.timers, 1);
    o.close();
  });

  it("reports only what has changed since the last report", async () => {
    const o = started();
    workshops[0].figuresNow.materials = 1_000;
    await clock.advance(1_000);
    await clock.advance(1_000);
    assert.equal(o.latest()!.itemsPerSecond, 0);
    assert.equal(o.latest()!.bottleneck, null);
    o.close();
  });

  it("reports busy time as a share of the time between two answers", async () => {
    const o = started();
    await clock.advance(1_000);
    buyer.figuresNow.busyMs = 250;
    workshops[1].figuresNow.busyMs = 980;
    dispatcher.figuresNow.busyMs = 5_000;
    await clock.advance(1_000);
    const report = o.latest()!;
    assert.equal(report.procurement.busy, 0.25);
    assert.deepEqual(report.workshops.map((w) => w.busy), [0, 0.98]);
    assert.equal(report.transport.busy, 1);
    o.close();
  });

  it("reports latency and turns of the last second alone", async () => {
    const turns = new Histogram();
    const latency = [new Histogram(), new Histogram()];
    turns.record(60);
    latency[0].record(60);
    const show = () => {
      workshops[0].figuresNow = workshop(0, { turns: turns.snapshot(), latency: latency[0].snapshot() });
      workshops[1].figuresNow = workshop(1, { latency: latency[1].snapshot() });
    };
    show();
    const o = started();
    await clock.advance(500);
    turns.record(0.002, 100);
    latency[0].record(0.01, 90);
    latency[1].record(0.5, 10);
    show();
    await clock.advance(500);
    const { latencyMs, workshops: [first, second] } = o.latest()!;
    assert.ok(Math.abs(latencyMs.p50 - 10) < 0.5, `${latencyMs.p50}`);
    assert.ok(Math.abs(latencyMs.p99 - 500) < 25, `${latencyMs.p99}`);
    assert.ok(Math.abs(first.turnMs.p99 - 2) < 0.1, `${first.turnMs.p99}`);
    assert.deepEqual(second.turnMs, { p50: 0, p99: 0 });
    await clock.advance(1_000);
    assert.deepEqual(o.latest()!.latencyMs, { p50: 0, p99: 0 });
    o.close();
  });

  it("reports each line with its back-pressure, and the workshop that causes it", async () => {
    const o = started();
    await clock.advance(500);
    buyer.figuresNow = procurement({
      materials: 900,
      lines: [
        line({ sentItems: 300 }),
        line({ sentItems: 600, batches: 8, items: 16, bytes: 32, oldestMs: 40, blockedMs: 700 }),
      ],
    });
    workshops[1].figuresNow.busyMs = 990;
    await clock.advance(500);
    const report = o.latest()!;
    assert.deepEqual(report.lines[1], {
      workshop: 1,
      batches: 8,
      items: 16,
      bytes: 32,
      capacityBatches: 8,
      oldestMs: 40,
      backPressure: "high",
      blocked: 0.7,
      itemsPerSecond: 600,
    });
    assert.equal(report.lines[0].backPressure, "ok");
    assert.equal(report.lines[0].itemsPerSecond, 300);
    assert.equal(report.bottleneck, "workshop 1");
    o.close();
  });

  it("reports transport as the bottleneck when a conveyor is blocked", async () => {
    const o = started();
    await clock.advance(500);
    workshops[1].figuresNow.conveyor.blockedMs = 600;
    await clock.advance(500);
    assert.equal(o.latest()!.bottleneck, "transport");
    o.close();
  });

  it("passes figures on as they are", async () => {
    buyer.figuresNow = procurement({
      rejected: 2,
      materials: 7,
      epoch: 9,
      offset: { byte: 5 },
      pushWaiting: 3,
    });
    workshops[0].figuresNow = workshop(0, {
      workers: 4,
      hired: 6,
      dismissed: { idle: 1, age: 1 },
      products: 5,
      retries: 3,
      deadLetters: { error: 1, deadline: 1 },
      belted: 8,
      inFlight: 2,
      heapBytes: 99,
    });
    workshops[1].figuresNow = workshop(1, { workers: 1, hired: 1, products: 1 });
    dispatcher.figuresNow = transport({
      products: [product("average")],
      items: 2,
      bytes: 20,
      committedEpoch: 7,
    });
    const o = started();
    await clock.advance(1_000);
    const report = o.latest()!;
    assert.deepEqual(report.totals, {
      materials: 7,
      products: 6,
      retries: 3,
      deadLetters: 2,
      hired: 7,
      dismissed: 2,
      rejected: 2,
    });
    assert.equal(report.workers, 5);
    assert.deepEqual(report.warehouse, {
      items: 2,
      bytes: 20,
      capacityBytes: 1_000,
      products: [product("average")],
    });
    assert.deepEqual(report.epoch, { current: 9, committed: 7 });
    assert.deepEqual(report.procurement, {
      source: "ndjson readings.ndjson",
      state: "buying",
      offset: { byte: 5 },
      ratePerSecond: null,
      pushWaiting: 3,
      busy: 0,
    });
    const { belted, inFlight, heapBytes, slots } = report.workshops[0];
    assert.deepEqual({ belted, inFlight, heapBytes, slots }, {
      belted: 8,
      inFlight: 2,
      heapBytes: 99,
      slots: 128,
    });
    o.close();
  });

  it("reports a workshop that stops answering as silent, with its last figures and without delay", async () => {
    workshops[1].figuresNow.workers = 42;
    const o = started();
    const reports: Inspection[] = [];
    o.subscribe((inspection) => void reports.push(inspection));
    await clock.advance(500);
    workshops[0].figuresNow.materials = 100;
    workshops[1].figuresNow.materials = 200;
    await clock.advance(500);
    workshops[1].fallSilent();
    for (let second = 0; second < 10; second++) {
      workshops[0].figuresNow.materials += 100;
      await clock.advance(1_000);
    }
    const states = reports.map((report) => report.workshops[1].state);
    assert.deepEqual(states.slice(0, 3), ["ok", "ok", "ok"]);
    assert.deepEqual(new Set(states.slice(3)), new Set(["silent"]));
    assert.ok(reports.length >= 10, `${reports.length} reports in 11 s`);
    const last = reports.at(-1)!;
    assert.equal(last.workshops[1].workers, 42);
    assert.equal(last.workshops[1].itemsPerSecond, 0);
    assert.equal(last.itemsPerSecond, 100);
    assert.equal(last.workers, 42);
    assert.equal(last.workshops[0].state, "ok");
    o.close();
  });

  it("waits a quarter of the interval for a late answer, and reports its last rates again", async () => {
    const o = started();
    await clock.advance(500);
    workshops[1].figuresNow.materials = 200;
    await clock.advance(500);
    workshops[1].fallSilent();
    await clock.advance(1_249);
    assert.equal(o.history().length, 1);
    await clock.advance(1);
    assert.equal(o.history().length, 2);
    assert.equal(o.latest()!.workshops[1].state, "ok");
    assert.equal(o.latest()!.workshops[1].itemsPerSecond, 200);
    o.close();
  });

  it("keeps one question open at most, however long a department is silent", async () => {
    const o = started();
    await clock.advance(1_000);
    for (const fake of [buyer, dispatcher, ...workshops]) fake.fallSilent();
    await clock.advance(60_000);
    for (const fake of [buyer, dispatcher, ...workshops]) {
      assert.equal(fake.mostOpen, 1);
      assert.equal(fake.asked, 3);
    }
    assert.ok(o.history().length >= 58, `${o.history().length} reports in 61 s`);
    assert.equal(o.latest()!.procurement.state, "silent");
    assert.equal(o.latest()!.bottleneck, "transport");
    o.close();
  });

  it("goes on with a department that answers again, with rates over the whole time since its last report", async () => {
    const o = started();
    await clock.advance(1_000);
    const late = Promise.withResolvers<WorkshopFigures>();
    workshops[1].answer = () => late.promise;
    await clock.advance(4_500);
    assert.equal(o.latest()!.workshops[1].state, "silent");
    workshops[1].figuresNow.materials = 450;
    workshops[1].answer = () => workshops[1].figuresNow;
    late.resolve(workshop(1, { materials: 450 }));
    const answeredAt = clock.now();
    await clock.advance(1_000);
    const { at, workshops: [, report] } = o.latest()!;
    assert.ok(at > answeredAt);
    assert.equal(report.state, "ok");
    assert.equal(Math.round(report.itemsPerSecond * (at - answeredAt + 4_500) / 1_000), 450);
    o.close();
  });

  it("reports a workshop that answers with an error as failed, until it answers well", async () => {
    const o = started();
    await clock.advance(500);
    workshops[0].figuresNow.materials = 100;
    await clock.advance(500);
    workshops[0].answer = () => Promise.reject(new Error("broken"));
    await clock.advance(1_000);
    assert.equal(o.latest()!.workshops[0].state, "failed");
    assert.equal(o.latest()!.workshops[0].itemsPerSecond, 0);
    assert.equal(o.latest()!.workshops[1].state, "ok");
    workshops[0].answer = () => workshops[0].figuresNow;
    workshops[0].figuresNow.materials = 300;
    await clock.advance(1_000);
    assert.equal(o.latest()!.workshops[0].state, "ok");
    assert.equal(o.latest()!.workshops[0].itemsPerSecond, 100);
    o.close();
  });

  it("takes figures from objects that answer or throw at once", async () => {
    let broken = true;
    const plain = {
      figures(): WorkshopFigures {
        if (broken) throw new Error("not open");
        return workshop(0, { workers: 3 });
      },
    };
    const o = new Operator({
      clock,
      procurement: buyer,
      workshops: [plain],
      transport: dispatcher,
      memory: () => 0,
    });
    o.start();
    await clock.advance(1_000);
    assert.equal(o.latest()!.workshops[0].state, "failed");
    broken = false;
    await clock.advance(1_000);
    assert.equal(o.latest()!.workshops[0].state, "ok");
    assert.equal(o.latest()!.workers, 3);
    o.close();
  });

  it("reports departments that have never answered", async () => {
    for (const fake of [buyer, dispatcher, ...workshops]) fake.fallSilent();
    const o = started();
    await clock.advance(1_250);
    const report = o.latest()!;
    assert.deepEqual(report.workshops.map(({ id, state }) => ({ id, state })), [
      { id: 0, state: "silent" },
      { id: 1, state: "silent" },
    ]);
    assert.deepEqual(report.lines, []);
    assert.equal(report.procurement.state, "silent");
    assert.deepEqual(report.warehouse, { items: 0, bytes: 0, capacityBytes: 0, products: [] });
    o.close();
  });

  it("subscribe() tells of every report until unsubscribed", async () => {
    const o = started();
    const told: Inspection[] = [];
    const unsubscribe = o.subscribe((inspection) => void told.push(inspection));
    await clock.advance(2_000);
    assert.deepEqual(told, o.history());
    unsubscribe();
    await clock.advance(1_000);
    assert.equal(told.length, 2);
    o.close();
  });

  it("subscribe() spares the others a listener that throws, rejects or is slow", async () => {
    const o = started();
    let slow = 0;
    let told = 0;
    o.subscribe(() => {
      throw new Error("thrown");
    });
    o.subscribe(() => Promise.reject(new Error("rejected")));
    o.subscribe(() => {
      slow++;
      return new Promise(() => {});
    });
    o.subscribe(() => void told++);
    await clock.advance(3_000);
    assert.equal(told, 3);
    assert.equal(slow, 1);
    o.close();
  });

  it("history() keeps the reports of an hour", async () => {
    workshops = [];
    const o = started();
    await clock.advance(1_000);
    const first = o.latest()!.at;
    await clock.advance(INSPECTIONS * 1_000);
    assert.equal(o.history(Infinity).length, INSPECTIONS);
    assert.equal(o.history()[0].at, first + 1_000);
    assert.deepEqual(o.history(2).map(({ at }) => at), [clock.now() - 1_000, clock.now()]);
    assert.deepEqual(o.history(0), []);
    o.close();
  });

  it("restaff() counts restarts and keeps the totals of workshops that are gone", async () => {
    workshops[0].figuresNow.products = 5;
    workshops[1].figuresNow = workshop(1, { products: 7, deadLetters: { error: 1 } });
    const o = started();
    await clock.advance(1_000);
    const again = new Fake(workshop(1, { products: 1 }));
    const third = new Fake(workshop(2));
    restaff(o, [workshops[0], again, third]);
    await clock.advance(1_000);
    const report = o.latest()!;
    assert.deepEqual(report.workshops.map(({ restarts }) => restarts), [0, 1, 0]);
    assert.equal(report.totals.products, 13);
    assert.equal(report.totals.deadLetters, 1);
    assert.equal(report.productsPerSecond, 0);
    again.figuresNow.products = 4;
    await clock.advance(1_000);
    assert.equal(o.latest()!.productsPerSecond, 3);
    assert.equal(o.latest()!.totals.products, 16);
    o.close();
  });

  it("accounts() tells counts by reason and histograms, and keeps the counts of workshops that are gone", async () => {
    const o = started();
    await clock.advance(500);
    assert.deepEqual(o.accounts().workshops.map(({ workshop }) => workshop), [0, 1]);
    const turns = new Histogram();
    turns.record(1);
    workshops[0].figuresNow = workshop(0, {
      hired: 5,
      dismissed: { idle: 2 },
      deadLetters: { error: 3 },
      turns: turns.snapshot(),
    });
    workshops[1].figuresNow = workshop(1, { hired: 1, dismissed: { idle: 1, age: 1 } });
    await clock.advance(500);
    restaff(o, [
      new Fake(workshop(0, { dismissed: { age: 1 }, deadLetters: { error: 1 } })),
      workshops[1],
    ]);
    await clock.advance(1_000);
    const accounts = o.accounts();
    assert.deepEqual(accounts.dismissed, { idle: 3, age: 2 });
    assert.deepEqual(accounts.deadLetters, { error: 4 });
    assert.equal(accounts.totals.hired, 6);
    assert.equal(accounts.totals.dismissed, 5);
    assert.equal(accounts.workshops[0].turns.count, 0);
    assert.deepEqual(accounts.restarts, { procurement: 0, transport: 0, "workshop 0": 1, "workshop 1": 0 });
    dispatcher = new Fake(transport());
    restaff(o, workshops);
    assert.equal(o.accounts().restarts.transport, 1);
    structuredClone(accounts);
    o.close();
  });

  it("raises an alarm for what it finds, and clears it", async () => {
    const o = started();
    workshops[1].fallSilent();
    await clock.advance(4_000);
    assert.deepEqual(o.latest()!.alarms.map(({ kind, subject }) => [kind, subject]), [
      ["silent-workshop", "workshop 1"],
    ]);
    restaff(o, [workshops[0], new Fake(workshop(1))]);
    await clock.advance(10_000);
    assert.deepEqual(o.latest()!.alarms, []);
    o.close();
  });

  it("close() leaves no timer behind and reports no more", async () => {
    const o = started();
    await clock.advance(1_000);
    const late = Promise.withResolvers<ProcurementFigures>();
    buyer.answer = () => late.promise;
    await clock.advance(1_100);
    o.close();
    o.close();
    assert.equal(clock.timers, 0);
    late.resolve(procurement());
    await clock.advance(5_000);
    assert.equal(o.history().length, 1);
    o.start();
    assert.equal(clock.timers, 0);
  });
});

describe("OperationsDepartment", () => {
  it("inspects from open() to close()", async () => {
    const department = new OperationsDepartment(clock, () => 1);
    assert.equal(department.latest(), undefined);
    assert.deepEqual(department.history(5), []);
    assert.throws(() => department.subscribe(() => {}), { code: "CLOSED" });
    department.open({ intervalMs: 100 }, { procurement: buyer, workshops, transport: dispatcher });
    const told: Inspection[] = [];
    department.subscribe((inspection) => void told.push(inspection));
    await clock.advance(300);
    assert.equal(told.length, 3);
    assert.deepEqual(department.latest(), told[2]);
    assert.deepEqual(department.history(2), told.slice(1));
    department.restaff({ procurement: buyer, transport: dispatcher, workshops: [workshops[1]] });
    await clock.advance(100);
    assert.deepEqual(department.latest()!.workshops.map(({ id }) => id), [1]);
    department.close();
    assert.equal(clock.timers, 0);
  });

  it("open() again leaves nothing of the operator before", async () => {
    const department = new OperationsDepartment(clock, () => 1);
    department.open({ intervalMs: 100 }, { procurement: buyer, workshops, transport: dispatcher });
    department.open({ intervalMs: 100 }, { procurement: buyer, workshops, transport: dispatcher });
    assert.equal(clock.timers, 1);
    await clock.advance(100);
    assert.equal(department.history(5).length, 1);
    department.close();
  });

  it("reports plain data that can be posted", async () => {
    const department = new OperationsDepartment(clock, () => 1);
    department.open({ intervalMs: 100 }, { procurement: buyer, workshops, transport: dispatcher });
    await clock.advance(100);
    assert.deepEqual(structuredClone(department.latest()), department.latest());
    assert.deepEqual(JSON.parse(JSON.stringify(department.latest())), department.latest());
    department.close();
  });
});
