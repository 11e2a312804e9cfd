import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ServiceEndpoint } from "../../src/rpc/endpoint.ts";
import { Fleet } from "../../src/rpc/fleet.ts";
import type { Outcome } from "../../src/rpc/outcome.ts";
import { VirtualClock } from "../../src/testing/mod.ts";

const answered: Outcome = { kind: "answered", value: undefined };
const failed: Outcome = {
  kind: "failed",
  code: "internal",
  message: "",
  fields: {},
  sent: true,
  healthy: false,
  backPressure: false,
  retryable: false,
};
const busy: Outcome = { ...failed, code: "resource_exhausted", healthy: true, backPressure: true };

const urlOf = (index: number) => `http://127.0.0.1:${9_000 + index}`;

/** A fleet of so many endpoints, and time that is told. */
function fleetOf(count: number, seed: number = 1): { fleet: Fleet; clock: VirtualClock } {
  const clock = new VirtualClock({ seed });
  const fleet = new Fleet(clock, () => clock.random());
  fleet.update(Array.from({ length: count }, (_, index) => ({ url: urlOf(index) })));
  return { fleet, clock };
}

/** How an endpoint behaves. */
interface Conduct {
  readonly ms: number;
  readonly outcome?: () => Outcome;
}

/** Keeps `atOnce` calls under way for `ms`, and counts each endpoint's. */
async function load(
  { fleet, clock }: { fleet: Fleet; clock: VirtualClock },
  { conducts, atOnce, ms }: { conducts: readonly Conduct[]; atOnce: number; ms: number },
): Promise<number[]> {
  const calls: number[] = conducts.map(() => 0);
  const end = clock.monotonic() + ms;
  const next = () => {
    if (clock.monotonic() >= end) return;
    const endpoint = fleet.pick();
    if (endpoint === undefined) return void clock.after(10, next);
    const index = Number(endpoint.url.slice(-1));
    calls[index]++;
    const ticket = endpoint.begin();
    clock.after(conducts[index].ms, () => {
      endpoint.end(ticket, conducts[index].outcome?.() ?? answered);
      next();
    });
  };
  for (let i = 0; i < atOnce; i++) next();
  await clock.advance(ms + 200);
  return calls;
}

const share = (calls: readonly number[], index: number) =>
  calls[index] / calls.reduce((sum, each) => sum + each, 0);

describe("a service's endpoints", () => {
  it("get calls by how fast they are", async () => {
    const calls = await load(fleetOf(3), {
      conducts: [{ ms: 5 }, { ms: 5 }, { ms: 100 }],
      atOnce: 12,
      ms: 500,
    });
    assert.ok(share(calls, 2) < 0.05, calls.join());
    assert.ok(Math.abs(share(calls, 0) - share(calls, 1)) < 0.1, calls.join());
  });

  it("get the fewer calls the more they ask for less, however fast they do", async () => {
    const conducts = [{ ms: 5 }, { ms: 1, outcome: () => busy }];
    const calls = await load(fleetOf(2), { conducts, atOnce: 4, ms: 500 });
    assert.ok(share(calls, 1) < 0.2, calls.join());
  });

  it("don't seem fast because nobody waits for their answers", async () => {
    const conducts = [{ ms: 5 }, { ms: 5 }, {
      ms: 100,
      outcome: (): Outcome => ({ kind: "given up", reason: "slow" }),
    }];
    const calls = await load(fleetOf(3), { conducts, atOnce: 12, ms: 500 });
    assert.ok(calls[2] < 12, calls.join());
  });

  it("are left out when they fail more than the others, and come back slowly", async () => {
    const opened = fleetOf(3);
    let nth = 0;
    const conducts = [{ ms: 5 }, { ms: 5 }, { ms: 5, outcome: () => ++nth % 3 === 0 ? failed : answered }];
    await load(opened, { conducts, atOnce: 3, ms: 5_200 });
    assert.deepEqual(opened.fleet.figures().map(({ state }) => state), ["closed", "closed", "ejected"]);
    const healthy = conducts.map(({ ms }) => ({ ms }));
    const out = await load(opened, { conducts: healthy, atOnce: 3, ms: 2_000 });
    assert.equal(out[2], 0);
    await opened.clock.advance(2_700);
    const back = await load(opened, { conducts: healthy, atOnce: 3, ms: 500 });
    const later = await load(opened, { conducts: healthy, atOnce: 3, ms: 6_000 });
    assert.ok(back[2] > 0 && share(back, 2) < 0.25, back.join());
    assert.ok(share(later, 2) > share(back, 2), later.join());
  });

  it("keep what is known of them when the list changes; new ones start slowly", async () => {
    const opened = fleetOf(2);
    const conducts = [{ ms: 5 }, { ms: 5 }, { ms: 5 }];
    await load(opened, { conducts, atOnce: 6, ms: 500 });
    const [{ calls }] = opened.fleet.figures();
    opened.fleet.update([0, 1, 2].map((index) => ({ url: urlOf(index) })));
    assert.equal(opened.fleet.figures()[0].calls, calls);
    const joined = await load(opened, { conducts, atOnce: 6, ms: 500 });
    assert.ok(share(joined, 2) < 0.25, joined.join());
    opened.fleet.update([{ url: urlOf(2) }]);
    assert.equal(opened.fleet.size, 1);
  });

  it("share calls by their weights", async () => {
    const opened = fleetOf(2);
    opened.fleet.update([{ url: urlOf(0), weight: 3 }, { url: urlOf(1), weight: 1 }]);
    const calls = await load(opened, { conducts: [{ ms: 5 }, { ms: 5 }], atOnce: 40, ms: 500 });
    assert.ok(Math.abs(share(calls, 0) - 0.75) < 0.1, calls.join());
  });

  it("are picked only while they may be, and at least one may be sooner or later", async () => {
    const step = fc.record({
      ms: fc.integer({ min: 0, max: 3_000 }),
      outcome: fc.constantFrom<Outcome>(answered, failed, busy, { kind: "given up", reason: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        async (plan, count, seed) => {
          const { fleet, clock } = fleetOf(count, seed);
          for (const { ms, outcome } of plan) {
            await clock.advance(ms);
            const endpoint: ServiceEndpoint | undefined = fleet.pick();
            const now = clock.monotonic();
            if (endpoint === undefined) {
              assert.ok(fleet.availableAt > now && fleet.availableAt <= now + 2_000);
              continue;
            }
            assert.ok(endpoint.availableAt <= now);
            endpoint.end(endpoint.begin(), outcome);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
