import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { type BatchReader, compileCodec } from "../../src/batch/mod.ts";
import { hashKey } from "../../src/core/mod.ts";
import { Roster, ROWS_AHEAD } from "../../src/workshop/roster.ts";
import { type KeyedWorker, staffOf } from "../../src/workshop/worker.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";

const Employed = staffOf({ clock: new VirtualClock(), ring() {} });

function worker(key: string, hash: number): KeyedWorker {
  return new Employed({ key, hash, state: null });
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

describe("Roster.findAll()", () => {
  const codec = compileCodec(z.object({ key: z.string() }), { what: "material" });
  // At and around the length up to which keys are compared as words; prefixes of each other; more than ASCII.
  const key = fc.oneof(
    fc.constantFrom(
      "a",
      "aa",
      "a\0",
      "\0",
      "aaaaaaaaaaaa",
      "aaaaaaaaaaaaa",
      "aaaaaaaaaaab",
      "é",
      "aaaaaaaaaaé",
    ),
    fc.string({ minLength: 1, maxLength: 16, unit: "binary" }),
  );

  it("finds for each row whom find() finds, whatever the keys are made of and whoever shares a hash", () => {
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 1, maxLength: ROWS_AHEAD }),
        fc.func(fc.boolean()),
        fc.boolean(),
        (keys, isHired, collide) => {
          const hash = (key: string) => collide ? key.length & 1 : hashKey(key);
          const roster = new Roster();
          for (const key of new Set(keys)) if (isHired(key)) roster.add(worker(key, hash(key)));
          const writer = codec.writer();
          for (const key of keys) writer.append({ key }, key, hash(key));
          const reader = codec.reader();
          reader.load(writer.seal());
          const found: (KeyedWorker | undefined)[] = [];
          roster.findAll(reader, { first: 0, end: keys.length, found });
          assert.deepEqual(
            found.map((worker) => worker?.key),
            keys.map((key) => isHired(key) ? key : undefined),
          );
          keys.forEach((key, row) => assert.equal(found[row], roster.get(key, hash(key))));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("goes on finding workers whose places others have had", () => {
    const roster = new Roster();
    for (const key of ["first", "a much longer key than that"]) roster.remove(given(roster, key));
    const names = Array.from({ length: 3_000 }, (_, index) => `key-${index}`);
    for (const name of names) given(roster, name);
    const writer = codec.writer();
    for (const name of names) writer.append({ key: name }, name, hashKey(name));
    const reader = codec.reader();
    reader.load(writer.seal());
    for (let first = 0; first < names.length; first += ROWS_AHEAD) {
      const end = Math.min(names.length, first + ROWS_AHEAD);
      const found: (KeyedWorker | undefined)[] = [];
      roster.findAll(reader, { first, end, found });
      assert.deepEqual(found.map((worker) => worker?.key), names.slice(first, end));
    }
  });

  function given(roster: Roster, key: string): KeyedWorker {
    const hired = worker(key, hashKey(key));
    roster.add(hired);
    return hired;
  }
});
