import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { z } from "zod";
import {
  type Context,
  defineBlueprint,
  keyed,
  type KeyedDefinition,
  service,
} from "../../src/blueprint/mod.ts";
import { BlueprintError, DeadlineError, RpcError, sleep, systemClock } from "../../src/core/mod.ts";
import { type Factory, openFactory } from "../../src/headquarters/mod.ts";
import { callback } from "../../src/sinks/mod.ts";
import { inline } from "../../src/testing/mod.ts";
import { json, TestService } from "./servers.ts";

const closings: (() => unknown)[] = [];
after(async () => {
  for (const close of closings) await close();
});

interface Item {
  readonly key: string;
  readonly value: number;
}

/** What a test's workshop ships. */
interface Products {
  readonly out: Item;
}

/** Doubles values; hangs where there is none. */
async function doubler(): Promise<TestService> {
  const answer: TestService["handler"] = ({ path, body }, response) => {
    if (path === "/double") json(response, { value: JSON.parse(body).value * 2 });
  };
  const double = await new TestService(answer).start();
  closings.push(() => double.kill());
  return double;
}

/** A factory in this thread with one service, `math`. */
async function opened(
  math: TestService,
  definition: Partial<KeyedDefinition<Item, Products, unknown>>,
): Promise<{ factory: Factory; values: number[] }> {
  const values: number[] = [];
  const item = z.object({ key: z.string(), value: z.number() });
  const blueprint = defineBlueprint({
    name: "calling",
    material: item,
    key: ({ key }) => key,
    products: { out: item },
    services: { math: service({ protocol: "json", endpoints: [math.url] }) },
    workshop: keyed<Item, Products, unknown>({ hire: () => null, work() {}, ...definition }),
    sinks: callback((_type, products) => void values.push(...(products as Item[]).map(({ value }) => value))),
  });
  const factory = await inline(blueprint);
  closings.push(() => factory.close());
  return { factory, values };
}

describe("calling services in turns", () => {
  it("brings answers to asynchronous work, timers and good-byes", async () => {
    const { factory, values } = await opened(await doubler(), {
      async work(worker, { value }, ship, { call }) {
        ship("out", { key: worker.key, value: (await call("math", "double", { value })).value });
        worker.after(1, String(value * 10));
      },
      async onTimer(worker, name, ship, { call }) {
        ship("out", {
          key: worker.key,
          value: (await call("math", "double", { value: Number(name) })).value,
        });
      },
      async dismiss(worker, ship, _reason, { call }) {
        ship("out", { key: worker.key, value: (await call<Item>("math", "double", { value: 100 })).value });
      },
    });
    await factory.push([{ key: "a", value: 1 }, { key: "b", value: 2 }]);
    while (values.length < 4) await sleep(systemClock, 5);
    for (const key of ["a", "b"]) await factory.dismiss(key);
    while (values.length < 6) await sleep(systemClock, 5);
    assert.deepEqual(values.toSorted((a, b) => a - b), [2, 4, 20, 40, 200, 200]);
  });

  it("works in a `work` that is asynchronous only at times, and calls once", async () => {
    const math = await doubler();
    const { factory, values } = await opened(math, {
      work(worker, { value }, ship, { call }) {
        if (value % 2 === 0) return ship("out", { key: worker.key, value });
        return call<Item>("math", "double", { value }).then((answer) =>
          ship("out", { key: worker.key, value: answer.value })
        );
      },
    });
    await factory.push([4, 6, 1, 8, 3].map((value) => ({ key: "a", value })));
    await factory.drain();
    assert.deepEqual(values, [4, 6, 2, 8, 6]);
    assert.equal(math.received.length, 2);
  });

  it("is refused outside of turns, and after them", async () => {
    const contexts: Context[] = [];
    const { factory, values } = await opened(await doubler(), {
      hire: (_key, context) => void contexts.push(context),
      work: (worker, { value }, ship, context) => {
        contexts.push(context);
        ship("out", { key: worker.key, value });
      },
    });
    await factory.push([{ key: "a", value: 1 }]);
    while (values.length < 1) await sleep(systemClock, 5);
    for (const { call } of contexts) {
      await assert.rejects(call("math", "double", {}), { name: "RpcError", code: "failed_precondition" });
    }
    assert.equal(contexts.length, 2);
  });

  it("ends with its turn: a service that hangs costs a call the turn's time", async () => {
    const math = await doubler();
    const errors: unknown[] = [];
    const { factory } = await opened(math, {
      turn: { timeoutMs: 100, retries: { attempts: 1 } },
      async work(_worker, _item, _ship, { call }) {
        await call("math", "hang", {}).catch((error) => {
          errors.push(error);
          throw error;
        });
      },
    });
    await factory.push([{ key: "a", value: 1 }]);
    await factory.drain();
    assert.equal(errors.length, 1);
    const [error] = errors;
    assert.ok(
      error instanceof DeadlineError || (error instanceof RpcError && error.code === "deadline_exceeded"),
    );
    assert.ok(Number(math.received[0].headers["x-deadline-ms"]) <= 100);
    assert.equal((await factory.status()).totals.deadLetters, 1);
  });
});

describe("services of a blueprint that depend on settings", () => {
  const url = new URL("./blueprints/weights.ts", import.meta.url);

  it("are called from real workshops, and nothing is lost while the service is away", async () => {
    const scales = new TestService(({ body }, response) => json(response, { grams: JSON.parse(body).id }));
    await scales.start();
    await scales.kill();
    closings.push(() => scales.kill());
    const factory = await openFactory(url, { workshops: 2, settings: { scales: scales.url } });
    closings.push(() => factory.close());
    await factory.push(Array.from({ length: 500 }, (_, id) => ({ device: `d${id % 50}`, id })));
    await sleep(systemClock, 200);
    await scales.start();
    const summary = await factory.drain();
    assert.deepEqual([summary.products, summary.deadLetters], [{ weight: 500 }, []]);
  });

  it("are refused when the factory opens, if they can't be", async () => {
    await assert.rejects(
      openFactory(url, { workshops: 1, settings: { scales: "gopher://x" } }),
      (error: unknown) => {
        const text = String(error) + String((error as Error).cause);
        assert.match(text, /service\.endpoints must be http: or https: URLs/);
        return error instanceof Error &&
          (error instanceof BlueprintError || error.cause instanceof BlueprintError);
      },
    );
  });
});
