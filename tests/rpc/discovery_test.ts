import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { sleep, systemClock } from "../../src/core/mod.ts";
import type { Endpoint } from "../../src/registry/mod.ts";
import type { Directory } from "../../src/rpc/mod.ts";
import { Desk, echoes } from "./servers.ts";

const closings: (() => unknown)[] = [];
after(async () => {
  for (const close of closings) await close();
});

/** A registry that says what the test wants, or can't be reached at first. */
class FakeRegistry implements Directory {
  readonly watched: string[] = [];
  closed = false;
  #unreachable: number;
  #tell: (endpoints: readonly Endpoint[]) => void = () => {};

  constructor(unreachable: number = 0) {
    this.#unreachable = unreachable;
  }

  tell(...urls: string[]): void {
    this.#tell(urls.map((url) => ({ url })));
  }

  watch(service: string, { onChange }: Parameters<Directory["watch"]>[1]): Promise<void> {
    this.watched.push(service);
    if (this.#unreachable-- > 0) return Promise.reject(new Error("not there"));
    this.#tell = onChange;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** A desk that finds `data` in the registry. */
function deskOf(registry: FakeRegistry): Desk {
  const desk = new Desk({ data: { protocol: "json", registry: "etcd://x", name: "scales" } }, {
    openRegistry: () => registry,
  });
  closings.push(() => desk.board.close());
  return desk;
}

describe("discovery", () => {
  it("follows the service by its name in the registry; calls wait for the first endpoint", async () => {
    const [service] = await echoes();
    closings.push(() => service.kill());
    const registry = new FakeRegistry(2);
    const desk = deskOf(registry);
    const call = desk.call("data", "raw", { id: 1 });
    while (registry.watched.length < 3) await sleep(systemClock, 1);
    assert.equal(desk.board.figures()[0].waiting, 1);
    registry.tell(service.url);
    assert.deepEqual(await call, { path: "/raw", id: 1 });
    assert.deepEqual(new Set(registry.watched), new Set(["scales"]));
    desk.board.close();
    await sleep(systemClock, 1);
    assert.equal(registry.closed, true);
  });

  it("changes endpoints under load with no call lost, idempotent or not", async () => {
    const services = await echoes(3);
    closings.push(...services.map((service) => () => service.kill()));
    const registry = new FakeRegistry();
    const desk = deskOf(registry);
    await sleep(systemClock, 1);
    const [a, b, c] = services.map(({ url }) => url);
    const sets = [[a], [a, b], [b, c], [c], [c, a], []];
    let done = false;
    const lanes = Array.from({ length: 10 }, async () => {
      let answers = 0;
      while (!done) {
        await desk.call("data", "raw", {});
        answers++;
      }
      return answers;
    });
    for (let i = 0; i < 60; i++) {
      registry.tell(...sets[i % sets.length]);
      await sleep(systemClock, 5);
    }
    done = true;
    registry.tell(a, b, c);
    const answers = (await Promise.all(lanes)).reduce((sum, each) => sum + each, 0);
    assert.equal(services.reduce((sum, { received }) => sum + received.length, 0), answers);
    assert.equal(desk.board.figures()[0].failures, 0);
    for (const { received } of services) assert.ok(received.length > 0);
  });

  it("leaves out what is no endpoint, and one endpoint's connections when it goes", async () => {
    const [service] = await echoes();
    closings.push(() => service.kill());
    const registry = new FakeRegistry();
    const desk = deskOf(registry);
    await sleep(systemClock, 1);
    registry.tell("ftp://nowhere", "what?", service.url, service.url);
    await desk.call("data", "raw", {});
    assert.deepEqual(desk.board.figures()[0].endpoints.map(({ url }) => url), [service.url]);
    registry.tell();
    assert.deepEqual(desk.board.figures()[0].endpoints, []);
  });

  it("opens the registries that come with Shopfloor", async () => {
    const { openRegistry } = await import("../../src/registry/mod.ts");
    const [service] = await echoes();
    const registry = openRegistry("memory:discovery-test");
    const desk = new Desk({ data: { protocol: "json", registry: "memory:discovery-test" } });
    closings.push(() => desk.board.close(), () => registry.close(), () => service.kill());
    const call = desk.call("data", "raw", { id: 2 });
    await registry.register("data", { url: service.url }, { ttlMs: 10_000 });
    assert.deepEqual(await call, { path: "/raw", id: 2 });
  });
});
