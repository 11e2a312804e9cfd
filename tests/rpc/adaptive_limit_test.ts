import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { AdaptiveLimit } from "../../src/rpc/adaptive_limit.ts";
import { randomFrom } from "../../src/testing/mod.ts";

/** How a service behaves that is simulated: so many at once at full speed, the rest wait their turn. */
interface Simulated {
  readonly capacity: number;
  readonly serviceMs: number;
  /** Share of the time by which answers vary. */
  readonly noise?: number;
}

/** Keeps as many calls in flight as the limit allows for `ms`, and says how many were answered. */
function drive(limit: AdaptiveLimit, { capacity, serviceMs, noise = 0.05 }: Simulated, ms: number): number {
  const random = randomFrom(7);
  const servers: number[] = new Array(capacity).fill(0); // when each is free again
  const inFlight: { startedAt: number; endsAt: number }[] = [];
  let answered = 0;
  let now = 0;
  const begin = () => {
    const server = servers.indexOf(Math.min(...servers));
    const endsAt = Math.max(now, servers[server]) + serviceMs * (1 + noise * (random() - 0.5));
    servers[server] = endsAt;
    inFlight.push({ startedAt: now, endsAt });
    limit.began(inFlight.length);
  };
  while (now < ms) {
    while (inFlight.length < limit.current) begin();
    const next = inFlight.reduce((a, b) => b.endsAt < a.endsAt ? b : a);
    inFlight.splice(inFlight.indexOf(next), 1);
    now = next.endsAt;
    answered++;
    limit.ended({ at: now, rttMs: now - next.startedAt, backPressure: false });
  }
  return answered;
}

describe("the adaptive limit", () => {
  it("stays from 1 to the most, and grows only where it was reached", () => {
    const samples = fc.record({
      gapMs: fc.integer({ min: 0, max: 100 }),
      rttMs: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
      backPressure: fc.boolean(),
      reached: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (plan, most) => {
        const limit = new AdaptiveLimit({ start: 8, most });
        let at = 0;
        let reached = false;
        for (const { gapMs, rttMs, backPressure, reached: reaches } of plan) {
          const before = limit.current;
          limit.began(reaches ? before : before - 1);
          reached ||= reaches;
          limit.ended({ at: at += gapMs, rttMs, backPressure });
          const after = limit.current;
          assert.ok(Number.isInteger(after) && after >= 1 && after <= most);
          if (after > before) {
            assert.ok(reached, "grew without need");
            reached = false;
          }
          if (after < before) assert.equal(after, Math.max(1, Math.floor(before * 0.9)));
        }
      }),
    );
  });

  it("doubles until the first back-pressure, then grows by one", () => {
    const limit = new AdaptiveLimit({ start: 8, most: 1_000 });
    const seen: number[] = [];
    let at = 0;
    const round = (backPressure: boolean) => {
      limit.began(limit.current);
      limit.ended({ at: at += 100, rttMs: 10, backPressure });
      seen.push(limit.current);
    };
    for (let i = 0; i < 4; i++) round(false);
    round(true);
    for (let i = 0; i < 3; i++) round(false);
    assert.deepEqual(seen, [16, 32, 64, 128, 115, 116, 117, 118]);
    assert.equal(limit.fast, false);
  });

  it("is cut when round trips take much longer than usual", () => {
    const limit = new AdaptiveLimit({ start: 100, most: 1_000 });
    for (let at = 0; at < 1_000; at += 100) {
      limit.ended({ at, rttMs: 10 + at % 200 / 100, backPressure: false });
    }
    assert.equal(limit.current, 100);
    limit.ended({ at: 1_000, rttMs: 40, backPressure: false });
    assert.equal(limit.current, 90);
  });

  it("uses a service to the full, and doesn't flood it", () => {
    for (const capacity of [20, 100]) {
      const limit = new AdaptiveLimit({ start: 8, most: 1_024 });
      const answered = drive(limit, { capacity, serviceMs: 10 }, 20_000);
      const possible = capacity * 2_000;
      assert.ok(answered > possible * 0.8, `${answered} of ${possible} with ${capacity}`);
      assert.ok(limit.current < capacity * 5, `${limit.current} in flight for ${capacity}`);
    }
  });

  it("isn't worn down by noise where nothing is in the way", () => {
    const limit = new AdaptiveLimit({ start: 8, most: 300 });
    drive(limit, { capacity: 300, serviceMs: 10, noise: 0.4 }, 10_000);
    assert.equal(limit.current, 300);
  });
});
