import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { dealSlots, hashKey, ItemError, slotOf } from "../../src/core/mod.ts";
import { KEY_UNITS } from "../../src/core/limits.ts";
import { Router } from "../../src/procurement/router.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { accept, items, Lines, type Material, material } from "./lines.ts";

async function openRouter(
  { key = (item: unknown): unknown => (item as Material).key, schema = material as unknown, ...rest }: {
    key?: (item: unknown) => unknown;
    schema?: unknown;
    workshops?: number;
    batches?: number;
    batchBytes?: number;
  } = {},
) {
  const clock = new VirtualClock();
  const lines = new Lines(clock, { schema, ...rest });
  const router = new Router({
    codec: lines.codec,
    key: key as (item: unknown) => string,
    packers: lines.packers,
  });
  await clock.advance(0);
  return { clock, lines, router };
}

/** Routes everything and says what was rejected. */
async function route(options: Parameters<typeof openRouter>[0], given: readonly unknown[]) {
  const { clock, lines, router } = await openRouter({ batches: 16, ...options });
  const rejected: { index: number; error: ItemError }[] = [];
  const reject = (index: number, error: unknown) => {
    assert.ok(error instanceof ItemError, String(error));
    rejected.push({ index, error });
  };
  const stretch = router.route(given, { start: 0, end: given.length, epoch: 1, reject });
  assert.deepEqual(stretch, { next: given.length, blocked: undefined });
  for (const packer of lines.packers) assert.equal(packer.flush(1), true);
  await clock.advance(0);
  return { lines, router, rejected };
}

describe("Router", () => {
  it("brings each item, unchanged and once, to the workshop of its key's slot, in order", async () => {
    const item = fc.record({
      key: fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }),
      value: fc.double({ noNaN: true }),
    }, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(item), async (workshops, given) => {
        const { lines, router, rejected } = await route({ workshops }, given);
        assert.deepEqual(rejected, []);
        assert.equal(router.routed, given.length);
        const owners = dealSlots(workshops);
        lines.arrivals.forEach((arrivals, workshop) => {
          const expected = given.filter(({ key }) => owners[slotOf(hashKey(key))] === workshop);
          assert.deepEqual(arrivals.map((arrival) => arrival.kind === "row" && arrival.item), expected);
          for (const arrival of arrivals) {
            assert.ok(arrival.kind === "row");
            assert.equal(arrival.key, arrival.item.key);
            assert.equal(arrival.hash | 0, hashKey(arrival.key) | 0);
          }
        });
      }),
    );
  });

  it("names the field that doesn't fit, and goes on with the next item", async () => {
    const given = [
      { key: "a", value: 1 },
      { key: "a", value: "2" },
      { key: 3, value: 3 },
      "4",
      null,
      { key: "a" },
      { key: "a", value: 6 },
    ];
    const { lines, rejected } = await route({}, given);
    assert.deepEqual(lines.rows.map(({ item }) => item.value), [1, 6]);
    assert.deepEqual(rejected.map(({ index, error }) => [index, error.fields.field]), [
      [1, "value"],
      [2, "key"],
      [3, ""],
      [4, ""],
      [5, "value"],
    ]);
    for (const { error } of rejected) assert.match(error.message, /^material/);
  });

  it("rejects items whose key can't be one, and says what it was", async () => {
    const keys: [unknown, RegExp][] = [
      ["", /an empty string/],
      ["k".repeat(KEY_UNITS + 1), new RegExp(`${KEY_UNITS + 1} characters`)],
      [7, /number/],
      [null, /null/],
      [undefined, /undefined/],
      [{}, /object/],
    ];
    for (const [key, expected] of keys) {
      const { rejected, router } = await route({ key: () => key }, items(1));
      assert.equal(rejected[0].error.fields.field, "key");
      assert.match(rejected[0].error.message, expected);
      assert.equal(router.routed, 0);
    }
    const { rejected } = await route({ key: () => "k".repeat(KEY_UNITS) }, items(1));
    assert.deepEqual(rejected, []);
  });

  it("rejects items on which key() throws, with what it threw", async () => {
    const cause = new RangeError("no such tenant");
    const key = () => {
      throw cause;
    };
    const { rejected } = await route({ key }, items(1));
    assert.match(rejected[0].error.message, /key\(material\) threw: no such tenant/);
    assert.equal(rejected[0].error.cause, cause);
  });

  it("says what is wrong with an item rather than what key() tripped over because of it", async () => {
    const key = (item: unknown) => (item as Material).key.toLowerCase();
    const { rejected } = await route({ key }, [{ key: 5, value: 1 }, undefined]);
    assert.deepEqual(rejected.map(({ error }) => error.fields.field), ["key", ""]);
    assert.doesNotMatch(rejected[0].error.message, /toLowerCase/);
  });

  it("parses with the whole schema when it says more than shapes, and takes the key of what comes out", async () => {
    const schema = z.object({ key: z.string().trim().toLowerCase(), value: z.coerce.number().min(1) });
    const given = [{ key: " A ", value: "5" }, { key: "b", value: 0 }, { key: "B", value: 2 }];
    const { lines, rejected } = await route({ schema }, given);
    assert.deepEqual(lines.rows.map(({ key, item }) => [key, item]), [
      ["a", { key: "a", value: 5 }],
      ["b", { key: "b", value: 2 }],
    ]);
    assert.deepEqual(rejected.map(({ index }) => index), [1]);
    assert.deepEqual((rejected[0].error.fields.issues as { field: string }[]).map(({ field }) => field), [
      "value",
    ]);
  });

  it("stops behind the item that fills a batch when that has no credit, and goes on there later", async () => {
    const { clock, lines, router } = await openRouter({ batches: 2 });
    lines.open = false;
    const given = items(1_000, { keys: 1 });
    const [packer] = lines.packers;
    let { next, blocked } = router.route(given, { start: 0, end: 1_000, epoch: 1, reject: accept });
    assert.ok(next > 0 && next < 1_000);
    assert.equal(blocked, packer);
    assert.equal(packer.full, true);
    assert.equal(router.routed, next);
    lines.open = true;
    while (next < 1_000) {
      lines.releaseAll();
      await clock.advance(0);
      assert.equal(packer.flush(1), true);
      ({ next, blocked } = router.route(given, { start: next, end: 1_000, epoch: 1, reject: accept }));
    }
    while (!packer.flush(1)) await clock.advance(0);
    await clock.advance(0);
    assert.deepEqual(lines.rows.map(({ item }) => item.value), given.map(({ value }) => value));
  });

  it("sends full batches at once, and leaves the rest to whoever flushes", async () => {
    const { clock, lines, router } = await openRouter({ batches: 8 });
    router.route(items(100, { keys: 1 }), { start: 0, end: 100, epoch: 1, reject: accept });
    await clock.advance(0);
    assert.ok(lines.rows.length > 0 && lines.rows.length < 100);
    assert.equal(lines.rows.length + lines.packers[0].rows, 100);
  });

  it("says of each item without a key what is wrong with it, and goes on with the others", async () => {
    const given = items(200).map((item, index) =>
      index % 50 === 49 ? { ...item, key: index === 99 ? "" : 7 } : item
    );
    const { lines, rejected } = await route({ batches: 64 }, given);
    assert.deepEqual(rejected.map(({ index }) => index), [49, 99, 149, 199]);
    const arrived = lines.arrivals.flat().filter(({ kind }) => kind === "row");
    assert.equal(arrived.length, 196);
  });
});
