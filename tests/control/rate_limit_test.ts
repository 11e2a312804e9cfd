import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createControl } from "../../src/control/mod.ts";
import { networkOf } from "../../src/control/rate_limit.ts";
import { TokenBuckets } from "../../src/control/token_buckets.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { FakeFactory } from "./fake_factory.ts";

const TOKEN = "all";
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** A control with a slow clock, and a way to ask it from an address. */
function openCounter(requestsPerSecond: number) {
  const clock = new VirtualClock();
  const control = createControl(new FakeFactory(), { clock, requestsPerSecond, token: TOKEN });
  const ask = async (address: string, init: RequestInit = bearer(TOKEN)) =>
    await control.fetch(new Request("http://localhost/v1/factory", init), { address });
  return { clock, ask };
}

describe("the rate limit", () => {
  it("answers 429 with Retry-After to a client that asks too often, and to no other", async () => {
    const { ask, clock } = openCounter(5);
    for (let i = 0; i < 10; i++) assert.equal((await ask("10.0.0.1")).status, 200);
    const refused = await ask("10.0.0.1");
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("retry-after"), "1");
    assert.equal((await refused.json()).code, "RATE_LIMITED");
    assert.equal((await ask("10.0.0.2")).status, 200);
    await clock.advance(1_000);
    for (let i = 0; i < 5; i++) assert.equal((await ask("10.0.0.1")).status, 200);
    assert.equal((await ask("10.0.0.1")).status, 429);
  });

  it("makes guessing tokens slow, at no cost to those who have one", async () => {
    const { ask } = openCounter(50);
    let guesses = 0;
    while ((await ask("10.0.0.1", bearer(`guess ${guesses}`))).status === 401) guesses++;
    assert.equal(guesses, 10);
    assert.equal((await ask("10.0.0.1")).status, 200);
  });

  it("lets a stranger ask at least once, however small it is", async () => {
    const { ask } = openCounter(1);
    assert.equal((await ask("10.0.0.1", {})).status, 401);
    assert.equal((await ask("10.0.0.1", {})).status, 429);
  });

  it("counts the addresses of one IPv6 network as one client", () => {
    assert.equal(networkOf("10.0.0.1"), "10.0.0.1");
    assert.equal(networkOf("::ffff:10.0.0.1"), "10.0.0.1");
    assert.equal(networkOf("2001:db8:1:2:3:4:5:6"), networkOf("2001:db8:1:2::9"));
    assert.notEqual(networkOf("2001:db8:1:2::9"), networkOf("2001:db8:1:3::9"));
    assert.equal(networkOf("fe80::1%eth0"), networkOf("fe80::2"));
    assert.equal(networkOf("::1"), "0:0:0:0");
    assert.equal(networkOf(""), "");
  });
});

describe("TokenBuckets", () => {
  it("never give out more than capacity and rate allow, and never less", async () => {
    const steps = fc.array(fc.record({ ms: fc.nat(3_000), cost: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const clock = new VirtualClock();
        const buckets = new TokenBuckets({ clock, perSecond: 2, capacity: 4, clients: 3 });
        let tokens = 4;
        for (const { ms, cost } of steps) {
          await clock.advance(ms);
          tokens = Math.min(4, tokens + ms / 500);
          const waitMs = buckets.take("a", cost);
          if (Math.abs(tokens - cost) < 1e-9) return; // on the edge, rounding decides
          assert.equal(waitMs === 0, tokens >= cost);
          if (waitMs === 0) tokens -= cost;
          else assert.ok(Math.abs(waitMs - (cost - tokens) * 500) < 1e-6);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("remember a bounded number of clients, those of late", () => {
    const buckets = new TokenBuckets({ clock: new VirtualClock(), perSecond: 1, capacity: 1, clients: 100 });
    for (let i = 0; i < 10_000; i++) {
      buckets.take(`${i}`, 1);
      if (i > 0) assert.ok(buckets.take("first", 1) > 0 || i === 1);
    }
    assert.equal(buckets.size, 100);
  });
});
