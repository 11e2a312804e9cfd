import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { backOffMs, retryAfterMs } from "../../src/rpc/back_off.ts";

describe("the back-off", () => {
  it("is anything up to a time that doubles from 25 ms to two seconds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, chance) => {
          const most = Math.min(2_000, 25 * 2 ** (failures - 1));
          const ms = backOffMs(failures, () => chance);
          assert.ok(Math.abs(ms - chance * most) < 1e-9);
        },
      ),
    );
  });
});

describe("Retry-After", () => {
  const now = Date.UTC(2026, 0, 1);

  it("holds seconds or a date", () => {
    assert.equal(retryAfterMs("3", now), 3_000);
    assert.equal(retryAfterMs("Thu, 01 Jan 2026 00:00:05 GMT", now), 5_000);
    assert.equal(retryAfterMs("Wed, 31 Dec 2025 00:00:00 GMT", now), 0);
  });

  it("is passed over when it can't be read", () => {
    assert.equal(retryAfterMs(undefined, now), undefined);
    fc.assert(fc.property(fc.string(), (text) => {
      const ms = retryAfterMs(text, now);
      assert.ok(ms === undefined || ms >= 0);
    }));
  });
});
