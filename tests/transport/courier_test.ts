import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import { hashKey, SinkError } from "../../src/core/mod.ts";
import type { Delivery } from "../../src/sinks/mod.ts";
import { openStore } from "../../src/store/mod.ts";
import { Courier } from "../../src/transport/courier.ts";
import { inDirectory } from "./data_directory.ts";

const codec = compileCodec(z.object({ value: z.number() }), { what: "a" });

function buffer(value: number, { of = codec } = {}): ArrayBuffer {
  const writer = of.writer();
  writer.append({ value }, "k", hashKey("k"));
  return writer.seal();
}

/** A courier whose sink takes an epoch when the test says so. */
async function withCourier(
  { capacityBytes }: { capacityBytes?: number },
  run: (parts: {
    courier: Courier;
    commit: (epoch: number, values: readonly number[]) => void;
    taking: { epoch: number; deliveries: () => Iterable<Delivery>; taken: PromiseWithResolvers<void> }[];
    failures: unknown[];
  }) => Promise<void>,
): Promise<void> {
  await inDirectory(async (directory) => {
    using store = openStore({ directory, name: "courier" });
    const taking: Parameters<typeof run>[0]["taking"] = [];
    const failures: unknown[] = [];
    const courier = new Courier({
      outbox: store.outbox,
      readers: new Map([["a", codec.reader()]]),
      deliver: (epoch, deliveries) => {
        const taken = Promise.withResolvers<void>();
        taking.push({ epoch, deliveries, taken });
        return taken.promise;
      },
      onFailure: (error) => failures.push(error),
      capacityBytes,
    });
    let sequence = 0;
    const commit = (epoch: number, values: readonly number[]) => {
      store.begin();
      for (const [workshop, value] of values.entries()) {
        const rest = { epoch, workshop, origin: `${workshop}-0`, rows: 1, at: 0 };
        courier.put({ type: "a", sequence: ++sequence, buffer: buffer(value), ...rest });
      }
      store.commit({ epoch, at: 0 });
      courier.committed(epoch);
    };
    await run({ courier, commit, taking, failures });
  });
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("Courier", () => {
  it("brings one epoch after the other, and reads each anew for each attempt", () =>
    withCourier({}, async ({ courier, commit, taking }) => {
      commit(1, [10, 11]);
      commit(2, []);
      commit(3, [30]);
      assert.deepEqual(taking.map(({ epoch }) => epoch), [1]);
      for (let attempt = 0; attempt < 2; attempt++) {
        const deliveries = [...taking[0].deliveries()];
        assert.deepEqual(deliveries.flatMap(({ products }) => products), [{ value: 10 }, { value: 11 }]);
        assert.deepEqual(deliveries.map(({ idempotencyKey }) => idempotencyKey), ["1-0-0-1", "1-1-0-2"]);
      }
      taking[0].taken.resolve();
      await soon();
      assert.deepEqual(taking.map(({ epoch }) => epoch), [1, 3]);
      taking[1].taken.resolve();
      await courier.idle();
      assert.equal(courier.bytes, 0);
    }));

  it("has room until too many bytes wait, and again when they are taken", () =>
    withCourier({ capacityBytes: 1 }, async ({ courier, commit, taking }) => {
      await courier.room();
      commit(1, [1]);
      let room = false;
      const waiting = courier.room().then(() => room = true);
      await soon();
      assert.equal(room, false);
      taking[0].taken.resolve();
      await waiting;
    }));

  it("tells whoever waits, and whoever comes later, that the sink will never take it", () =>
    withCourier({ capacityBytes: 1 }, async ({ courier, commit, taking, failures }) => {
      commit(1, [1]);
      const waiting = [assert.rejects(courier.room(), /never/), assert.rejects(courier.idle(), /never/)];
      const error = new SinkError("never");
      taking[0].taken.reject(error);
      await Promise.all(waiting);
      await assert.rejects(courier.room(), /never/);
      assert.deepEqual(failures, [error]);
      commit(2, [2]);
      assert.equal(taking.length, 1);
    }));

  it("says that a batch of another schema can't be read, and what to do", () =>
    inDirectory((directory) => {
      using store = openStore({ directory, name: "courier" });
      const other = compileCodec(z.object({ value: z.number(), more: z.number().optional() }), { what: "a" });
      let deliveries: () => Iterable<Delivery> = () => [];
      const courier = new Courier({
        outbox: store.outbox,
        readers: new Map([["a", other.reader()]]),
        deliver: (_epoch, found) => {
          deliveries = found;
          return Promise.withResolvers<void>().promise;
        },
        onFailure: () => assert.fail(),
      });
      const rest = { workshop: 0, origin: "0", sequence: 1, rows: 1, at: 0 };
      store.begin();
      courier.put({ type: "a", epoch: 1, buffer: buffer(1), ...rest });
      store.commit({ epoch: 1, at: 0 });
      courier.resume(0);
      assert.throws(() => [...deliveries()], (error) =>
        error instanceof SinkError && error.fields.final === true &&
        /products a of epoch 1 that can't be read .*run the blueprint that made them/.test(error.message));
      return Promise.resolve();
    }));
});
