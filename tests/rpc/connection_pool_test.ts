import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { VirtualClock } from "../../src/testing/mod.ts";
import { addressOf } from "../../src/rpc/address.ts";
import { ConnectionPool } from "../../src/rpc/connection_pool.ts";
import { JsonProtocol } from "../../src/rpc/json_protocol.ts";
import { echoes, json, TestService } from "./servers.ts";

const closings: (() => unknown)[] = [];
after(async () => {
  for (const close of closings) await close();
});

/** A pool of a service's, and a call by it. */
function poolOf(
  service: TestService,
): { pool: ConnectionPool; clock: VirtualClock; post: () => Promise<unknown> } {
  const clock = new VirtualClock();
  const pool = new ConnectionPool(addressOf(service.url)!, clock);
  closings.push(() => pool.close(), () => service.kill());
  const call = new JsonProtocol().encode("raw", {});
  const post = () =>
    new Promise((resolve, reject) => {
      pool.post({ call, headers: {} }, { answered: resolve, failed: reject });
    });
  return { pool, clock, post };
}

describe("connections to an endpoint", () => {
  it("are used again, one for each call that is under way at once", async () => {
    const [service] = await echoes();
    const { pool, post } = poolOf(service);
    for (let round = 0; round < 5; round++) await Promise.all([post(), post(), post()]);
    assert.deepEqual([service.connections, pool.size], [3, 3]);
  });

  it("are closed when nobody has used them for four seconds, or for as long as the server says", async () => {
    const [patient] = await echoes();
    patient.handler = (_, response) => {
      response.setHeader("keep-alive", "timeout=60");
      json(response, {});
    };
    const hasty = await new TestService((_, response) => {
      response.setHeader("keep-alive", "timeout=1");
      json(response, {});
    }).start();
    for (const [service, ms] of [[patient, 4_000], [hasty, 800]] as const) {
      const { pool, clock, post } = poolOf(service);
      await post();
      await clock.advance(ms - 1);
      await post();
      assert.equal(service.connections, 1);
      await clock.advance(ms);
      await post();
      assert.equal(service.connections, 2, "too old to be trusted");
      await clock.advance(10_000);
      assert.equal(pool.size, 0);
    }
  });

  it("are not used again after an answer that says so, nor when the other end has closed them", async () => {
    const service = await new TestService((_, response) => {
      response.setHeader("connection", "close");
      json(response, {});
    }).start();
    const { pool, post } = poolOf(service);
    await post();
    await post();
    assert.deepEqual([service.connections, pool.size], [2, 0]);
    service.handler = (_, response) => json(response, {});
    await post();
    await service.kill();
    while (pool.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  });
});
