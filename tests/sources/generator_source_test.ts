import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers";
import { SourceError, systemClock } from "../../src/core/mod.ts";
import { SOURCE_ITEMS } from "../../src/core/limits.ts";
import { generator } from "../../src/sources/mod.ts";
import { testSource } from "../../src/testing/source_conformance.ts";
import { readAll } from "./scratch.ts";
import { sourceContext } from "./source_context.ts";

const never = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));

/** Brings nothing, deaf to every signal. */
const stuck = () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) });

testSource("generator() of single items", {
  holding(items) {
    let next = 0;
    return generator(
      async function* ({ offset }) {
        for (next = Number(offset ?? 0); next < items.length; next++) yield items[next];
      },
      { offset: () => next + 1 },
    );
  },
  failing: (items) =>
    generator(async function* () {
      yield* items;
      throw new Error("no more");
    }),
  waiting: () =>
    generator(async function* ({ signal }) {
      yield* [];
      await never(signal);
    }),
});

testSource("generator() of arrays", {
  holding(items) {
    const position = { next: 0 }; // one object that changes: the source has to copy it
    return generator(
      function* ({ offset }) {
        position.next = (offset as typeof position | undefined)?.next ?? 0;
        for (let size = 1; position.next < items.length; size *= 3) {
          const some = items.slice(position.next, position.next + size);
          position.next += some.length;
          yield some;
        }
      },
      { offset: () => position },
    );
  },
  failing: (items) =>
    generator(function* () {
      yield items;
      throw new Error("no more");
    }),
  waiting: () => generator(stuck),
});

testSource("generator() of an iterable", { holding: (items) => generator(() => items) });

describe("generator()", () => {
  it("hands settings, offset and a signal to the function", async () => {
    const source = generator(function* (context) {
      yield { settings: context.settings, offset: context.offset, aborted: context.signal.aborted };
    });
    const reader = await source.open(sourceContext({ settings: { seed: 7 }, offset: { page: 3 } }));
    assert.deepEqual((await reader.read())?.items, [
      { settings: { seed: 7 }, offset: { page: 3 }, aborted: false },
    ]);
  });

  it("gathers what is at hand into full chunks, but where its time is up", async () => {
    const source = generator(async function* () {
      for (let number = 0; number < 3 * SOURCE_ITEMS; number++) yield { number };
    });
    const sizes = (await readAll(await source.open(sourceContext()))).map(({ items }) => items.length);
    assert.equal(sizes.reduce((sum, size) => sum + size), 3 * SOURCE_ITEMS);
    assert.ok(sizes.length < 30, sizes.join()); // three, on a machine that does nothing else
  });

  it("doesn't wait for a full chunk when the generator has nothing more at hand", async () => {
    const source = generator(async function* ({ signal }) {
      yield { number: 1 };
      yield { number: 2 };
      await never(signal);
    });
    const reader = await source.open(sourceContext());
    assert.deepEqual((await reader.read())?.items, [{ number: 1 }, { number: 2 }]);
    await reader.close();
  });

  it("runs ahead by one chunk at most", async () => {
    let yielded = 0;
    const source = generator(function* () {
      while (true) yield { number: yielded++ };
    });
    const reader = await source.open(sourceContext());
    await reader.read();
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.ok(yielded <= 2 * SOURCE_ITEMS, `${yielded} yielded`);
    await reader.close();
  });

  it("offers the offset of a large array with its last part only", async () => {
    let next = 0;
    const source = generator(
      function* () {
        yield { number: next++ };
        yield Array.from({ length: 2 * SOURCE_ITEMS + 5 }, () => ({ number: next++ }));
        yield { number: next++ };
      },
      { offset: () => next },
    );
    const chunks = await readAll(await source.open(sourceContext()));
    assert.deepEqual(chunks.map(({ items, offset }) => [items.length, offset]), [
      [1, 1],
      [SOURCE_ITEMS, undefined],
      [SOURCE_ITEMS, undefined],
      [5, 2 * SOURCE_ITEMS + 6],
      [1, 2 * SOURCE_ITEMS + 7],
    ]);
  });

  it("numbers the places of its items", async () => {
    const source = generator(function* readings() {
      yield* Array.from({ length: SOURCE_ITEMS + 1 }, (_, number) => ({ number }));
    });
    const [, second] = await readAll(await source.open(sourceContext()));
    assert.equal(second.place?.(0), `item ${SOURCE_ITEMS + 1} of generator readings`);
  });

  it("lets the event loop turn while a generator never pauses", async () => {
    let turned = false;
    setTimeout(() => turned = true, 1);
    const source = generator(function* () {
      while (true) yield { number: 1 };
    });
    const reader = await source.open(sourceContext());
    while (!turned) await reader.read();
    await reader.close();
  });

  it("lets the event loop turn within a chunk that takes long to make", async () => {
    let turned = false;
    setTimeout(() => turned = true, 0);
    const source = generator(function* () {
      for (const end = performance.now() + 30_000; !turned && performance.now() < end;) {
        const until = performance.now() + 1;
        while (performance.now() < until);
        yield { number: 1 };
      }
    });
    await readAll(await source.open(sourceContext()));
    assert.ok(turned);
  });

  it("fails with the cause of what the generator threw", async () => {
    const cause = new TypeError("no such table");
    const source = generator(function* orders() {
      yield { number: 1 };
      throw cause;
    });
    const reader = await source.open(sourceContext());
    assert.deepEqual((await reader.read())?.items, [{ number: 1 }]);
    const failure = (error: unknown) =>
      error instanceof SourceError && error.cause === cause &&
      /generator orders.*no such table/.test(error.message);
    await assert.rejects(reader.read(), failure);
    await assert.rejects(reader.read(), failure);
  });

  it("fails when the function throws or returns nothing to iterate", () => {
    const open = (produce: () => never) => () => generator(produce).open(sourceContext());
    assert.throws(open((() => undefined) as () => never), /must return something to iterate.*undefined/);
    assert.throws(open((async () => {}) as unknown as () => never), /found a promise/);
    assert.throws(
      open(() => {
        throw new Error("not today");
      }),
      SourceError,
    );
  });

  it("aborts the generator's signal and runs its finally blocks when closed", async () => {
    const events: string[] = [];
    const source = generator(async function* ({ signal }) {
      signal.addEventListener("abort", () => events.push("aborted"));
      try {
        while (true) {
          yield { number: 1 };
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      } finally {
        events.push("finally");
      }
    });
    const reader = await source.open(sourceContext());
    await reader.read();
    await reader.close();
    assert.deepEqual(events, ["aborted", "finally"]);
  });

  it("gives up waiting for a generator that doesn't end when it is closed", async () => {
    const clock = { ...systemClock, after: (_ms: number, run: () => void) => systemClock.after(0, run) };
    const source = generator(async function* () {
      yield await new Promise<never>(() => {});
    });
    const reader = await source.open(sourceContext({ clock }));
    const read = reader.read();
    await reader.close();
    assert.equal(await read, undefined);
  });

  it("accepts items of the type that it is told, one by one or in arrays", () => {
    interface Reading {
      celsius: number;
    }
    const source = generator<Reading>(async function* () {
      yield { celsius: 20 };
      yield [{ celsius: 21 }, { celsius: 22 }];
    });
    // @ts-expect-error: not a reading
    const wrong = generator<Reading>(async function* () {
      yield { fahrenheit: 70 };
    });
    assert.equal(source.bounded && wrong.bounded, true);
  });
});
