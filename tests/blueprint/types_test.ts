/**
 * What the compiler accepts and refuses: `deno check` is the test. Each `@ts-expect-error` is an error itself as soon
 * as the line below it is none.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { defineBlueprint, keyed, service } from "../../src/blueprint/mod.ts";
import { callback, discard } from "../../src/sinks/mod.ts";

const material = z.object({ device: z.string(), celsius: z.number(), note: z.string().optional() });
const products = {
  average: z.object({ device: z.string(), mean: z.number() }),
  alarm: z.object({ device: z.string(), level: z.enum(["low", "high"]).default("low") }),
};

/** Whether two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

function holds<_Claim extends true>(): void {}

const accepted = defineBlueprint({
  name: "accepted",
  material,
  key: (item) => item.device,
  products,
  workshop: keyed({
    hire: (key) => ({ key, sum: 0, last: undefined as Date | undefined }),
    work(worker, item, ship, context) {
      holds<Same<typeof item, { device: string; celsius: number; note?: string | undefined }>>();
      holds<Same<typeof worker.state, { key: string; sum: number; last: Date | undefined }>>();
      holds<Same<typeof context.settings, Readonly<Record<string, unknown>>>>();
      worker.state.sum += item.celsius;
      worker.state = { key: "", sum: 0, last: new Date() };
      ship("average", { device: worker.key, mean: 1 });
      ship("alarm", { device: worker.key }); // the default fills in the rest
      ship("alarm", { device: worker.key, level: "high" });
    },
    onTimer: (worker, name, ship) => ship("average", { device: name, mean: worker.state.sum }),
    dismiss(worker, ship, reason) {
      holds<Same<typeof reason, "idle" | "age" | "evicted" | "asked" | "closing">>();
      ship("average", { device: worker.key, mean: worker.state.sum });
    },
  }),
  sinks: { average: discard(), alarm: callback(() => {}) },
});

const acceptedAsync = defineBlueprint({
  name: "accepted-async",
  material: z.object({ at: z.coerce.date() }),
  key: ({ at }) => at.toISOString(),
  products: {},
  services: ({ url }) => ({ data: service({ protocol: "json", endpoints: [String(url)] }) }),
  workshop: keyed({
    hire: () => 0,
    async work(worker, { at }, _ship, { call }) {
      worker.state += at.getTime();
      const answer = await call<{ grams: number }>("data", "raw", { at }, {
        deadlineMs: 100,
        idempotent: true,
      });
      holds<Same<typeof answer, { grams: number }>>();
      worker.state += (await call("data", "raw")).whatever;
    },
  }),
});

/** Never called: for the compiler. */
export function refused(): void {
  defineBlueprint({
    name: "wrong-ship",
    material,
    key: (item) => item.device,
    products,
    workshop: keyed({
      hire: () => ({ sum: 0 }),
      work(worker, item, ship) {
        // @ts-expect-error there is no product of that name
        ship("averages", { device: "a", mean: 1 });
        // @ts-expect-error a field is missing
        ship("average", { device: "a" });
        // @ts-expect-error a field has the wrong type
        ship("average", { device: "a", mean: "1" });
        // @ts-expect-error there is no such field
        ship("average", { device: "a", mean: 1, median: 2 });
        // @ts-expect-error it is the shape of another product
        ship("average", { device: "a", level: "low" });
        // @ts-expect-error a value that the enum doesn't have
        ship("alarm", { device: "a", level: "medium" });
        // @ts-expect-error the state has no such field
        worker.state.total++;
        // @ts-expect-error a field of the state has another type
        worker.state.sum = "0";
        // @ts-expect-error a state of another shape
        worker.state = { total: 0 };
        // @ts-expect-error the material has no such field
        item.fahrenheit;
        // @ts-expect-error an optional field may be missing
        item.note.length;
        // @ts-expect-error the key can't be changed
        worker.key = "b";
      },
      dismiss(worker, ship) {
        // @ts-expect-error the products are those of work
        ship("last", { device: worker.key });
      },
      onTimer(worker, name) {
        // @ts-expect-error the state is that of work
        worker.state.total = name;
      },
    }),
  });

  defineBlueprint({
    name: "wrong-key",
    material,
    // @ts-expect-error the material has no such field
    key: (item) => item.serial,
    products: {},
    workshop: keyed({ hire: () => null, work() {} }),
  });

  defineBlueprint({
    name: "key-of-another-type",
    material,
    // @ts-expect-error a key is a string
    key: (item) => item.celsius,
    products: {},
    workshop: keyed({ hire: () => null, work() {} }),
  });

  defineBlueprint({
    name: "wrong-sinks",
    material,
    key: (item) => item.device,
    products,
    workshop: keyed({ hire: () => null, work() {} }),
    // @ts-expect-error a product has no sink
    sinks: { average: discard() },
  });

  keyed({
    // @ts-expect-error times are numbers
    contract: { idleMs: "5s" },
    hire: () => null,
    work() {},
  });

  // @ts-expect-error there is no such protocol
  service({ protocol: "grpc", endpoints: ["http://127.0.0.1"] });

  // @ts-expect-error a worker needs a state
  keyed({ work() {} });
}

describe("the types of a blueprint", () => {
  it("accept what is right: material, state and products flow into work without annotations", () => {
    assert.equal(accepted.name, "accepted");
    assert.equal(acceptedAsync.name, "accepted-async");
  });
});
