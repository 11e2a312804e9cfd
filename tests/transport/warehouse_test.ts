import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Load, Warehouse } from "../../src/transport/warehouse.ts";

const TYPES = 3;

const parcel = fc.record({
  type: fc.integer({ min: 0, max: TYPES - 1 }),
  workshop: fc.integer({ min: 0, max: 2 }),
  epoch: fc.integer({ min: 1, max: 4 }),
  rows: fc.integer({ min: 1, max: 50 }),
  at: fc.integer({ min: 0, max: 1_000 }),
  bytes: fc.integer({ min: 0, max: 100 }),
}, { noNullPrototype: true });

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("put" as const), parcel }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("drop" as const), workshop: fc.integer({ min: 0, max: 2 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("take" as const),
      type: fc.integer({ min: 0, max: TYPES - 1 }),
      epoch: fc.integer({ min: 1, max: 4 }),
      rows: fc.integer({ min: 1, max: 100 }),
    }),
  },
);

describe("Warehouse", () => {
  it("keeps loads by epoch and type, hands out a workshop's at a time, oldest first, and counts what waits", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const warehouse = new Warehouse(TYPES);
      let waiting: Load[] = [];
      for (const [sequence, next] of steps.entries()) {
        if (next.do === "put") {
          const { bytes, ...rest } = next.parcel;
          const load = { ...rest, origin: "", sequence, buffer: new ArrayBuffer(bytes) };
          warehouse.put(load);
          waiting.push(load);
        } else if (next.do === "drop") {
          warehouse.drop(next.workshop);
          waiting = waiting.filter(({ workshop }) => workshop !== next.workshop);
        } else {
          const { type, epoch, rows } = next;
          const all = waiting.filter((load) => load.type === type && load.epoch === epoch);
          const candidates = all.filter(({ workshop }) => workshop === all[0].workshop);
          const expected: Load[] = [];
          while (expected.reduce((sum, load) => sum + load.rows, 0) < rows && candidates.length > 0) {
            expected.push(candidates.shift()!);
          }
          assert.deepEqual(warehouse.take(type, epoch, rows), expected);
          waiting = waiting.filter((load) => !expected.includes(load));
        }
        const sum = (loads: Load[], of: (load: Load) => number) =>
          loads.reduce((total, load) => total + of(load), 0);
        assert.equal(warehouse.items, sum(waiting, ({ rows }) => rows));
        assert.equal(warehouse.bytes, sum(waiting, ({ buffer }) => buffer.byteLength));
        for (let epoch = 1; epoch <= 4; epoch++) {
          assert.equal(warehouse.has(epoch), waiting.some((load) => load.epoch === epoch));
        }
        for (let type = 0; type < TYPES; type++) {
          const own = waiting.filter((load) => load.type === type);
          const first = [1, 2, 3, 4].flatMap((epoch) =>
            own.filter((load) => load.epoch === epoch).slice(0, 1)
          );
          assert.deepEqual(warehouse.shelf(type), {
            items: sum(own, ({ rows }) => rows),
            bytes: sum(own, ({ buffer }) => buffer.byteLength),
            oldestAt: Math.min(...first.map(({ at }) => at)),
          });
        }
      }
    }));
  });

  it("knows nothing of an epoch that is done with", () => {
    const warehouse = new Warehouse(1);
    assert.deepEqual(warehouse.take(0, 7, 1), []);
    warehouse.forget(7);
    assert.equal(warehouse.has(7), false);
    assert.deepEqual(warehouse.shelf(0), { items: 0, bytes: 0, oldestAt: Infinity });
  });
});
