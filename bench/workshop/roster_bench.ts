import { bench, do_not_optimize } from "mitata";
import type { ItemCodec } from "../../src/batch/mod.ts";
import { systemClock } from "../../src/core/mod.ts";
import type { BatchMessage } from "../../src/line/mod.ts";
import { Roster, ROWS_AHEAD } from "../../src/workshop/roster.ts";
import { type KeyedWorker, staffOf } from "../../src/workshop/worker.ts";
import { drawMaterial } from "../profile/material.ts";

/** About half of the keys belong to one workshop of two. */
for (const keys of [5_000, 100_000, 1_000_000]) {
  bench(`Roster.findAll() for a batch, ${keys} keys in two workshops`, function* () {
    const { roster, codec, batches } = staffed(keys);
    const reader = codec.reader();
    const found: (KeyedWorker | undefined)[] = [];
    let next = 0;
    yield () => {
      const { buffer, rows } = batches[next++ % batches.length];
      reader.load(buffer);
      for (let first = 0; first < rows; first += ROWS_AHEAD) {
        roster.findAll(reader, { first, end: Math.min(rows, first + ROWS_AHEAD), found });
        do_not_optimize(found);
      }
      reader.unload();
    };
  });
  bench(`Roster.remove() and add() a hundred, ${keys} keys in two workshops`, function* () {
    const { roster } = staffed(keys);
    yield () => {
      for (let index = 0; index < 100; index++) {
        const worker = roster.at(index)!;
        roster.remove(worker);
        roster.add(worker);
      }
    };
  });
}

/** A roster with a worker for each key of the batches. */
function staffed(keys: number): { roster: Roster; codec: ItemCodec; batches: readonly BatchMessage[] } {
  const { codec, readings, hashes, batches } = drawMaterial({ keys, items: 2 * keys });
  const Employed = staffOf({ clock: systemClock, ring() {} });
  const roster = new Roster();
  readings.forEach(({ device: key }, item) => {
    const hash = hashes[item];
    if (!roster.get(key, hash)) roster.add(new Employed({ key, hash, state: null }));
  });
  return { roster, codec, batches };
}
