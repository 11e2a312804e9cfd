import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Contract } from "../../src/blueprint/mod.ts";
import { Contracts } from "../../src/workshop/contract.ts";

const STARTED_AT = Date.UTC(2026, 0, 1);

/** What contracts are, without a wheel: every one is looked at every time. */
class Model {
  readonly idleMs: number;
  readonly ageMs: number;
  readonly contracts = new Map<
    number,
    { renewedAt: number; hiredAt: number; busy: boolean; again: number }
  >();

  constructor({ idleMs = 60_000, ageMs = Infinity }: Contract) {
    this.idleMs = idleMs;
    this.ageMs = ageMs;
  }

  lapsesAt(index: number): number {
    const { renewedAt, hiredAt } = this.contracts.get(index)!;
    return Math.min(renewedAt + this.idleMs, hiredAt + this.ageMs);
  }

  reason(index: number, now: number): "idle" | "age" {
    return this.contracts.get(index)!.hiredAt + this.ageMs <= now ? "age" : "idle";
  }
}

/** Drives both. Places are used again, as the roster does. */
class Office {
  readonly model: Model;
  readonly contracts: Contracts;
  now = STARTED_AT;
  #free: number[] = [];
  #places = 0;

  constructor(contract: Contract) {
    this.model = new Model(contract);
    this.contracts = new Contracts(contract, this.now);
  }

  sign(): number {
    const index = this.#free.pop() ?? this.#places++;
    this.contracts.sign(index, this.now);
    this.model.contracts.set(index, { renewedAt: this.now, hiredAt: this.now, busy: false, again: 0 });
    return index;
  }

  end(index: number): void {
    this.contracts.end(index);
    this.model.contracts.delete(index);
    this.#free.push(index);
  }

  some(choice: number): number | undefined {
    const all = [...this.model.contracts.keys()];
    return all.length === 0 ? undefined : all[choice % all.length];
  }

  /** Lapses what has lapsed, `most` at a time; returns the places of those who went. */
  lapse(most = Infinity): number[] {
    const { contracts, model, now } = this;
    const gone: number[] = [];
    let through = false;
    for (let calls = 0; !through; calls++) {
      assert.ok(calls < 1_000, "it never gets through");
      let visits = 0;
      through = contracts.lapse(now, {
        most,
        visit: (index, reason) => {
          visits++;
          assert.ok(model.contracts.has(index), `${index} has no contract`);
          assert.ok(model.lapsesAt(index) <= now, `${index} still has ${model.lapsesAt(index) - now} ms`);
          assert.equal(reason, model.reason(index, now));
          const entry = model.contracts.get(index)!;
          if (entry.busy) {
            entry.again = now + contracts.tickMs;
            return false;
          }
          gone.push(index);
          this.end(index);
          return true;
        },
      });
      assert.ok(visits <= most);
    }
    return gone;
  }

  /** Nobody's contract ended more than a tick ago, busy workers apart. */
  check(): void {
    for (const [index, { busy, renewedAt, hiredAt, again }] of this.model.contracts) {
      const { contracts, model, now } = this;
      assert.equal(contracts.renewedAt(index), renewedAt);
      assert.equal(contracts.lapsesAt(index), Math.min(renewedAt + model.idleMs, hiredAt + model.ageMs));
      const lateMs = now - Math.max(again, model.lapsesAt(index));
      if (!busy) {
        assert.ok(lateMs < contracts.tickMs, `${index} is ${lateMs} ms late at ticks of ${contracts.tickMs}`);
      }
    }
  }
}

const contract: fc.Arbitrary<Contract> = fc.record({
  idleMs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.constantFrom(60_000, 86_400_000, Infinity)),
  ageMs: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom(3_600_000, Infinity)),
}, { requiredKeys: [], noNullPrototype: true });

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("approach" as const),
      choice: fc.nat(),
      percent: fc.integer({ min: -10, max: 300 }), // of a tick
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: "sign" as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("renew" as const), choice: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end" as const), choice: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("busy" as const), choice: fc.nat() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 300 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 1e9 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("lapse" as const), most: fc.constantFrom(1, 2, 7, Infinity) }),
  },
);

