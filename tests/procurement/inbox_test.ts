import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import { type Clock, hashKey, StoreError } from "../../src/core/mod.ts";
import { IDEMPOTENCY_MS } from "../../src/core/limits.ts";
import { Checker } from "../../src/procurement/checker.ts";
import { Inbox } from "../../src/procurement/inbox.ts";
import { openInboxFile } from "../../src/procurement/inbox_file.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";

const codec = compileCodec(z.object({ key: z.string(), value: z.number() }), { what: "material" });
const outcome = { accepted: 1, rejected: [] };
const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function fresh(): string {
  const directory = mkdtempSync(join(tmpdir(), "shopfloor-inbox-"));
  directories.push(directory);
  return directory;
}

function openInbox(
  { directory = fresh(), position = 0, clock = new VirtualClock() as Clock } = {},
): { inbox: Inbox; directory: string; database: DatabaseSync } {
  const database = openInboxFile(directory);
  return { inbox: new Inbox({ database, directory, position, clock }), directory, database };
}

function parcel(...values: number[]) {
  const writer = codec.writer();
  for (const value of values) writer.append({ key: `k${value}`, value }, `k${value}`, hashKey(`k${value}`));
  return { rows: values.length, buffer: writer.seal() };
}

/** The values behind a position, by row. */
function valuesOf(inbox: Inbox, after = 0): number[][] {
  const reader = codec.reader();
  const rows: number[][] = [];
  for (let row; (row = inbox.next(after)); after = row.id) {
    reader.load(row.batch);
    rows.push(Array.from({ length: row.rows }, (_, i) => (reader.item(i) as { value: number }).value));
  }
  return rows;
}

