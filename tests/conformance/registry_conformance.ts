/**
 * What every registry has to do, as tests.
 *
 * @module
 */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ClosedError, RegistryError } from "../../src/core/mod.ts";
import { openRegistry, type Registry } from "../../src/registry/mod.ts";
import { startProgram } from "../registry/child.ts";
import type { Server } from "../registry/server.ts";
import { follow, until } from "../registry/watcher.ts";

/** A registry under trial. */
export interface RegistryTrial {
  readonly url: string;
  /** Left out where there is none to be killed. */
  readonly server?: Server;
}

/** Long enough that nothing lapses while a slow machine is at it. */
const LONG_MS = 30_000;
/** Short enough to wait for. */
const SHORT_MS = 2_000;

let names = 0;

/** Registers the registry contract's tests with `node:test`. All of them use one server. */
export function testRegistry(name: string, open: () => Promise<RegistryTrial>): void {
  describe(`${name} as a registry`, () => {
    const trial: Trial = new Trial();
    before(async () => trial.begin(await open()));
    after(() => trial.end());
    testLists(trial);
    testRefusals(trial);
    testLeases(trial);
    testClosing(trial);
    if (name === "memory") return; // it has no server that could fail, and no other process
    testDeaths(trial);
    testOutages(trial);
  });
}

class Trial {
  readonly #open = new Set<Registry>();
  #trial: RegistryTrial | undefined;

  begin(trial: RegistryTrial): void {
    this.#trial = trial;
  }

