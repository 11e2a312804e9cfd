import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { dealSlots, hashKey, slotOf } from "../../src/core/mod.ts";
import { MAX_WORKSHOPS, SLOTS } from "../../src/core/limits.ts";

/**
 * Worked out by an implementation in another language. Whoever changes these loses every data directory: keys would
 * be looked for in other slots.
 */
const VECTORS: Record<string, number> = {
  "": 0xab3e7c0b,
  "a": 0xe6db3b26,
  "b": 0x46ad5f91,
  "sensor-1": 0x74edeeff,
  "sensor-2": 0x980339dd,
  "Grüße": 0x9ba3014c,
  "日本": 0x170ec6e7,
  "😀": 0x5e501e70,
  "\ud83d": 0xc003e5e1,
};

describe("hashKey()", () => {
  it("gives what it has always given", () => {
    for (const [key, hash] of Object.entries(VECTORS)) assert.equal(hashKey(key), hash, JSON.stringify(key));
  });

  it("is an unsigned 32-bit integer, the same every time", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (key) => {
      const hash = hashKey(key);
      assert.ok(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32);
      assert.equal(hashKey(`${key}`), hash);
    }));
  });
});

describe("slotOf()", () => {
  it("spreads numbered keys over all slots, none with more than twice its share", () => {
    for (const prefix of ["", "device-", "https://example.org/sensors/", "k".repeat(100)]) {
      const counts = new Array<number>(SLOTS).fill(0);
      const each = 200;
      for (let i = 0; i < SLOTS * each; i++) counts[slotOf(hashKey(`${prefix}${i}`))]++;
      const [least, most] = [Math.min(...counts), Math.max(...counts)];
      assert.ok(least > each / 2 && most < each * 2, `${prefix}: ${least} to ${most} keys a slot`);
    }
  });

  it("leaves the high bits spread too, which choose the place on a roster", () => {
    const places = 64;
    const counts = new Array<number>(places).fill(0);
    for (let i = 0, found = 0; found < places * 100; i++) {
      const hash = hashKey(`device-${i}`);
      if (slotOf(hash) !== 7) continue;
      found++;
      counts[hash >>> 26]++;
    }
    assert.ok(Math.min(...counts) > 50 && Math.max(...counts) < 200, counts.join(" "));
  });
});

describe("dealSlots()", () => {
  it("deals every slot to a workshop, none more than one apart from another", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: MAX_WORKSHOPS }), (workshops) => {
      const owners = dealSlots(workshops);
      assert.equal(owners.length, SLOTS);
      const slots = new Array<number>(workshops).fill(0);
      for (const owner of owners) slots[owner]++;
      assert.ok(Math.max(...slots) - Math.min(...slots) <= 1);
    }));
  });
});