describe("Inbox", () => {
  it("gives back what was appended, in its order, also after it was opened again", () => {
    const { inbox, directory } = openInbox();
    assert.equal(inbox.append({ parcels: [parcel(1, 2), parcel(3)] }), 2);
    assert.equal(inbox.append({ parcels: [parcel(4)] }), 3);
    assert.equal(inbox.append({ parcels: [] }), 0);
    assert.deepEqual(valuesOf(inbox), [[1, 2], [3], [4]]);
    const { bytes } = inbox;
    inbox.close();
    const again = openInbox({ directory, position: 1 }).inbox;
    assert.deepEqual(valuesOf(again), [[3], [4]]);
    assert.equal(again.itemsBehind(1), 2);
    assert.ok(again.bytes > 0 && again.bytes < bytes);
    again.close();
  });

  it("never numbers a row as it numbered one before, whatever became of its file", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3), fc.nat(4), fc.boolean()), { maxLength: 8 }),
        (steps) => {
          const directory = fresh();
          let position = 0;
          for (const [appended, settled, lost] of steps) {
            const { inbox } = openInbox({ directory, position });
            for (let i = 0; i < appended; i++) {
              assert.ok(inbox.append({ parcels: [parcel(i)] }) > position, "a row that counts as committed");
            }
            position = Math.min(inbox.last, position + settled);
            inbox.settle(position);
            assert.equal(valuesOf(inbox).length, valuesOf(inbox, position).length);
            inbox.close();
            if (lost) rmSync(join(directory, "inbox.db"));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("counts its bytes down as rows become committed", () => {
    const { inbox } = openInbox();
    inbox.append({ parcels: [parcel(1)] });
    const one = inbox.bytes;
    inbox.append({ parcels: [parcel(2)] });
    assert.equal(inbox.bytes, 2 * one);
    inbox.settle(1);
    assert.equal(inbox.bytes, one);
    inbox.settle(2);
    inbox.settle(2);
    assert.equal(inbox.bytes, 0);
    inbox.close();
  });

  it("appends all or nothing: a full disk takes neither items nor the name of their push", () => {
    const { inbox, directory, database } = openInbox();
    inbox.append({ parcels: [parcel(1)], named: { key: "a", hash: "x", outcome } });
    const pages = Number(database.prepare("PRAGMA page_count").get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages + 4}`);
    const many = Array.from({ length: 64 }, () => parcel(...Array.from({ length: 500 }, (_, i) => i)));
    const { bytes, last } = inbox;
    assert.throws(
      () => inbox.append({ parcels: many, named: { key: "b", hash: "y", outcome } }),
      (error) => error instanceof StoreError && error.code === "STORE_FULL",
    );
    assert.deepEqual([inbox.bytes, inbox.last], [bytes, last]);
    assert.deepEqual(valuesOf(inbox), [[1]]);
    assert.equal(inbox.requests.find("b"), undefined);
    inbox.append({ parcels: [parcel(2)] });
    inbox.close();
    const again = openInbox({ directory }).inbox;
    assert.deepEqual(valuesOf(again), [[1], [2]]);
    again.close();
  });

  it("remembers the dead letters that rows come from", () => {
    const { inbox, directory } = openInbox();
    inbox.append({ parcels: [parcel(1)] });
    inbox.append({ parcels: [parcel(1, 2), parcel(3)], letters: [7, 8, 9] });
    assert.deepEqual(inbox.next(1)?.letters, [7, 8]);
    inbox.close();
    const again = openInbox({ directory, position: 2 }).inbox;
    assert.deepEqual(again.letters(), [9]);
    again.settle(3);
    assert.deepEqual(again.letters(), []);
    again.close();
  });

  it("remembers named pushes for a day, whatever becomes of their items", async () => {
    const clock = new VirtualClock();
    const { inbox, directory } = openInbox({ clock });
    const last = inbox.append({ parcels: [parcel(1)], named: { key: "a", hash: "x", outcome } });
    inbox.settle(last);
    inbox.close();
    const { inbox: again } = openInbox({ directory, clock, position: last });
    assert.deepEqual(again.requests.find("a"), { hash: "x", outcome, last });
    await clock.advance(IDEMPOTENCY_MS + 1);
    assert.equal(again.requests.find("a"), undefined);
    again.append({ parcels: [parcel(2)], named: { key: "a", hash: "z", outcome } });
    assert.equal(again.requests.find("a")?.hash, "z");
    again.close();
  });

  it("refuses files that are none of its own, and leaves them as they are", () => {
    for (
      const [code, make] of [
        ["STORE_FOREIGN", (path: string) => {
          const database = new DatabaseSync(path);
          database.exec("CREATE TABLE theirs (x)");
          database.close();
        }],
        [
          "STORE_DAMAGED",
          (path: string) => writeFileSync(path, "no database at all, but some text".repeat(100)),
        ],
        ["STORE_VERSION", (path: string) => {
          openInboxFile(join(path, "..")).close();
          const database = new DatabaseSync(path);
          database.exec("PRAGMA user_version = 99");
          database.close();
        }],
      ] as const
    ) {
      const directory = fresh();
      make(join(directory, "inbox.db"));
      assert.throws(
        () => openInboxFile(directory),
        (error) => error instanceof StoreError && error.code === code,
      );
    }
  });
});

describe("Checker.check()", () => {
  const clock: Clock = new VirtualClock();

  it("packs what fits as the schema makes it, and says what is wrong with the rest", async () => {
    const codec = compileCodec(
      z.object({ key: z.string(), value: z.string().transform(Number).pipe(z.number()) }),
      { what: "material" },
    );
    const checker = new Checker({ codec, key: (item) => (item as { key: string }).key }, clock);
    const given = [{ key: "a", value: "1" }, { key: "", value: "2" }, { key: "b" }, { key: "c", value: "3" }];
    const { parcels, accepted, rejected } = await checker.check(given);
    assert.equal(accepted, 2);
    assert.deepEqual(rejected.map(({ index }) => index), [1, 2]);
    const reader = codec.reader();
    reader.load(parcels[0].buffer);
    assert.deepEqual([reader.item(0), reader.item(1)], [{ key: "a", value: 1 }, { key: "c", value: 3 }]);
    const again = await checker.check([reader.item(1)], ["known"]);
    reader.load(again.parcels[0].buffer);
    assert.deepEqual([reader.key(0), reader.item(0)], ["known", { key: "c", value: 3 }]);
  });
});
