import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DepartmentError } from "../../src/core/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { openDesk } from "./client.ts";
import { EventReader } from "./event_reader.ts";

describe("GET /v1/products/:type", () => {
  it("streams products of the type as they are shipped", async () => {
    const { factory, ask } = openDesk();
    const response = await ask("/v1/products/alarm");
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.equal(response.headers.get("cache-control"), "no-store");
    const reader = new EventReader(response);
    const first = reader.next();
    await until(() => factory.tapped.listeners === 1);
    factory.ship("average", { key: "a", product: { mean: 20 } });
    factory.ship("alarm", { key: "a\nb", product: { celsius: 91, note: "line\nbreak" } });
    factory.ship("alarm", { key: "c", product: { celsius: 92 } });
    assert.deepEqual(await first, {
      event: "message",
      data: {
        type: "alarm",
        key: "a\nb",
        at: 1_700_000_000_000,
        product: { celsius: 91, note: "line\nbreak" },
      },
    });
    assert.equal((await reader.next())?.data.key, "c");
    await reader.cancel();
  });

  it("streams one key alone when asked to", async () => {
    const { factory, ask } = openDesk();
    const reader = new EventReader(await ask("/v1/products/alarm?key=b%2Fc"));
    const first = reader.next();
    await until(() => factory.tapped.listeners === 1);
    factory.ship("alarm", { key: "a", product: 1 });
    factory.ship("alarm", { key: "b/c", product: 2 });
    assert.equal((await first)?.data.product, 2);
    await reader.cancel();
  });

  it("is 404 for a type that the blueprint doesn't make", async () => {
    const { factory, json } = openDesk();
    const { status, body } = await json("/v1/products/nonsense");
    assert.deepEqual([status, body.code], [404, "NOT_FOUND"]);
    assert.match(body.detail, /there are: average, alarm/);
    assert.equal(factory.tapped.listeners, 0);
  });

  it("asks for no more products than its client reads", async () => {
    const { factory, ask } = openDesk();
    const response = await ask("/v1/products/alarm");
    const reader = new EventReader(response);
    const first = reader.next();
    await until(() => factory.tapped.listeners === 1);
    let made = 0;
    const product = {
      get celsius() {
        return ++made;
      },
    }; // counts how often it is written
    for (let i = 0; i < 1_000; i++) factory.ship("alarm", { key: "a", product });
    await first;
    await settled();
    assert.ok(made < 20, `${made} products were written for a client that read one`);
    await reader.cancel();
  });
});

describe("GET /v1/inspections", () => {
  it("streams the latest report and each new one", async () => {
    const { factory, ask, json } = openDesk();
    assert.equal((await json("/v1/inspections/latest")).status, 503);
    const latest = factory.inspect();
    assert.deepEqual((await json("/v1/inspections/latest")).body, latest);
    const reader = new EventReader(await ask("/v1/inspections"));
    assert.deepEqual((await reader.next())?.data, latest);
    const next = reader.next();
    await until(() => factory.inspected.listeners === 1);
    const report = factory.inspect();
    assert.deepEqual((await next)?.data, report);
    await reader.cancel();
  });
});

describe("an event stream", () => {
  it("ends what it listens to when its client goes", async () => {
    for (const path of ["/v1/products/alarm", "/v1/inspections"]) {
      const { factory, ask } = openDesk();
      const reader = new EventReader(await ask(path));
      await reader.comment();
      const next = reader.next();
      await until(() => factory.tapped.listeners + factory.inspected.listeners === 1);
      await reader.cancel();
      assert.equal(await next, undefined);
      factory.inspect(); // an iterator without a signal learns it with its next value
      await until(() => factory.tapped.listeners + factory.inspected.listeners === 0);
    }
  });

  it("ends when the control closes, and when the factory does", async () => {
    for (const end of ["control", "factory"] as const) {
      const desk = openDesk();
      const readers = [];
      for (const path of ["/v1/products/alarm", "/v1/inspections"]) {
        readers.push(new EventReader(await desk.ask(path)));
      }
      const rest = Promise.all(readers.map((reader) => reader.next()));
      await until(() => desk.factory.tapped.listeners === 1 && desk.factory.inspected.listeners === 1);
      await desk[end].close();
      assert.deepEqual(await rest, [undefined, undefined]);
    }
  });

  it("is over at once after the control has closed", async () => {
    const { control, ask } = openDesk();
    control.close();
    assert.equal(await new EventReader(await ask("/v1/inspections")).next(), undefined);
  });

  it("sends a comment when nothing else comes", async () => {
    const clock = new VirtualClock();
    const { ask } = openDesk({ clock, heartbeatMs: 1_000 });
    const reader = new EventReader(await ask("/v1/products/alarm"));
    assert.equal(await reader.comment(), "open");
    const comment = reader.comment();
    await clock.advance(1_000);
    assert.equal(await comment, "still here");
    await reader.cancel();
    await clock.until(clock.advance(5_000)); // the heart stops with the stream, or this would throw
  });

  it("doesn't pile up comments for a client that doesn't read", async () => {
    const clock = new VirtualClock();
    const { factory, ask } = openDesk({ clock, heartbeatMs: 1_000 });
    const reader = new EventReader(await ask("/v1/products/alarm"));
    await clock.advance(1_000_000);
    const next = reader.next();
    await until(() => factory.tapped.listeners === 1);
    factory.ship("alarm", { key: "a", product: 1 });
    await next;
    assert.ok(reader.comments.length < 10, `${reader.comments.length} comments`);
    await reader.cancel();
  });

  it("tells its client why it broke off", async () => {
    const { factory, ask, errors } = openDesk();
    factory.tapped.failure = new DepartmentError("transport is gone");
    const reader = new EventReader(await ask("/v1/products/alarm"));
    const event = await reader.next();
    assert.equal(event?.event, "error");
    assert.deepEqual([event?.data.status, event?.data.detail], [503, "transport is gone"]);
    assert.equal(await reader.next(), undefined);
    assert.deepEqual(errors, []);
  });

  it("needs a free seat, and leaves it however it ends", async () => {
    const { factory, ask } = openDesk({ streams: 2 });
    for (let round = 0; round < 3; round++) {
      const readers = [];
      for (let i = 0; i < 2; i++) readers.push(new EventReader(await ask("/v1/products/alarm")));
      const refused = await ask("/v1/inspections");
      assert.equal(refused.status, 503);
      assert.equal(refused.headers.get("retry-after"), "5");
      assert.equal((await refused.json()).code, "TOO_MANY_CLIENTS");
      const nexts = readers.map((reader) => reader.next());
      if (round === 0) await Promise.all(readers.map((reader) => reader.cancel()));
      else if (round === 1) {
        await until(() => factory.tapped.listeners === 2);
        factory.tapped.failure = new Error("broken");
        factory.ship("alarm", { key: "a", product: 1 });
        await Promise.all(readers.map((reader) => reader.next()));
        factory.tapped.failure = undefined;
      } else await factory.close();
      await Promise.all(nexts);
      await settled();
    }
    for (let i = 0; i < 3; i++) {
      assert.equal((await ask("/v1/products/alarm", { method: "HEAD" })).status, 200);
    }
    assert.equal((await ask("/v1/products/alarm")).status, 200);
  });
});

/** Lets everything that is under way run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1_000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(condition());
}
