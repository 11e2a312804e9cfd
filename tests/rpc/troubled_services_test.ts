import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ClosedError, RpcError, sleep, systemClock } from "../../src/core/mod.ts";
import type { Service } from "../../src/rpc/mod.ts";
import { Desk, echoes, json, TestService } from "./servers.ts";

const closings: (() => unknown)[] = [];
after(async () => {
  for (const close of closings) await close();
});

/** A desk that calls these by the name `data`. */
function deskOf(
  services: readonly TestService[],
  { concurrency, ...options }: Partial<Service> & { concurrency?: number } = {},
): Desk {
  const endpoints = services.map(({ url }) => url);
  const desk = new Desk({ data: { protocol: "json", endpoints, ...options } }, { concurrency });
  closings.push(() => desk.board.close(), ...services.map((service) => () => service.kill()));
  return desk;
}

/** Calls `count` times, `atOnce` at a time, and tells answers from errors. */
async function load(
  desk: Desk,
  { count, atOnce, ...options }: { count: number; atOnce: number; idempotent?: boolean },
): Promise<{ ids: Set<number>; errors: RpcError[] }> {
  const ids = new Set<number>();
  const errors: RpcError[] = [];
  let next = 0;
  const lane = async () => {
    for (let id; (id = next++) < count;) {
      await desk.call("data", "raw", { id }, options).then(
        (answer) => ids.add(answer.id),
        (error) => errors.push(error),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return { ids, errors };
}

const hang = () => {};

describe("a service that hangs", () => {
  it("costs a call its deadline and its connection, no more", async () => {
    const service = await new TestService(hang).start();
    const desk = deskOf([service]);
    const error = await desk.call("data", "raw", {}, { deadlineMs: 50, idempotent: true }).catch((error) =>
      error
    );
    assert.ok(error instanceof RpcError);
    assert.deepEqual([error.code, error.fields.endpoint], ["deadline_exceeded", service.url]);
    const [{ endpoints: [{ connections }], inFlight, backPressure }] = desk.board.figures();
    assert.deepEqual([connections, inFlight, backPressure], [0, 0, 1]);
    assert.equal(service.received.length, 1);
  });

  it("is left by a call whose caller gives up", async () => {
    const service = await new TestService(hang).start();
    const desk = deskOf([service]);
    const controller = new AbortController();
    const call = desk.call("data", "raw", {}, { signal: controller.signal });
    while (desk.board.figures()[0].inFlight === 0) await sleep(systemClock, 1);
    controller.abort(new Error("enough"));
    await assert.rejects(call, /^Error: enough$/);
    assert.equal(desk.board.figures()[0].inFlight, 0);
  });

  it("is found well again, by however many calls it has kept waiting", async () => {
    const service = await new TestService(hang).start();
    const desk = deskOf([service], { deadlineMs: 400 });
    let stopped = false;
    let answered = 0;
    // As turns do that are tried again: far more at once than the service takes, and each until its deadline.
    const callers = Array.from({ length: 300 }, async () => {
      while (!stopped) {
        const call = desk.call("data", "raw", {}, { idempotent: true });
        await call.then(() => answered++, () => {});
      }
    });
    try {
      await sleep(systemClock, 1_500);
      service.handler = (_, response) => setTimeout(() => json(response, {}), 60);
      for (const end = Date.now() + 20_000; answered < 300;) {
        assert.ok(Date.now() < end, `${answered} answered; ${JSON.stringify(desk.board.figures())}`);
        await sleep(systemClock, 20);
      }
    } finally {
      stopped = true;
    }
    await Promise.all(callers);
  });

  it("gets only some of the calls beside others that answer", async () => {
    const services = await echoes(3);
    services[0].handler = hang;
    const desk = deskOf(services, { hedgeMs: 100 });
    const { ids, errors } = await load(desk, { count: 1_000, atOnce: 20, idempotent: true });
    // On a busy machine the budget may not be enough for a hedge to every call that hangs.
    assert.ok(ids.size >= 900, `${ids.size} answered`);
    for (const error of errors) assert.equal((error as RpcError).code, "deadline_exceeded");
    assert.ok(services[0].received.length < 200, `${services[0].received.length}`);
    assert.ok(desk.board.figures()[0].hedges > 0);
  });

  it("is waited for by no more calls than there may be", async () => {
    const service = await new TestService(hang).start();
    const desk = deskOf([service], { concurrency: 1 });
    const controller = new AbortController();
    const calls = Array.from(
      { length: 40 },
      () => desk.call("data", "raw", {}, { signal: controller.signal }),
    );
    const errors = Promise.all(
      calls.map((call) => call.then(() => "answered", (error) => error.code ?? "given up")),
    );
    await sleep(systemClock, 20);
    const [{ inFlight, waiting }] = desk.board.figures();
    assert.deepEqual([inFlight, waiting], [8, 16]);
    controller.abort(new Error("enough"));
    const refused = (await errors).filter((code) => code === "resource_exhausted");
    assert.equal(refused.length, 16);
  });
});

describe("a service that fails", () => {
  it("is called again only for idempotent calls, and only if that may help", async () => {
    let answers: number[] = [];
    const service = await new TestService((_, response) =>
      json(response, { ok: true }, answers.shift() ?? 200)
    ).start();
    const desk = deskOf([service]);
    const attempts = async (statuses: number[], idempotent: boolean) => {
      answers = [...statuses];
      const before = service.received.length;
      const outcome = await desk.call("data", "raw", {}, { idempotent }).then(
        () => "ok",
        (error) => error.code,
      );
      return [outcome, service.received.length - before];
    };
    assert.deepEqual(await attempts([503, 429, 503], true), ["ok", 4]);
    assert.deepEqual(await attempts([503], false), ["unavailable", 1]);
    assert.deepEqual(await attempts([500], true), ["internal", 1]);
    assert.deepEqual(await attempts([503, 503, 503, 503, 503], true), ["unavailable", 4]);
  });

  it("is left alone for as long as it asks", async () => {
    let asked = false;
    const service = await new TestService((_, response) => {
      if (asked) return json(response, {});
      asked = true;
      response.setHeader("retry-after", "1");
      json(response, {}, 503);
    }).start();
    const desk = deskOf([service]);
    const startedAt = performance.now();
    await desk.call("data", "raw", {}, { idempotent: true });
    assert.ok(performance.now() - startedAt >= 990);
    asked = false;
    const error = await desk.call("data", "raw", {}, { idempotent: true, deadlineMs: 500 }).catch((error) =>
      error
    );
    assert.deepEqual([error.code, error.fields.retryAfterMs], ["unavailable", 1_000], "no use in waiting");
  });

  it("gets a tenth more calls by retries, not a multiple", async () => {
    const service = await new TestService((_, response) => json(response, {}, 429)).start();
    const desk = deskOf([service]);
    const { errors } = await load(desk, { count: 300, atOnce: 20, idempotent: true });
    assert.equal(errors.length, 300);
    assert.ok(service.received.length <= 300 + 30 + 10, `${service.received.length}`);
    assert.ok(desk.board.figures()[0].limit < 8, "and those it gets come one after the other");
  });

  it("is spared by its breaker, while another answers", async () => {
    const services = await echoes(2);
    services[0].handler = (_, response) => json(response, {}, 500);
    const desk = deskOf(services);
    const { ids, errors } = await load(desk, { count: 500, atOnce: 10 });
    assert.equal(ids.size + errors.length, 500);
    assert.ok(errors.length < 50, `${errors.length} of 500 failed`);
    assert.equal(desk.board.figures()[0].endpoints[0].state, "open");
  });
});

describe("a service that dies", () => {
  it("is missed by nobody while others live: idempotent calls all get their answers", async () => {
    const services = await echoes(3);
    const desk = deskOf(services);
    const loaded = load(desk, { count: 3_000, atOnce: 30, idempotent: true });
    for (const service of services.slice(0, 2)) {
      await sleep(systemClock, 30);
      await service.kill();
      await sleep(systemClock, 30);
      await service.start();
    }
    const { ids, errors } = await loaded;
    // An attempt that was under way at a death takes from the budget, which may be empty then.
    assert.equal(ids.size + errors.length, 3_000);
    assert.ok(errors.every(({ code }) => code === "unavailable"), errors.join());
    assert.ok(errors.length <= 60, `${errors.length}`);
  });

  it("is waited for, and called when it is back: what was never sent is not lost, idempotent or not", async () => {
    const [service] = await echoes();
    await service.kill();
    const desk = deskOf([service]);
    const loaded = load(desk, { count: 200, atOnce: 200 });
    while (desk.board.figures()[0].endpoints[0].state === "closed") await sleep(systemClock, 10);
    await sleep(systemClock, 300);
    assert.equal(service.received.length, 0);
    const [{ waiting, endpoints: [{ state, failures }] }] = desk.board.figures();
    assert.ok(waiting > 0 && state !== "closed", `${waiting} waiting, ${state}`);
    assert.ok(failures < 50, `${failures} attempts at a service that isn't there`);
    await service.start();
    const { ids, errors } = await loaded;
    assert.deepEqual([ids.size, errors.map(String)], [200, []]);
    assert.equal(service.received.length, 200, "none twice");
    assert.equal(desk.board.figures()[0].endpoints[0].state, "closed");
  });

  it("is told from one that is slow: a call that never left is unavailable", async () => {
    const [service] = await echoes();
    await service.kill();
    const desk = deskOf([service]);
    const error = await desk.call("data", "raw", {}, { deadlineMs: 1_000 }).catch((error) => error);
    assert.deepEqual([error.code, error.retryable], ["unavailable", true]);
    assert.match(error.message, /no endpoint could be reached within 1000 ms/);
  });
});

describe("a service that is slow", () => {
  it("gets the fewer calls the slower it is beside the others", async () => {
    const services = await echoes(3);
    for (const [i, service] of services.entries()) {
      const echo = service.handler;
      service.handler = (received, response) =>
        void setTimeout(() => echo(received, response), i === 0 ? 100 : 5);
    }
    const desk = deskOf(services);
    const { ids } = await load(desk, { count: 2_000, atOnce: 40 });
    assert.equal(ids.size, 2_000);
    assert.ok(services[0].received.length < 200, `${services[0].received.length} at the slow one`);
  });

  it("slows its callers: never more of them at once than it can carry", async () => {
    let [now, most] = [0, 0];
    const service = await new TestService((_, response) => {
      most = Math.max(most, ++now);
      const busy = now > 20;
      setTimeout(() => {
        now--;
        json(response, {}, busy ? 503 : 200);
      }, 5);
    }).start();
    const desk = deskOf([service]);
    await load(desk, { count: 2_000, atOnce: 100 });
    most = 0;
    await load(desk, { count: 1_000, atOnce: 100 });
    assert.ok(most <= 40, `${most} at once`);
  });
});

describe("closing", () => {
  it("gives up every call, those under way and those that wait", async () => {
    const service = await new TestService(hang).start();
    const desk = deskOf([service]);
    const calls = Array.from({ length: 20 }, () => desk.call("data", "raw", {}).catch((error) => error));
    await sleep(systemClock, 20);
    desk.board.close();
    for (const error of await Promise.all(calls)) assert.ok(error instanceof ClosedError, String(error));
    assert.ok(await desk.call("data", "raw", {}).catch((error) => error) instanceof ClosedError);
  });
});