  async end(): Promise<void> {
    await Promise.all([...this.#open].map((registry) => registry.close()));
    await this.#trial?.server?.[Symbol.asyncDispose]();
  }

  get url(): string {
    return this.#trial!.url;
  }

  get server(): Server {
    return this.#trial!.server!;
  }

  /** One of several parties; each has a connection of its own. */
  party(): Registry {
    const registry = openRegistry(this.url);
    this.#open.add(registry);
    return registry;
  }

  /** A name that no other test has. */
  name(): string {
    return `trial.${names++}`;
  }
}

function testLists(trial: Trial): void {
  it("hands over an empty list at first", async () => {
    const watcher = await follow(trial.party(), trial.name());
    assert.deepEqual(watcher.lists, [[]]);
    watcher.stop();
  });

  it("lists what others have registered, by URL and with weights, and what comes and goes later", async () => {
    const [service, one, other] = [trial.name(), trial.party(), trial.party()];
    const options = { ttlMs: LONG_MS };
    const b = await one.register(service, { url: "http://127.0.0.1:9002", weight: 3 }, options);
    const watcher = await follow(other, service);
    assert.deepEqual(watcher.lists, [[{ url: "http://127.0.0.1:9002", weight: 3 }]]);
    const a = await one.register(service, { url: "http://127.0.0.1:9001/base/" }, options);
    await watcher.until(["http://127.0.0.1:9001/base", "http://127.0.0.1:9002"]);
    await b.close();
    await watcher.until(["http://127.0.0.1:9001/base"]);
    await a.close();
    await watcher.until([]);
    watcher.stop();
  });

  it("lists an endpoint once, however often it is registered", async () => {
    const [service, registry, url] = [trial.name(), trial.party(), "http://127.0.0.1:9001"];
    const watcher = await follow(registry, service);
    const first = await registry.register(service, { url }, { ttlMs: LONG_MS });
    const second = await trial.party().register(service, { url }, { ttlMs: LONG_MS });
    await watcher.until([url]);
    await first.close();
    const marker = await registry.register(service, { url: "http://127.0.0.1:9999" }, { ttlMs: LONG_MS });
    await watcher.until([url, "http://127.0.0.1:9999"]); // so the closing has been heard of by now
    await marker.close();
    await second.close();
    await watcher.until([]);
    watcher.stop();
  });

  it("keeps services apart, also where one name begins as the other", async () => {
    const [service, registry] = [trial.name(), trial.party()];
    const watcher = await follow(registry, service);
    for (const other of [`${service}.more`, `${service}more`, `${service}-0`]) {
      await registry.register(other, { url: "http://127.0.0.1:1" }, { ttlMs: LONG_MS });
    }
    await registry.register(service, { url: "http://127.0.0.1:2" }, { ttlMs: LONG_MS });
    await watcher.until(["http://127.0.0.1:2"]);
    assert.equal(watcher.lists.length, 2);
    watcher.stop();
  });

  it("keeps an endpoint for as long as it is registered", async () => {
    const [service, registry] = [trial.name(), trial.party()];
    const registration = await registry.register(service, { url: "http://127.0.0.1:1" }, { ttlMs: 1_000 });
    const watcher = await follow(trial.party(), service);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    assert.deepEqual(watcher.urls(), ["http://127.0.0.1:1"]);
    assert.equal(watcher.lists.length, 1);
    await registration.close();
    watcher.stop();
  });

  it("tells a watcher nothing after its signal, and ends what waits for a list", async () => {
    const [service, registry] = [trial.name(), trial.party()];
    const watcher = await follow(registry, service);
    watcher.stop();
    await registry.register(service, { url: "http://127.0.0.1:1" }, { ttlMs: LONG_MS });
    const second = await follow(registry, service);
    assert.deepEqual(second.urls(), ["http://127.0.0.1:1"]);
    assert.deepEqual(watcher.urls(), []);
    second.stop();
    const signal = AbortSignal.abort(new Error("no more interest"));
    await assert.rejects(registry.watch(service, { signal, onChange: () => {} }), /no more interest/);
  });
}

function testRefusals(trial: Trial): void {
  const refused = (error: unknown) => error instanceof RegistryError && error.code === "REGISTRY_REFUSED";
  const endpoint = { url: "http://127.0.0.1:1" };
  const ttlMs = LONG_MS;
  const onChange = () => {};

  it("refuses names that mean something else in a key", async () => {
    const registry = trial.party();
    const { signal } = new AbortController();
    for (const name of ["", ".", "a/b", "a..b", "a.*", ">", "a b", "a\n", "ä", "x".repeat(201)]) {
      await assert.rejects(registry.register(name, endpoint, { ttlMs }), refused, JSON.stringify(name));
      await assert.rejects(registry.watch(name, { signal, onChange }), refused);
      await assert.rejects(registry.acquire(name, { ttlMs }), refused);
    }
  });

  it("refuses endpoints that are none, and times that are too short or too long", async () => {
    const registry = trial.party();
    const urls = [
      ...[
        "",
        "127.0.0.1:1",
        "http://",
        "http://a b",
        "http://a\n",
        "http://u:p@a",
        "http://a?b",
        "http://a#",
      ],
      `http://${"a".repeat(3_000)}`,
    ];
    for (const url of urls) await assert.rejects(registry.register("a", { url }, { ttlMs }), refused, url);
    for (const weight of [0, -1, 1.5, NaN, 1_001]) {
      await assert.rejects(registry.register("a", { ...endpoint, weight }, { ttlMs }), refused);
    }
    for (const ttlMs of [0, 999, 600_001, NaN]) {
      await assert.rejects(registry.register("a", endpoint, { ttlMs }), refused);
      await assert.rejects(registry.acquire("a", { ttlMs }), refused);
    }
  });
}

function testLeases(trial: Trial): void {
  it("gives a name to one at a time, each with a higher token", async () => {
    const name = trial.name();
    const tokens: number[] = [];
    let holders = 0;
    await Promise.all(Array.from({ length: 8 }, async () => {
      const lease = await trial.party().acquire(name, { ttlMs: LONG_MS });
      assert.equal(++holders, 1, "two held it at once");
      tokens.push(lease.token);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(lease.lost.aborted, false);
      holders--;
      await lease.close();
      assert.equal(lease.lost.aborted, true);
    }));
    assert.deepEqual(tokens, [...new Set(tokens)].sort((a, b) => a - b), "tokens that don't grow");
  });

  it("ends the waiting with its signal", async () => {
    const name = trial.name();
    const lease = await trial.party().acquire(name, { ttlMs: LONG_MS });
    const controller = new AbortController();
    const waiting = trial.party().acquire(name, { ttlMs: LONG_MS, signal: controller.signal });
    setTimeout(() => controller.abort(new Error("no more patience")), 50);
    await assert.rejects(waiting, /no more patience/);
    await lease.close();
    await (await trial.party().acquire(name, { ttlMs: LONG_MS })).close(); // whoever gave up doesn't hold it
  });

  it("keeps a lease for as long as it is held", async () => {
    const name = trial.name();
    const lease = await trial.party().acquire(name, { ttlMs: 1_000 });
    const controller = new AbortController();
    const waiting = trial.party().acquire(name, { ttlMs: 1_000, signal: controller.signal });
    waiting.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    assert.equal(lease.lost.aborted, false);
    await lease.close();
    const next = await waiting;
    assert.ok(next.token > lease.token);
    await next.close();
  });
}

function testClosing(trial: Trial): void {
  it("ends registrations, leases, watches and waits when it is closed", async () => {
    const [service, name, registry, other] = [trial.name(), trial.name(), trial.party(), trial.party()];
    await registry.register(service, { url: "http://127.0.0.1:1" }, { ttlMs: LONG_MS });
    const lease = await registry.acquire(name, { ttlMs: LONG_MS });
    const watcher = await follow(other, service);
    const waiting = registry.acquire(name, { ttlMs: LONG_MS });
    const own = await follow(registry, service);
    const closing = registry.close();
    await assert.rejects(waiting, ClosedError);
    await closing;
    await registry.close();
    assert.ok(lease.lost.aborted);
    await watcher.until([]);
    await (await other.acquire(name, { ttlMs: LONG_MS })).close();
    assert.deepEqual(own.urls(), ["http://127.0.0.1:1"]);
    watcher.stop();
    const { signal } = new AbortController();
    await assert.rejects(registry.watch(service, { signal, onChange: () => {} }), ClosedError);
    await assert.rejects(registry.acquire(name, { ttlMs: LONG_MS }), ClosedError);
    await assert.rejects(registry.register(service, { url: "http://a" }, { ttlMs: LONG_MS }), ClosedError);
  });
}

function testDeaths(trial: Trial): void {
  it("drops the endpoint of a process that is killed", async () => {
    const service = trial.name();
    await using child = startProgram(
      "registrant",
      trial.url,
      "register",
      service,
      "http://127.0.0.1:1",
      `${SHORT_MS}`,
    );
    await child.printed(/registered/);
    const watcher = await follow(trial.party(), service);
    assert.deepEqual(watcher.urls(), ["http://127.0.0.1:1"]);
    await child.kill();
    await watcher.until([]);
    const late = await follow(trial.party(), service);
    assert.deepEqual(late.lists, [[]]);
    watcher.stop();
    late.stop();
  });

  it("hands the lease of a process that is killed to the next one, with a higher token", async () => {
    const name = trial.name();
    await using child = startProgram("registrant", trial.url, "acquire", name, "-", `${SHORT_MS}`);
    const token = Number((await child.printed(/^token /)).slice(6));
    const waiting = trial.party().acquire(name, { ttlMs: SHORT_MS });
    await child.kill();
    const lease = await waiting;
    assert.ok(lease.token > token);
    await lease.close();
  });
}

function testOutages(trial: Trial): void {
  it("forgets nothing while the server is down, and learns what is new when it is back", async () => {
    const [service, registry] = [trial.name(), trial.party()];
    await registry.register(service, { url: "http://127.0.0.1:1" }, { ttlMs: SHORT_MS });
    await registry.register(service, { url: "http://127.0.0.1:2" }, { ttlMs: LONG_MS });
    const watcher = await follow(trial.party(), service);
    await trial.server.kill();
    const late = registry.register(service, { url: "http://127.0.0.1:3" }, { ttlMs: LONG_MS });
    await new Promise((resolve) => setTimeout(resolve, SHORT_MS + 1_500)); // longer than the shorter time to live
    assert.equal(watcher.lists.length, 1);
    await trial.server.start();
    await (await late);
    await watcher.until(["http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3"]);
    assert.ok(watcher.lists.every((list) => list.length >= 2), "an endpoint was forgotten for a while");
    watcher.stop();
  });

  it("has everything back after the server has lost its data, without a gap", async () => {
    const [service, registry] = [trial.name(), trial.party()];
    const registration = await registry.register(service, { url: "http://127.0.0.1:1" }, { ttlMs: 5_000 });
    const watcher = await follow(trial.party(), service);
    await trial.server.kill();
    trial.server.wipe();
    await trial.server.start();
    await until(async () => {
      const late = await follow(trial.party(), service);
      late.stop();
      return late.urls().length === 1;
    });
    assert.deepEqual(watcher.lists, [[{ url: "http://127.0.0.1:1" }]]);
    await registration.close();
    await watcher.until([]);
    watcher.stop();
  });

  it("keeps a lease over a short outage, and loses it in a longer one", async () => {
    const [long, short, registry] = [trial.name(), trial.name(), trial.party()];
    const kept = await registry.acquire(long, { ttlMs: LONG_MS });
    const lost = await registry.acquire(short, { ttlMs: SHORT_MS });
    await trial.server.kill();
    await new Promise((resolve) => lost.lost.addEventListener("abort", resolve));
    assert.match(String(lost.lost.reason), /could not be renewed in time/);
    await trial.server.start();
    const again = await trial.party().acquire(short, { ttlMs: SHORT_MS });
    assert.ok(again.token > lost.token);
    assert.equal(kept.lost.aborted, false);
    await again.close();
    await kept.close();
  });

  it("waits for a server that isn't there yet", async () => {
    const [service, registry] = [trial.name(), trial.party()];
    await trial.server.kill();
    const watching = follow(registry, service);
    const acquiring = registry.acquire(trial.name(), { ttlMs: LONG_MS });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await trial.server.start();
    const watcher = await watching;
    assert.deepEqual(watcher.lists, [[]]);
    await (await acquiring).close();
    watcher.stop();
  });

  it("closes while the server is down", async () => {
    const registry = trial.party();
    await registry.register(trial.name(), { url: "http://127.0.0.1:1" }, { ttlMs: LONG_MS });
    const lease = await registry.acquire(trial.name(), { ttlMs: LONG_MS });
    await trial.server.kill();
    await registry.close();
    assert.ok(lease.lost.aborted);
    await trial.server.start();
  });
}