describe("Contracts", () => {
  it("end when a look at every one says so: never too early, at most a tick late, for the right reason", () => {
    fc.assert(
      fc.property(contract, fc.array(step, { maxLength: 120 }), (given, steps) => {
        const office = new Office(given);
        for (const next of steps) {
          const index = "choice" in next ? office.some(next.choice) : undefined;
          if (next.do === "sign") office.sign();
          else if (next.do === "wait") office.now += next.ms;
          else if (next.do === "lapse") {
            office.lapse(next.most);
            office.check();
          } else if (index !== undefined) {
            const entry = office.model.contracts.get(index)!;
            if (next.do === "end") office.end(index);
            else if (next.do === "busy") entry.busy = !entry.busy;
            else if (next.do === "approach") {
              const at = office.model.lapsesAt(index) +
                Math.round(next.percent / 100 * office.contracts.tickMs);
              if (at > office.now && at < Infinity) office.now = at;
            } else {
              office.contracts.renew(index, office.now);
              entry.renewedAt = office.now;
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("come to the longest idle first, whoever else was renewed since", () => {
    fc.assert(fc.property(
      fc.integer({ min: 100, max: 100_000 }),
      fc.array(
        fc.record({ waitMs: fc.integer({ min: 0, max: 400 }), renew: fc.nat() }),
        {
          minLength: 1,
          maxLength: 60,
        },
      ),
      fc.nat(),
      (idleMs, steps, busyChoice) => {
        const office = new Office({ idleMs });
        for (const { waitMs, renew } of steps) {
          office.now += waitMs;
          office.sign();
          const index = office.some(renew)!;
          office.contracts.renew(index, office.now);
          office.model.contracts.get(index)!.renewedAt = office.now;
          office.lapse();
        }
        const busy = office.some(busyChoice);
        const may = (index: number) => index !== busy;
        const { model, contracts } = office;
        while (model.contracts.size > 0) {
          const candidates = [...model.contracts.keys()].filter(may);
          const found = contracts.longestIdle(may);
          if (candidates.length === 0) return assert.equal(found, -1);
          const first = Math.min(...candidates.map((index) => model.lapsesAt(index)));
          assert.ok(candidates.includes(found));
          const leftMs = (at: number) => Math.max(0, at - office.now);
          assert.ok(leftMs(model.lapsesAt(found)) - leftMs(first) <= contracts.tickMs);
          office.end(found);
        }
        assert.equal(contracts.longestIdle(() => true), -1);
      },
    ));
  });

  it("that have lapsed and wait for the next go of the audit are the first to be found", () => {
    const office = new Office({ idleMs: 1_000 });
    for (let i = 0; i < 10; i++) office.sign();
    office.now += 5_000;
    const late = office.sign();
    let visits = 0;
    const through = office.contracts.lapse(office.now, {
      most: 3,
      visit: (index) => {
        visits++;
        office.end(index);
        return true;
      },
    });
    assert.equal(through, false);
    assert.equal(visits, 3);
    for (let i = 0; i < 7; i++) {
      const found = office.contracts.longestIdle(() => true);
      assert.ok(found >= 0 && found !== late);
      office.end(found);
    }
    assert.equal(office.contracts.longestIdle(() => true), late);
  });

  it("never lapse when nothing limits them, and still tell who has been idle longest", () => {
    const office = new Office({ idleMs: Infinity });
    for (let i = 0; i < 5; i++) {
      office.sign();
      office.now += 1e6;
    }
    office.now += 1e11;
    assert.deepEqual(office.lapse(), []);
    assert.equal(office.contracts.lapsesAt(0), Infinity);
    const found = office.contracts.longestIdle(() => true);
    assert.ok(found >= 0);
  });

  it("grow with the roster", () => {
    const office = new Office({ idleMs: 1_000 });
    for (let i = 0; i < 10_000; i++) office.sign();
    office.now += 1_000 + 2 * office.contracts.tickMs;
    assert.equal(office.lapse().length, 10_000);
  });

  it("are looked at in a few goes when a million lapse at once", () => {
    const office = new Office({ idleMs: 1_000 });
    for (let i = 0; i < 50_000; i++) office.sign();
    office.now += 60_000;
    const startedAt = office.model.contracts.size;
    let goes = 0;
    while (
      !office.contracts.lapse(office.now, { most: 20_000, visit: (index) => (office.end(index), true) })
    ) goes++;
    assert.equal(startedAt, 50_000);
    assert.equal(goes, 2);
    assert.equal(office.model.contracts.size, 0);
  });
});
