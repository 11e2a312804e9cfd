import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { BatchReader } from "../../src/batch/mod.ts";
import { Roster } from "../../src/workshop/roster.ts";
import { KeyedWorker } from "../../src/workshop/worker.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";

const floor = { clock: new VirtualClock(), ring() {} };

function worker(key: string, hash: number): KeyedWorker {
  return new KeyedWorker({ key, hash, state: null, floor });
}

/** A reader whose row 0 has this key. */
function row(key: string): BatchReader {
  const keyIs = (_row: number, candidate: string) => candidate === key;
  return { keyIs, knowKey() {} } as unknown as BatchReader;
}

/** Few hashes, so that keys collide; at both ends, so that probing goes round. */
const hashes = [0, 1, 2, 1_022, 1_023, 1_024, 2_047, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fffe];
const person = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom(...hashes))
  .map(([number, hash]) => ({ key: `key-${number}`, hash }));

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("add" as const), person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove" as const), person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("replace" as const), person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("find" as const), person }) },
);

describe("Roster", () => {
  it("is a map from key and hash to worker, whatever was added, removed and replaced", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const roster = new Roster();
        const map = new Map<string, KeyedWorker>();
        for (const { do: act, person: { key, hash } } of steps) {
          const name = `${key} ${hash}`;
          const known = map.get(name);
          assert.equal(roster.get(key, hash), known);
          assert.equal(roster.find(hash, row(key), 0), known);
          if (act === "add" && known === undefined) {
            const added = worker(key, hash);
            assert.equal(roster.add(added), added.index);
            map.set(name, added);
          } else if (act === "remove" && known !== undefined) {
            roster.remove(known);
            assert.equal(known.index, -1);
            map.delete(name);
          } else if (act === "replace" && known !== undefined) {
            const heir = worker(key, hash);
            const { index } = known;
            roster.replace(known, heir);
            assert.deepEqual([known.index, heir.index], [-1, index]);
            map.set(name, heir);
          }
          assert.equal(roster.size, map.size);
        }
        for (const expected of map.values()) {
          assert.equal(roster.get(expected.key, expected.hash), expected);
          assert.equal(roster.at(expected.index), expected);
        }
        const present = Array.from({ length: roster.places }, (_, place) => roster.at(place)).filter(Boolean);
        assert.equal(present.length, map.size);
      }),
      { numRuns: 300 },
    );
  });

  it("finds everybody while it grows to thousands and shrinks again, and uses places again", () => {
    const roster = new Roster();
    const random = fc.sample(fc.integer({ min: 0, max: 0xffff_ffff }), { numRuns: 5_000, seed: 7 });
    const workers = random.map((hash, i) => worker(`key-${i}`, hash));
    for (const added of workers) roster.add(added);
    assert.equal(roster.size, 5_000);
    const [gone, staying] = [workers.slice(0, 4_000), workers.slice(4_000)];
    for (const leaving of gone) roster.remove(leaving);
    for (const left of gone) assert.equal(roster.get(left.key, left.hash), undefined);
    for (const stayed of staying) assert.equal(roster.get(stayed.key, stayed.hash), stayed);
    for (const back of gone) roster.add(worker(back.key, back.hash));
    assert.equal(roster.places, 5_000);
    assert.equal(roster.size, 5_000);
  });

  it("tells hashes apart that are signed in a batch and unsigned elsewhere", () => {
    const roster = new Roster();
    const added = worker("a", 0xffff_fff0);
    roster.add(added);
    assert.equal(roster.get("a", 0xffff_fff0 | 0), added);
    assert.equal(roster.find(0xffff_fff0 | 0, row("a"), 0), added);
  });
});
