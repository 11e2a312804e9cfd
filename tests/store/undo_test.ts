import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import { openStore, type StoredState } from "../../src/store/mod.ts";

const codec = compileCodec(z.object({ number: z.int() }), { what: "count" });

function stateOf(workshop: number, key: string, processed: number): StoredState {
  const text = { state: `{"by":${workshop}}`, pending: null, version: 1 };
  return { key, slot: workshop, hash: 1, hiredAt: 1, renewedAt: 1, processed, ...text };
}

const write = fc.record({
  do: fc.constantFrom("insert", "put", "forget", "letter", "take back", "commit"),
  workshop: fc.nat({ max: 2 }),
  count: fc.integer({ min: 1, max: 70 }),
});

describe("takeBack()", () => {
  it("leaves what others wrote and what is committed, and nothing of the one workshop", () =>
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (steps) => {
        const directory = mkdtempSync(join(tmpdir(), "shopfloor-undo-"));
        const products = new Map([["count", codec]]);
        const options = {
          directory,
          name: "undo",
          products,
          slots: 256,
          durability: "exactly-once",
        } as const;
        try {
          {
            using store = openStore(options);
            const inserter = store.inserter("count");
            const open = new Map<
              number,
              { rows: number; letters: number; states: Map<string, StoredState | null> }
            >();
            const part = (workshop: number) => {
              const found = open.get(workshop) ?? { rows: 0, letters: 0, states: new Map() };
              open.set(workshop, found);
              return found;
            };
            const states = new Map<string, StoredState>();
            const rows = [0, 0, 0];
            const letters = [0, 0, 0];
            let epoch = 1;
            const commit = () => {
              store.commit({ epoch: epoch++, offsets: {}, at: 1 });
              for (const [workshop, mine] of open) {
                rows[workshop] += mine.rows;
                letters[workshop] += mine.letters;
                for (const [key, state] of mine.states) state ? states.set(key, state) : states.delete(key);
              }
              open.clear();
            };
            for (const { do: what, workshop, count } of steps) {
              store.begin();
              const key = `${workshop} ${count % 5}`;
              if (what === "insert") {
                const rowsOf = Array.from({ length: count }, (_, number) => ({ number }));
                inserter.insert({
                  products: rowsOf,
                  keys: rowsOf.map(() => `${workshop}`),
                  epoch,
                  at: 1,
                  workshop,
                });
                part(workshop).rows += count;
              } else if (what === "put") {
                const state = stateOf(workshop, key, count);
                store.putStates([state], { workshop });
                part(workshop).states.set(key, state);
              } else if (what === "forget") {
                store.deleteStates([key], { workshop });
                part(workshop).states.set(key, null);
              } else if (what === "letter") {
                const letter = {
                  key,
                  reason: "error",
                  error: "",
                  stack: "",
                  attempts: 1,
                  material: "{}",
                  at: 1,
                  epoch,
                };
                const id = store.deadLetters.insert(letter);
                store.wrote(workshop, "dead_letters", { first: id, last: id });
                part(workshop).letters++;
              } else if (what === "take back") {
                store.takeBack(workshop);
                open.delete(workshop);
              } else commit();
            }
            commit();
            const database = new DatabaseSync(join(directory, "shopfloor.db"), { readOnly: true });
            const count = (sql: string, workshop: number) =>
              Number(database.prepare(sql).get(`${workshop}`)!.n);
            for (const workshop of [0, 1, 2]) {
              assert.equal(
                count("SELECT count(*) n FROM product_count WHERE _key = ?", workshop),
                rows[workshop],
              );
              const sql = "SELECT count(*) n FROM dead_letters WHERE key LIKE ? || ' %'";
              assert.equal(count(sql, workshop), letters[workshop]);
            }
            const stored = database.prepare("SELECT key, processed FROM worker_state ORDER BY key").all();
            database.close();
            assert.deepEqual(
              stored.map(({ key, processed }) => [key, processed]),
              [...states.values()].map(({ key, processed }) => [key, processed]).toSorted(),
            );
          }
        } finally {
          rmSync(directory, { recursive: true });
        }
      }),
      { numRuns: 40 },
    ));
});
