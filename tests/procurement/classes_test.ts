import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import { type Affinity, placementOf } from "../../src/blueprint/mod.ts";
import { dealBlocks, hashKey, ItemError, slotOf } from "../../src/core/mod.ts";
import { LineSender, Packer } from "../../src/line/mod.ts";
import { Buyer } from "../../src/procurement/buyer.ts";
import { Checker } from "../../src/procurement/checker.ts";
import { Classes } from "../../src/procurement/classes.ts";
import { Pace } from "../../src/procurement/pace.ts";
import { Router } from "../../src/procurement/router.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { accept, Lines } from "./lines.ts";

const CLASSES = ["slow", "quick", "third"];
const material = z.object({ key: z.string(), kind: z.string(), value: z.number() });
const codec = compileCodec(material, { what: "material" });
const kindOf = (item: { kind: string }) => item.kind;

function classesOf(affinity: unknown = { of: kindOf, classes: CLASSES }): Classes {
  return new Classes(placementOf(affinity as Affinity<never>), codec);
}

function open({ workshops = 3, overdraftBytes = 0, batches = 2 } = {}) {
  const clock = new VirtualClock();
  const lines = new Lines(clock, { workshops, batches, schema: material });
  const packers = lines.ports.map((port) =>
    new Packer({
      writer: codec.writer(),
      sender: new LineSender(port, clock, { overdraftBytes, onCredit: () => buyer.credited() }),
      clock,
      type: 0,
      batchBytes: 256,
    })
  );
  const table = dealBlocks(placementOf({ of: kindOf, classes: CLASSES } as Affinity<never>).blocks, {
    workshops,
  });
  const key = (item: unknown) => (item as { key: string }).key;
  const router = new Router({ codec, key, classes: classesOf(), packers, table });
  const pace = new Pace(clock, null);
  const buyer: Buyer = new Buyer({ router, packers, pace, clock, lingerMs: 5, epochMs: 1_000, committed: 0 });
  return { clock, lines, packers, router, buyer };
}

describe("Classes.hash()", () => {
  it("keeps the keys of a class in its block", () => {
    const classes = classesOf();
    const { blocks } = placementOf({ of: kindOf, classes: CLASSES } as Affinity<never>);
    fc.assert(fc.property(fc.string({ minLength: 1 }), fc.nat({ max: 2 }), (key, index) => {
      const slot = slotOf(classes.hash({ key, kind: CLASSES[index], value: 1 }, key));
      assert.ok(slot >= blocks[index].first && slot < blocks[index].first + blocks[index].slots);
    }));
  });

  it("chooses one of the blocks by the name, where no classes are declared", () => {
    const classes = classesOf(kindOf);
    const block = (kind: string, key: string) => slotOf(classes.hash({ key, kind, value: 1 }, key)) >> 4;
    fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (kind, one, other) => {
      assert.equal(block(kind, one), block(kind, other));
      assert.equal(block(kind, one), hashKey(kind) % 16);
    }));
  });

  it("says what is wrong with a class that is none, and with an item that is none", () => {
    const item = { key: "k", kind: "purple", value: 1 };
    const message = (affinity: unknown, given: unknown) => {
      try {
        classesOf(affinity).hash(given, "k");
      } catch (error) {
        assert.ok(error instanceof ItemError);
        return error.message;
      }
    };
    const declared = { of: kindOf, classes: CLASSES };
    assert.equal(
      message(declared, item),
      'material: affinity(material): expected one of the classes "slow", "quick", "third", found "purple"',
    );
    assert.match(message(() => 7, item)!, /affinity\(material\): expected a string, found number/);
    const broken = () => {
      throw new TypeError("broken");
    };
    assert.match(message(broken, item)!, /affinity\(material\) threw: broken/);
    assert.match(message(declared, { ...item, kind: 7 })!, /kind/);
    assert.doesNotMatch(message(declared, { ...item, kind: 7 })!, /affinity/);
  });
});

describe("a Router with classes", () => {
  it("brings each class to its workshops, in the order of each key, and counts", async () => {
    const { clock, lines, packers, router } = open({ batches: 64 });
    await clock.advance(0);
    const given = Array.from({ length: 600 }, (_, value) => ({
      key: `key-${value % 60}`,
      kind: CLASSES[value % 60 % 3],
      value,
    }));
    router.route(given, { start: 0, end: given.length, epoch: 1, reject: accept });
    for (const packer of packers) packer.flush(1);
    await clock.advance(0);
    lines.arrivals.forEach((arrivals, workshop) => {
      const items = arrivals.flatMap((arrival) => arrival.kind === "row" ? [arrival.item] : []);
      assert.deepEqual(items, given.filter(({ kind }) => kind === CLASSES[workshop]));
    });
    assert.deepEqual(
      router.classes,
      CLASSES.map((name, index) => ({ name, materials: 200, workshops: [index] })),
    );
  });

  it("rejects what is of no class, and the others go on", async () => {
    const { clock, lines, packers, router } = open();
    await clock.advance(0);
    const rejected: number[] = [];
    const given = ["slow", "purple", "quick"].map((kind, value) => ({ key: "k", kind, value }));
    router.route(given, { start: 0, end: 3, epoch: 1, reject: (index) => rejected.push(index) });
    for (const packer of packers) packer.flush(1);
    await clock.advance(0);
    assert.deepEqual(rejected, [1]);
    assert.equal(lines.rows.length, 2);
  });
});

