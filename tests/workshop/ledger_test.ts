import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { StateReader } from "../../src/store/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { Contracts } from "../../src/workshop/contract.ts";
import type { Conveyor } from "../../src/workshop/conveyor.ts";
import { Ledger } from "../../src/workshop/ledger.ts";
import { Records } from "../../src/workshop/records.ts";
import { Roster } from "../../src/workshop/roster.ts";
import { staffOf } from "../../src/workshop/worker.ts";

const WORKERS = 50;
const Employed = staffOf({ clock: new VirtualClock(), ring() {} });

/** A ledger of workers that were hired in the order of their numbers, and a conveyor with room for few rows. */
function books(room: number) {
  const definition = { kind: "keyed" as const, hire: () => null, work() {} };
  const roster = new Roster();
  const contracts = new Contracts({}, 0);
  const workers = Array.from({ length: WORKERS }, (_, number) => {
    const worker = new Employed({ key: `key-${number}`, hash: number, state: number });
    contracts.sign(roster.add(worker), 0);
    return worker;
  });
  const records = new Records(definition);
  const ledger = new Ledger({ definition, contracts, records, reader: {} as StateReader, epoch: 1 });
  const written: string[] = [];
  const conveyor = {
    get blocked() {
      return written.length >= room;
    },
    workerState: (_row: unknown, key: string) => void written.push(key),
  };
  return { workers, ledger, written, conveyor: conveyor as unknown as Conveyor, more: () => room += room };
}

describe("Ledger.write()", () => {
  it("writes who has changed once, in the order in which they were hired, as there is room", () => {
    const touches = fc.array(fc.integer({ min: 0, max: WORKERS - 1 }));
    fc.assert(fc.property(touches, fc.integer({ min: 1, max: 20 }), (numbers, room) => {
      const { workers, ledger, written, conveyor, more } = books(room);
      for (const number of numbers) ledger.touch(workers[number]);
      while (!ledger.write(conveyor)) more();
      const wanted = [...new Set(numbers)].toSorted((a, b) => a - b).map((number) => `key-${number}`);
      assert.deepEqual(written, wanted);
    }));
  });

  it("writes nobody again who hasn't changed since the barrier", () => {
    const { workers, ledger, written, conveyor } = books(100);
    ledger.touch(workers[3]);
    ledger.touch(workers[1]);
    ledger.write(conveyor);
    ledger.turnPage();
    ledger.touch(workers[2]);
    ledger.write(conveyor);
    assert.deepEqual(written, ["key-1", "key-3", "key-2"]);
  });
});
