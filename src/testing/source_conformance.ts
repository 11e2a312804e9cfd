/**
 * What every source has to do, as tests.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SourceError, systemClock } from "../core/mod.ts";
import { SOURCE_ITEMS } from "../core/limits.ts";
import type { Source, SourceChunk, SourceContext, SourceReader } from "../sources/mod.ts";

/** How the suite gets at sources. Each function is called afresh for each test; cleaning up is the caller's. */
export interface SourceCandidate {
  /** A source that brings exactly these items, plain JSON, in this order, and then ends. */
  readonly holding?: (items: readonly unknown[]) => Source | Promise<Source>;
  /** The same with something unreadable before each item and behind the last. */
  readonly spoilt?: (items: readonly unknown[]) => Source | Promise<Source>;
  /** A source that brings these items and then fails. */
  readonly failing?: (items: readonly unknown[]) => Source | Promise<Source>;
  /** A source that brings nothing and doesn't end, until it is closed. */
  readonly waiting?: () => Source | Promise<Source>;
}

/**
 * Registers the source contract's tests with `node:test`. What a source can't be asked for (a source that only
 * waits holds nothing) is left out of the candidate, and its tests are reported as skipped.
 *
 * @example
 * ```ts ignore
 * testSource("my source", { holding: (items) => mySource(items) });
 * ```
 */
export function testSource(name: string, candidate: SourceCandidate): void {
  describe(`${name} as a source`, () => {
    testItems(candidate);
    testOffsets(candidate);
    testFaults(candidate);
    testEnds(candidate);
  });
}

function testItems({ holding }: SourceCandidate): void {
  for (const count of [0, 1, 3, SOURCE_ITEMS, 2 * SOURCE_ITEMS + 7]) {
    it(`brings each of ${count} items once, in order, and ends`, { skip: without(holding) }, async () => {
      const items = numbered(count);
      assert.deepEqual(itemsOf(await readAll(await holding!(items))), items);
    });
  }

  it("brings chunks of a bounded size with something in each", { skip: without(holding) }, async () => {
    for (const chunk of await readAll(await holding!(numbered(5 * SOURCE_ITEMS)))) {
      assert.ok(chunk.items.length <= SOURCE_ITEMS, `${chunk.items.length} items in one chunk`);
      assert.ok(chunk.items.length + (chunk.rejections?.length ?? 0) > 0, "an empty chunk");
    }
  });

  it("names the place of every item", { skip: without(holding) }, async () => {
    for (const { items, place } of await readAll(await holding!(numbered(3)))) {
      if (place) items.forEach((_, index) => assert.ok(place(index).length > 0));
    }
  });
}

function testOffsets({ holding }: SourceCandidate): void {
  it("goes on right behind any chunk, if it is replayable", { skip: without(holding) }, async () => {
    const items = numbered(3 * SOURCE_ITEMS + 1);
    const source = await holding!(items);
    if (!source.replayable) return;
    const chunks = await readAll(source);
    let brought = 0;
    for (const { items: some, offset } of chunks) {
      brought += some.length;
      if (offset === undefined) continue;
      const rest = await readAll(await holding!(items), { offset: JSON.parse(JSON.stringify(offset)) });
      assert.deepEqual(itemsOf(rest), items.slice(brought));
    }
    assert.ok(chunks.some(({ offset }) => offset !== undefined), "replayable, and no chunk has an offset");
  });

  it("offers offsets that later reading doesn't change", { skip: without(holding) }, async () => {
    const reader = await open(await holding!(numbered(2 * SOURCE_ITEMS)));
    const first = await reader.read();
    const offset = JSON.stringify(first?.offset);
    while (await reader.read());
    assert.equal(JSON.stringify(first?.offset), offset);
    await reader.close();
  });
}

function testFaults({ spoilt, failing }: SourceCandidate): void {
  it("reports what it can't read, and brings its neighbours", { skip: without(spoilt) }, async () => {
    const items = numbered(5);
    const chunks = await readAll(await spoilt!(items));
    assert.deepEqual(itemsOf(chunks), items);
    const rejections = chunks.flatMap((chunk) => chunk.rejections ?? []);
    assert.equal(rejections.length, items.length + 1);
    for (const { place, reason } of rejections) assert.ok(place.length > 0 && reason.length > 0);
  });

  it(
    "brings what came before it fails, then rejects with a SourceError",
    { skip: without(failing) },
    async () => {
      const items = numbered(SOURCE_ITEMS + 3);
      const reader = await open(await failing!(items));
      const chunks: SourceChunk[] = [];
      await assert.rejects(async () => {
        for (let chunk; (chunk = await reader.read());) chunks.push(chunk);
      }, SourceError);
      assert.deepEqual(itemsOf(chunks), items);
      await reader.close();
    },
  );
}

function testEnds({ holding, waiting }: SourceCandidate): void {
  it("can be closed unread, twice, and then has nothing more", { skip: without(holding) }, async () => {
    const reader = await open(await holding!(numbered(3)));
    await reader.close();
    await reader.close();
    assert.equal(await reader.read(), undefined);
  });

  it("can be closed half read", { skip: without(holding) }, async () => {
    const reader = await open(await holding!(numbered(4 * SOURCE_ITEMS)));
    await reader.read();
    await reader.close();
    assert.equal(await reader.read(), undefined);
  });

  it("ends a read that waits when it is closed", { skip: without(waiting) }, async () => {
    const reader = await open(await waiting!());
    const read = reader.read();
    await reader.close();
    assert.equal(await read, undefined);
    await reader.close();
  });

  it("ends a read that waits when the factory's signal aborts", { skip: without(waiting) }, async () => {
    const factory = new AbortController();
    const reader = await open(await waiting!(), { signal: factory.signal });
    const read = reader.read().catch(() => undefined);
    factory.abort(new Error("the factory closes"));
    assert.equal(await read, undefined);
    await reader.close();
  });

  it("ends at once when the factory's signal has aborted already", { skip: without(waiting) }, async () => {
    const reader = await open(await waiting!(), { signal: AbortSignal.abort() });
    assert.equal(await reader.read().catch(() => undefined), undefined);
    await reader.close();
  });
}

async function open(source: Source, context: Partial<SourceContext> = {}): Promise<SourceReader> {
  const { signal } = new AbortController();
  return await source.open({
    settings: {},
    offset: undefined,
    input: undefined,
    signal,
    clock: systemClock,
    ...context,
  });
}

async function readAll(source: Source, context?: Partial<SourceContext>): Promise<SourceChunk[]> {
  const reader = await open(source, context);
  const chunks: SourceChunk[] = [];
  for (let chunk; (chunk = await reader.read());) chunks.push(chunk);
  await reader.close();
  return chunks;
}

function itemsOf(chunks: readonly SourceChunk[]): unknown[] {
  return chunks.flatMap(({ items }) => items);
}

function numbered(count: number): { number: number; text: string }[] {
  return Array.from({ length: count }, (_, number) => ({ number, text: `item ${number}, für 日本 🏭` }));
}

function without(ability: unknown): string | false {
  return ability === undefined && "this source can't be made to";
}
