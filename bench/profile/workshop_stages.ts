/**
 * What a workshop does for each item.
 *
 * @module
 */

import { type BatchWriter, compileCodec } from "../../src/batch/mod.ts";
import { BATCH_BYTES, LINE_BATCHES, LINGER_MS } from "../../src/core/limits.ts";
import { systemClock } from "../../src/core/mod.ts";
import { Contracts } from "../../src/workshop/contract.ts";
import { Conveyor } from "../../src/workshop/conveyor.ts";
import { WorkshopDepartment } from "../../src/workshop/mod.ts";
import { Roster, ROWS_AHEAD } from "../../src/workshop/roster.ts";
import { StateCopier } from "../../src/workshop/state_copier.ts";
import { type KeyedWorker, staffOf } from "../../src/workshop/worker.ts";
import type { Product } from "../compare/fleet_job.ts";
import fleet from "../scenarios/fleet_blueprint.ts";
import { TYPES } from "../scenarios/fleet_source.ts";
import { countingCodec, GivingPort, takingPort } from "./doubles.ts";
import { isFull, type Material } from "./material.ts";
import type { Stage } from "./stage.ts";

/** Kept so that no loop's work is optimized away. */
export let kept: unknown;

/** Decode, roster, copy of the state, work, ship, encode; and a workshop as a whole. */
export function workshopStages(material: Material): Stage[] {
  const { workers, stage: rostered } = roster(material);
  const { products, stage: worked } = work(material, workers);
  return [
    decode(material),
    rostered,
    copyState(workers),
    worked,
    ship(products, workers),
    encode(products, material),
    whole(material),
  ];
}

function decode({ codec, batches }: Material): Stage {
  const reader = codec.reader();
  return {
    department: "workshop",
    name: "decode",
    run() {
      let items = 0;
      for (const { buffer, rows } of batches) {
        reader.load(buffer);
        for (let row = 0; row < rows; row++) kept = reader.item(row);
        reader.unload();
        items += rows;
      }
      return items;
    },
  };
}

/** Finding each item's worker and renewing its contract; and the workers, by item. */
function roster({ codec, readings, hashes, batches }: Material): { workers: KeyedWorker[]; stage: Stage } {
  const roster = new Roster();
  const contracts = new Contracts({}, Date.now());
  const Employed = staffOf({ clock: systemClock, ring() {} });
  const workers = readings.map(({ device: key }, item) => {
    const hired = roster.get(key, hashes[item]);
    if (hired) return hired;
    const worker = new Employed({ key, hash: hashes[item], state: { count: 0, mean: 0 } });
    contracts.sign(roster.add(worker), Date.now());
    return worker;
  });
  const reader = codec.reader();
  const found: (KeyedWorker | undefined)[] = new Array(ROWS_AHEAD).fill(undefined);
  const run = () => {
    const now = Date.now();
    for (const { buffer, rows } of batches) {
      reader.load(buffer);
      for (let first = 0; first < rows; first += ROWS_AHEAD) {
        const end = Math.min(rows, first + ROWS_AHEAD);
        roster.findAll(reader, { first, end, found });
        for (let row = first; row < end; row++) contracts.renew(found[row - first]!.index, now);
      }
      reader.unload();
    }
    return readings.length;
  };
  return { workers, stage: { department: "workshop", name: "roster and contract", run } };
}

/** For the case that the turn fails. */
function copyState(workers: readonly KeyedWorker[]): Stage {
  const copier = new StateCopier();
  return {
    department: "workshop",
    name: "copy of the state",
    run() {
      for (const { state } of workers) kept = copier.copy(state);
      return workers.length;
    },
  };
}

function work(
  { readings }: Material,
  workers: readonly KeyedWorker[],
): { products: Product[]; stage: Stage } {
  const products: Product[] = new Array(readings.length);
  let next = 0;
  const ship = (_type: string, product: unknown) => void (products[next] = product as Product);
  const context = { settings: {} } as Parameters<typeof fleet.workshop.work>[3];
  const run = () => {
    for (next = 0; next < readings.length; next++) {
      void fleet.workshop.work(workers[next], readings[next], ship, context);
    }
    return readings.length;
  };
  run();
  return { products, stage: { department: "workshop", name: "work", run } };
}

/** What shipping costs around the encoding. */
function ship(products: readonly Product[], workers: readonly KeyedWorker[]): Stage {
  const codec = countingCodec(compileCodec(fleet.products[TYPES[0]], { what: "product" }));
  const conveyor = new Conveyor({
    port: takingPort(),
    clock: systemClock,
    codecs: new Map(TYPES.map((type) => [type, codec])),
    batchBytes: BATCH_BYTES,
    lingerMs: LINGER_MS,
    committed: 0,
    onRoom() {},
  });
  return {
    department: "workshop",
    name: "ship",
    run() {
      for (let i = 0; i < products.length; i++) {
        conveyor.begin(workers[i]);
        conveyor.ship(products[i].type, products[i]);
        conveyor.end();
      }
      return products.length;
    },
  };
}

/** A batch for each type, as a conveyor has it. */
function encode(products: readonly Product[], { hashes }: Material): Stage {
  const types = products.map(({ type }) => TYPES.indexOf(type));
  const writers = TYPES.map((type): BatchWriter =>
    compileCodec(fleet.products[type], { what: `product ${type}` }).writer()
  );
  const spares: (ArrayBuffer | undefined)[] = [];
  return {
    department: "workshop",
    name: "encode products",
    run() {
      for (let i = 0; i < products.length; i++) {
        const writer = writers[types[i]];
        writer.append(products[i], products[i].device, hashes[i]);
        if (isFull(writer)) spares[types[i]] = writer.seal(spares[types[i]]);
      }
      return products.length;
    },
  };
}

/** A whole workshop on ports that cost nothing. */
function whole({ batches }: Material): Stage {
  const department = new WorkshopDepartment({ clock: systemClock, random: Math.random, heapBytes: () => 0 });
  const line = new GivingPort();
  const config = {
    id: 0,
    slots: Array.from({ length: 128 }, (_, slot) => 2 * slot),
    settings: {},
    lineBatches: LINE_BATCHES,
    lingerMs: LINGER_MS,
    batchBytes: BATCH_BYTES,
    data: undefined,
    committed: 0,
  };
  department.open(fleet, { config, line, conveyor: takingPort() });
  return {
    department: "workshop",
    name: "all of it",
    async run() {
      let items = 0;
      for (const batch of batches) {
        const released = line.released;
        line.give({ ...batch, at: Date.now() });
        while (line.released === released) await new Promise((resolve) => setTimeout(resolve));
        items += batch.rows;
      }
      return items;
    },
  };
}