describe("Checker.check() with classes", () => {
  it("rejects what is of no class before it is admitted", async () => {
    const key = (item: unknown) => (item as { key: string }).key;
    const checker = new Checker({ codec, key, classes: classesOf() }, new VirtualClock());
    const { accepted, rejected } = await checker.check([
      { key: "k", kind: "slow", value: 1 },
      { key: "k", kind: "purple", value: 1 },
    ]);
    assert.equal(accepted, 1);
    assert.match(rejected[0].errors[0], /expected one of the classes/);
  });
});

describe("a Buyer whose lines may be overdrawn", () => {
  const mixed = Array.from({ length: 3_000 }, (_, value) => ({
    key: `key-${value % 3}`,
    kind: CLASSES[value % 3],
    value,
  }));

  it("buys for the others while one line takes nothing, and loses nothing", async () => {
    const { clock, lines, buyer } = open({ overdraftBytes: 1024 * 1024 });
    await clock.advance(0);
    lines.stall(0);
    await clock.until(buyer.buy({ items: mixed, reject: accept }));
    await clock.advance(10);
    const rows = () => lines.arrivals.map((arrivals) => arrivals.filter(({ kind }) => kind === "row").length);
    assert.deepEqual(rows().slice(1), [1_000, 1_000]);
    assert.ok(rows()[0] < 100);
    lines.releaseAll();
    await clock.advance(10);
    assert.deepEqual(rows(), [1_000, 1_000, 1_000]);
    const values = lines.arrivals[0].flatMap((arrival) => arrival.kind === "row" ? [arrival.item.value] : []);
    assert.deepEqual(values, mixed.filter(({ kind }) => kind === "slow").map(({ value }) => value));
  });

  it("doesn't run ahead of lines that are all full", async () => {
    const { clock, lines, packers, buyer } = open({ overdraftBytes: 1024 * 1024 });
    await clock.advance(0);
    for (const workshop of [0, 1, 2]) lines.stall(workshop);
    let bought = false;
    const buying = buyer.buy({ items: mixed, reject: accept }).then(() => bought = true);
    await clock.advance(100);
    assert.equal(bought, false);
    const backlogs = packers.map(({ sender }) => sender.figures().backlogBytes!);
    assert.ok(Math.max(...backlogs) < 4_096, backlogs.join(" "));
    lines.releaseAll();
    await clock.until(buying);
    await clock.advance(10);
    assert.equal(lines.rows.length, 3_000);
    buyer.close();
  });

  it("waits when the bound is reached, and ends an epoch when there is room again", async () => {
    const { clock, lines, packers, buyer } = open({ overdraftBytes: 4_096 });
    await clock.advance(0);
    lines.stall(0);
    let bought = false;
    const buying = buyer.buy({ items: mixed, reject: accept }).then(() => bought = true);
    await clock.advance(100);
    assert.equal(bought, false);
    assert.ok(packers[0].sender.figures().backlogBytes! <= 4_096 + 1_024);
    lines.releaseAll();
    await clock.until(buying);
    await clock.until(buyer.endEpoch({ settle: true }));
    await clock.advance(10);
    for (const arrivals of lines.arrivals) {
      assert.equal(arrivals.filter(({ kind }) => kind === "row").length, 1_000);
      assert.equal(arrivals.at(-1)!.kind, "barrier");
    }
    buyer.close();
  });

  it("lets barriers pass, and counts what they have passed as committed with the epoch that it leaves in", async () => {
    const { clock, lines, buyer } = open({ overdraftBytes: 1024 * 1024 });
    await clock.advance(0);
    lines.stall(0);
    const epoch = await clock.until(buyer.buy({ items: mixed, reject: accept }));
    await clock.until(buyer.endEpoch());
    await clock.advance(10);
    for (const arrivals of lines.arrivals) assert.ok(arrivals.some(({ kind }) => kind === "barrier"));
    assert.equal(buyer.committed(epoch), epoch - 1);
    let committed = false;
    const waiting = buyer.untilCommitted(epoch).then(() => committed = true);
    lines.releaseAll();
    await clock.advance(10);
    assert.equal(buyer.committed(epoch), epoch - 1, "it has left, and isn't committed");
    assert.equal(await clock.until(buyer.endEpoch()), epoch + 1, "although nothing has come since");
    assert.equal(committed, false);
    assert.equal(buyer.committed(epoch + 1), epoch + 1);
    await waiting;
    assert.equal(await clock.until(buyer.endEpoch()), epoch + 1, "nothing is left to be committed");
    buyer.close();
  });
});
