import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RegistryError } from "../../src/core/mod.ts";
import { openRegistry, type Share, shareClasses } from "../../src/registry/mod.ts";
import { dealClasses } from "../../src/registry/deal_classes.ts";
import { type Child, startProgram } from "./child.ts";
import { type FencedStore, startFencedStore } from "./fenced_store.ts";
import { startEtcd, startNats } from "./server.ts";
import { until } from "./watcher.ts";

const CLASSES = ["cameras", "scales", "lasers", "doors", "pumps", "fans", "kilns"];

describe("dealClasses()", () => {
  const names = (letter: string) =>
    fc.integer({ min: 1, max: 60 }).map((count) => Array.from({ length: count }, (_, i) => `${letter}${i}`));

  it("deals every class, evenly, whatever the order in which members are known", () => {
    fc.assert(
      fc.property(
        names("class "),
        names("member "),
        fc.infiniteStream(fc.nat()),
        (classes, members, chance) => {
          const dealt = dealClasses(classes, members);
          assert.deepEqual([...dealt.keys()].sort(), [...classes].sort());
          const counts = members.map((member) =>
            [...dealt.values()].filter((other) => other === member).length
          );
          assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join());
          const shuffled = members.map((member) => ({ member, at: chance.next().value })).sort((a, b) =>
            a.at - b.at
          );
          const again = dealClasses([...classes].reverse(), shuffled.map(({ member }) => member));
          for (const name of classes) assert.equal(again.get(name), dealt.get(name));
        },
      ),
    );
  });

  it("moves few classes when a member goes", () => {
    const classes = Array.from({ length: 120 }, (_, i) => `class ${i}`);
    const members = Array.from({ length: 6 }, (_, i) => `member ${i}`);
    const before = dealClasses(classes, members);
    for (const gone of members) {
      const after = dealClasses(classes, members.filter((member) => member !== gone));
      const moved = classes.filter((name) =>
        before.get(name) !== gone && before.get(name) !== after.get(name)
      );
      assert.ok(moved.length <= 30, `${moved.length} of the others' 100 classes moved too`);
    }
  });
});

describe("shareClasses()", () => {
  it("gives all classes to the first member, and half of them to the second, one at a time", async () => {
    const registry = openRegistry("memory:share");
    const holders = new Map<string, number>();
    const tokens = new Map<string, number>();
    const join = (): Promise<Share> =>
      shareClasses(registry, {
        group: "dispatch",
        classes: [...CLASSES, "ünïcode / class"],
        async hold(name, { token, signal }) {
          assert.ok(token > (tokens.get(name) ?? 0), "a token that doesn't grow");
          tokens.set(name, token);
          holders.set(name, (holders.get(name) ?? 0) + 1);
          assert.equal(holders.get(name), 1, "two hold it");
          await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
          await new Promise((resolve) => setTimeout(resolve, 30)); // the work's end
          holders.set(name, 0);
        },
      });
    await using first = await join();
    await until(() => first.holdings.size === 8);
    const second = await join();
    await until(() => first.holdings.size === 4 && second.holdings.size === 4);
    assert.deepEqual(new Set([...first.holdings.keys(), ...second.holdings.keys()]).size, 8);
    await second.close();
    assert.equal(second.holdings.size, 0);
    await until(() => first.holdings.size === 8);
    await first.close();
    assert.ok([...holders.values()].every((count) => count === 0));
    await registry.close();
  });

  it("calls hold again when it fails, with another token, and says so", async () => {
    const registry = openRegistry("memory:share-failing");
    const tokens: number[] = [];
    const troubles: unknown[] = [];
    await using _share = await shareClasses(registry, {
      group: "dispatch",
      classes: ["cameras"],
      onTrouble: (error) => troubles.push(error),
      hold(_name, { token, signal }) {
        tokens.push(token);
        if (tokens.length === 1) throw new Error("out of order");
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
      },
    });
    await until(() => tokens.length === 2);
    assert.ok(tokens[1] > tokens[0]);
    assert.match(String(troubles), /out of order/);
  });

  it("refuses names that repeat or are too long", async () => {
    const registry = openRegistry("memory:share-wrong");
    const hold = () => Promise.resolve();
    for (const classes of [["a", "a"], [""], ["x".repeat(300)]]) {
      await assert.rejects(shareClasses(registry, { group: "g", classes, hold }), RegistryError);
    }
    await assert.rejects(shareClasses(registry, { group: "a/b", classes: ["a"], hold }), RegistryError);
    await registry.close();
  });
});

for (const [scheme, start] of [["etcd", startEtcd], ["nats", startNats]] as const) {
  describe(`processes that share classes in ${scheme}`, () => {
    const TTL_MS = 3_000;

    it("hand them over when one is killed, and when one leaves, and never hold one twice", async () => {
      await using server = await start();
      await using store = await startFencedStore();
      const member = () =>
        startProgram(
          "sharer",
          `${scheme}://${server.host}`,
          "dispatch",
          store.url,
          CLASSES.join(),
          `${TTL_MS}`,
        );
      const members = [member(), member(), member()];
      try {
        await Promise.all(members.map((child) => child.printed(/joined/)));
        await evenly(store, 3);
        const killedAt = performance.now();
        await members[0].kill();
        await evenly(store, 2);
        const tookMs = performance.now() - killedAt;
        // Its time, and what the server, the dealing and a busy machine take.
        assert.ok(tookMs < TTL_MS + 8_000, `handed over after ${tookMs} ms`);
        members.push(member());
        await evenly(store, 3);
        members[1].signal("SIGTERM");
        await members[1].printed(/left/);
        await evenly(store, 2);
        assert.equal(store.doubled, 0);
        assert.equal(store.refused, 0);
        noneOverlap(store);
      } finally {
        await Promise.all(members.map((child) => child.kill()));
      }
    });

    it("refuse what a process writes that has slept through the loss of its classes", async () => {
      await using server = await start();
      await using store = await startFencedStore();
      const member = () =>
        startProgram(
          "sharer",
          `${scheme}://${server.host}`,
          "dispatch",
          store.url,
          CLASSES.join(),
          `${TTL_MS}`,
        );
      const members: Child[] = [member(), member()];
      try {
        await Promise.all(members.map((child) => child.printed(/joined/)));
        await evenly(store, 2);
        members[0].signal("SIGSTOP");
        await evenly(store, 1);
        members[0].signal("SIGCONT");
        await evenly(store, 2);
        assert.equal(store.doubled, 0);
        noneOverlap(store);
      } finally {
        members[0].signal("SIGCONT");
        await Promise.all(members.map((child) => child.kill()));
      }
    });
  });
}

/** Resolves when so many members write for all classes, each for as many as the others or one more. */
async function evenly(store: FencedStore, members: number): Promise<void> {
  const counts = () => [...store.holders(performance.now() - 500).values()].map((classes) => classes.length);
  const wanted = Array.from({ length: members }, (_, i) => Math.floor((CLASSES.length + i) / members)).sort()
    .join();
  await until(() => counts().sort().join() === wanted, () => `${wanted} wanted, found ${counts().sort()}`);
}

/** No writer of a class wrote after the next one had begun. */
function noneOverlap(store: FencedStore): void {
  for (const [name, writers] of store.writers) {
    writers.slice(1).forEach((writer, index) => {
      assert.ok(writers[index].last <= writer.since, `two wrote for ${name}`);
    });
  }
}
