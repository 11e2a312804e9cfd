/**
 * The fleet's items as one workshop of two gets them: as objects and in batches.
 *
 * @module
 */

import { type BatchWriter, compileCodec, type ItemCodec } from "../../src/batch/mod.ts";
import { BATCH_BYTES, BATCH_ROWS } from "../../src/core/limits.ts";
import { dealSlots, hashKey, slotOf } from "../../src/core/mod.ts";
import type { BatchMessage } from "../../src/line/mod.ts";
import { fleetReadings, type Reading, reading } from "../scenarios/fleet_source.ts";

/** Items, and the same in batches. */
export interface Material {
  readonly codec: ItemCodec;
  readonly readings: readonly Reading[];
  readonly hashes: readonly number[];
  readonly batches: readonly BatchMessage[];
}

/** About `items` readings whose keys belong to the first of two workshops. */
export function drawMaterial({ keys, items }: { keys: number; items: number }): Material {
  const owners = dealSlots(2);
  const readings = fleetReadings(keys)(2 * items).filter(({ device }) =>
    owners[slotOf(hashKey(device))] === 0
  );
  const hashes = readings.map(({ device }) => hashKey(device));
  const codec = compileCodec(reading, { what: "material" });
  const batches: BatchMessage[] = [];
  const writer = codec.writer();
  readings.forEach((item, index) => {
    writer.append(item, item.device, hashes[index]);
    if (!isFull(writer) && index < readings.length - 1) return;
    const sequence = batches.length + 1;
    const { rows } = writer;
    batches.push({ kind: "batch", type: 0, sequence, epoch: 1, rows, at: 0, buffer: writer.seal() });
  });
  return { codec, readings, hashes, batches };
}

/** Whether a packer would send the batch. */
export function isFull({ rows, bytes }: BatchWriter): boolean {
  return rows >= BATCH_ROWS || bytes >= BATCH_BYTES;
}
