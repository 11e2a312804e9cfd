import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Histogram } from "../../src/metrics/mod.ts";
import { Operator, type Premises } from "../../src/operations/mod.ts";
import { procurement, transport, workshop } from "./figures.ts";
import { ManualClock } from "./manual_clock.ts";
import { service } from "./services.ts";

/** A department that always answers the same. */
function fixed<F>(figures: F): { figures(): F } {
  return { figures: () => figures };
}

const buyer = fixed(procurement({ materials: 1_000, rejected: 3 }));
const dispatcher = fixed(transport());
const shop = fixed(workshop(0, { hired: 5 }));

async function inspecting(premises: Premises): Promise<{ operator: Operator; clock: ManualClock }> {
  const clock = new ManualClock();
  const operator = new Operator({ ...premises, clock, memory: () => 0 });
  operator.start();
  await clock.advance(1_000);
  return { operator, clock };
}

describe("the totals of an operator", () => {
  it("keep what a procurement that is gone had counted", async () => {
    const { operator, clock } = await inspecting({
      procurement: buyer,
      workshops: [shop],
      transport: dispatcher,
    });
    const again = fixed(procurement({ materials: 50, rejected: 1 }));
    operator.restaff({ procurement: again, workshops: [shop], transport: dispatcher });
    await clock.advance(1_000);
    const { totals } = operator.latest()!;
    assert.deepEqual([totals.materials, totals.rejected, totals.hired], [1_050, 4, 5]);
    assert.deepEqual(operator.accounts().totals, totals);
    assert.equal(operator.latest()!.boughtPerSecond, 0);
    operator.close();
  });

  it("don't count a department twice that stays when another is replaced", async () => {
    const { operator, clock } = await inspecting({
      procurement: buyer,
      workshops: [shop],
      transport: dispatcher,
    });
    for (const workshops of [[shop, fixed(workshop(1))], [shop], [shop]]) {
      operator.restaff({ procurement: buyer, workshops, transport: fixed(transport()) });
      await clock.advance(1_000);
    }
    const { totals } = operator.latest()!;
    assert.deepEqual([totals.materials, totals.hired], [1_000, 5]);
    operator.close();
  });

  it("have the services of workshops that are gone, and none where there are none", async () => {
    const rtt = new Histogram();
    rtt.record(0.1, 4);
    const counted = { calls: 10, failures: 1, retries: 2, hedges: 3, backPressure: 4, rtt: rtt.snapshot() };
    const calling = fixed(workshop(0, { services: [service("scales", counted)] }));
    const gone = fixed(workshop(1, { services: [service("scales", counted)] }));
    const { operator, clock } = await inspecting({
      procurement: buyer,
      workshops: [calling, gone],
      transport: dispatcher,
    });
    operator.restaff({ procurement: buyer, workshops: [calling, shop], transport: dispatcher });
    await clock.advance(1_000);
    const [{ rtt: all, ...totals }] = operator.accounts().services!;
    assert.deepEqual(totals, {
      service: "scales",
      calls: 20,
      failures: 2,
      retries: 4,
      hedges: 6,
      backPressure: 8,
    });
    assert.equal(all.count, 8);
    operator.restaff({ procurement: buyer, workshops: [shop], transport: dispatcher });
    assert.equal(operator.accounts().services![0].calls, 20);
    operator.close();
    const other = await inspecting({ procurement: buyer, workshops: [shop], transport: dispatcher });
    assert.equal("services" in other.operator.accounts(), false);
    assert.equal("services" in other.operator.latest()!, false);
    other.operator.close();
  });
});
