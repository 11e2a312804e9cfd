import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { DepartmentError, sleep } from "../../src/core/mod.ts";
import { CLOSE_MS } from "../../src/core/limits.ts";
import { Ceo, type OnFailure, resolveOptions, type Site } from "../../src/headquarters/mod.ts";
import { VirtualClock } from "../../src/testing/mod.ts";

const blueprint = defineBlueprint({
  name: "empty",
  material: z.object({ key: z.string() }),
  key: ({ key }) => key,
  products: {},
  workshop: keyed({ hire: () => null, work() {} }),
});

/** How a department of {@link FakeSite} behaves. */
interface Behaviour {
  /** How long it takes to come to life. */
  readonly startMs?: number;
  /** It never comes to life. */
  readonly stillborn?: Error;
  /** Calls that are never answered. */
  readonly deaf?: readonly string[];
  /** What `open` rejects with. */
  readonly refuses?: Error;
}

/** Departments that do nothing, and answer everything. */
class FakeSite {
  readonly clock = new VirtualClock();
  readonly log: string[] = [];
  readonly failures = new Map<string, OnFailure>();
  readonly #behaviours: Readonly<Record<string, Behaviour>>;

  constructor(behaviours: Readonly<Record<string, Behaviour>> = {}) {
    this.#behaviours = behaviours;
  }

  get site(): Site {
    const staff = (name: string) => (fail: OnFailure) => this.#staff(name, fail);
    const site = {
      clock: this.clock,
      channel: () => [{}, {}],
      portOf: () => assert.fail("nobody taps"),
      procurement: staff("procurement"),
      transport: staff("transport"),
      operations: staff("operations"),
      workshop: (id: number, fail: OnFailure) => this.#staff(`workshop ${id}`, fail),
    };
    return site as unknown as Site;
  }

  open(): Promise<Ceo> {
    const ceo = new Ceo(blueprint, { options: resolveOptions({ workshops: 2 }), site: this.site });
    return this.clock.until(ceo.open()).then(() => ceo);
  }

  async #staff(name: string, fail: OnFailure) {
    const { startMs = 0, stillborn, deaf = [], refuses } = this.#behaviours[name] ?? {};
    await sleep(this.clock, startMs);
    if (stillborn) throw stillborn;
    this.failures.set(name, fail);
    this.log.push(`${name} starts`);
    const call = (method: string) => (): Promise<unknown> => {
      if (deaf.includes(method)) return new Promise(() => {});
      if (method === "open" && refuses) return Promise.reject(refuses);
      if (method === "prepare") return Promise.resolve({ committed: 0, offsets: {} });
      this.log.push(`${name} ${method}`);
      return Promise.resolve();
    };
    return {
      calls: new Proxy({}, { get: (_target, method) => call(String(method)) }),
      open: call("open"),
      prepare: call("prepare"),
      terminate: () => void this.log.push(`${name} ends`),
    };
  }
}

const NAMES = ["transport", "procurement", "operations", "workshop 0", "workshop 1"];

describe("departments", () => {
  it("open from the end to the beginning, and close before they are ended", async () => {
    const site = new FakeSite();
    const ceo = await site.open();
    assert.deepEqual(site.log.filter((line) => line.endsWith("open")), [
      "transport open",
      "workshop 0 open",
      "workshop 1 open",
      "operations open",
      "procurement open",
    ]);
    await site.clock.until(ceo.close());
    for (const name of NAMES) {
      assert.ok(site.log.indexOf(`${name} close`) > 0);
      assert.ok(site.log.indexOf(`${name} ends`) > site.log.indexOf(`${name} close`));
    }
  });

  it("are ended when one of them can't start, also those that start only later", async () => {
    const site = new FakeSite({
      "workshop 1": { stillborn: new Error("no memory"), startMs: 10 },
      procurement: { startMs: 500 },
    });
    await assert.rejects(site.open(), /no memory/);
    await site.clock.advance(1_000);
    for (const name of NAMES.slice(0, -1)) assert.ok(site.log.includes(`${name} ends`), `${name} lives on`);
  });

  it("are ended when one of them can't be opened", async () => {
    const site = new FakeSite({ "workshop 1": { refuses: new Error("no such slot") } });
    await assert.rejects(site.open(), /no such slot/);
    for (const name of NAMES) assert.ok(site.log.includes(`${name} ends`), `${name} lives on`);
    assert.equal(site.log.includes("procurement open"), false);
  });

  it("that don't answer are ended all the same, after a while", async () => {
    const site = new FakeSite({ "workshop 0": { deaf: ["close"] } });
    const ceo = await site.open();
    const before = site.clock.monotonic();
    await site.clock.until(ceo.close());
    assert.equal(site.clock.monotonic() - before, CLOSE_MS);
    assert.ok(site.log.includes("workshop 0 ends"));
  });

  it("fail the factory when one of them dies: every call under way is told which, and the others are closed", async () => {
    const site = new FakeSite({ procurement: { deaf: ["push", "checkpoint"] } });
    const ceo = await site.open();
    const told = (error: DepartmentError) => {
      assert.ok(error instanceof DepartmentError);
      assert.equal(error.fields.department, "workshop 1");
      assert.match(error.message, /workshop 1 failed: out of memory/);
      return true;
    };
    const calls = [ceo.push([{ key: "a" }]), ceo.checkpoint(), ceo.finished];
    const refused = calls.map((call) => assert.rejects(call, told));
    site.failures.get("workshop 1")!(new Error("out of memory"));
    site.failures.get("workshop 0")!(new Error("its consequence"));
    await site.clock.until(Promise.all(refused));
    await site.clock.until(ceo.close());
    await assert.rejects(ceo.push([]), told);
    for (const name of NAMES) assert.ok(site.log.includes(`${name} ends`));
    assert.match((await ceo.health()).live.join(), /out of memory/);
  });

  it("that die while others still open fail the opening", async () => {
    const site = new FakeSite({ procurement: { deaf: ["open"] } });
    const opening = site.open();
    const refused = assert.rejects(opening, /transport failed: out of memory/);
    await site.clock.advance(10);
    site.failures.get("transport")!(new Error("out of memory"));
    await refused;
    for (const name of NAMES) assert.ok(site.log.includes(`${name} ends`));
  });
});
