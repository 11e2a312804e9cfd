import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OptionsError } from "../../src/core/mod.ts";
import { TAP_EVENTS } from "../../src/core/limits.ts";
import type { Ceo } from "../../src/headquarters/mod.ts";
import { type Count, items, openCounting } from "./counting.ts";

describe("tap()", () => {
  it("yields products as they leave the porter, of one key if so asked, until the loop is left", async () => {
    const { clock, factory } = await openCounting({ workshops: 2 });
    const seen: Record<string, number[]> = { all: [], one: [] };
    const watch = async (name: string, key?: string) => {
      for await (const { type, product } of factory.tap("count", { key })) {
        assert.equal(type, "count");
        const { value } = product as Count;
        seen[name].push(value);
        if (value >= 15) break;
      }
    };
    const loops = [watch("all"), watch("one", "key-0")];
    await clock.advance(10);
    for (let from = 0; from < 30; from += 5) {
      await clock.until(factory.push(items(5, { from })));
      await clock.advance(100);
    }
    await clock.until(Promise.all(loops));
    assert.ok(seen.all.length >= 16);
    assert.deepEqual(seen.one, [0, 5, 10, 15]);
    await clock.until(factory.close());
  });

  it("refuses a product type that there isn't, naming those that there are", async () => {
    const { clock, factory } = await openCounting();
    await assert.rejects(factory.tap("counts")[Symbol.asyncIterator]().next(), (error: Error) => {
      assert.ok(error instanceof OptionsError);
      assert.match(error.message, /no product "counts"; there are count/);
      return true;
    });
    await clock.until(factory.close());
  });

  it("ends when its signal aborts, and when the factory closes", async () => {
    const { clock, factory } = await openCounting();
    const controller = new AbortController();
    const drained = async (signal?: AbortSignal) => {
      for await (const _ of factory.tap("count", { signal }));
      return "ended";
    };
    const [aborted, closed] = [drained(controller.signal), drained()];
    await clock.advance(10);
    controller.abort();
    assert.equal(await clock.until(aborted), "ended");
    assert.equal(await clock.until(drained(AbortSignal.abort())), "ended");
    await clock.until(factory.close());
    assert.equal(await clock.until(closed), "ended");
  });

  it("loses what a slow loop has no room for, and says how many; the factory goes on", async () => {
    const { clock, factory, counts } = await openCounting();
    let lost = 0;
    const tap = (factory as Ceo).tap("count", { onLost: (events) => lost += events });
    const first = tap.next();
    await clock.advance(10);
    for (let from = 0; from < 5_000; from += 500) {
      await clock.until(factory.push(items(500, { from })));
      await clock.advance(100);
    }
    assert.equal(counts().length, 5_000);
    let seen = 1;
    assert.equal((await clock.until(first)).done, false);
    while (seen < TAP_EVENTS) {
      await clock.until(tap.next());
      seen++;
    }
    const waiting = tap.next();
    await clock.advance(10);
    await clock.until(factory.push(items(1, { from: 5_000 })));
    assert.equal(((await clock.until(waiting)).value!.product as Count).value, 5_000);
    assert.equal(seen + lost, 5_000);
    await clock.until(tap.return());
    await clock.until(factory.close());
  });
});
