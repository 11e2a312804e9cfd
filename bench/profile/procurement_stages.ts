/**
 * What procurement and the lines do for each item.
 *
 * @module
 */

import { dealSlots, hashKey, slotOf, systemClock } from "../../src/core/mod.ts";
import { BATCH_BYTES } from "../../src/core/limits.ts";
import { LineSender, Packer } from "../../src/line/mod.ts";
import { Router } from "../../src/procurement/router.ts";
import fleet from "../scenarios/fleet_blueprint.ts";
import { fleetReadings, fleetSource, type Reading } from "../scenarios/fleet_source.ts";
import { takingPort } from "./doubles.ts";
import { isFull, type Material } from "./material.ts";
import type { Stage } from "./stage.ts";

/** Kept so that no loop's work is optimized away. */
export let kept = 0;

/** Likewise. */
export let drawn: readonly Reading[] = [];

/** Drawing, source, key and hash, encode; transfer; and procurement as a whole. */
export async function procurementStages(material: Material, { keys }: { keys: number }): Promise<Stage[]> {
  return [
    await source(material, keys),
    draw(material, keys),
    keyAndHash(material),
    encode(material),
    transfer(material),
    whole(material),
  ];
}

/** What the user's generator does: the objects have to come from somewhere. */
function draw({ readings }: Material, keys: number): Stage {
  const next = fleetReadings(keys);
  return {
    department: "procurement",
    name: "source, of that drawing the items",
    run() {
      let items = 0;
      for (; items < readings.length; items += drawn.length) drawn = next(1_024);
      return items;
    },
  };
}

async function source({ readings }: Material, keys: number): Promise<Stage> {
  const { signal } = new AbortController();
  const opening = { settings: {}, offset: undefined, input: undefined, signal, clock: systemClock };
  const reader = await fleetSource({ keys }).open(opening);
  return {
    department: "procurement",
    name: "source",
    async run() {
      let items = 0;
      while (items < readings.length) items += (await reader.read())!.items.length;
      return items;
    },
  };
}

function keyAndHash({ readings }: Material): Stage {
  const table = dealSlots(2);
  const { key } = fleet;
  return {
    department: "procurement",
    name: "key and hash",
    run() {
      for (const reading of readings) kept ^= table[slotOf(hashKey(key(reading)))];
      return readings.length;
    },
  };
}

function encode({ codec, readings, hashes }: Material): Stage {
  const writer = codec.writer();
  let spare: ArrayBuffer | undefined;
  return {
    department: "procurement",
    name: "encode",
    run() {
      for (let i = 0; i < readings.length; i++) {
        writer.append(readings[i], readings[i].device, hashes[i]);
        if (isFull(writer)) spare = writer.seal(spare);
      }
      return readings.length;
    },
  };
}

/** A batch's message there and its buffer's way back, both ends in this thread. */
function transfer({ batches }: Material): Stage {
  return {
    department: "line",
    name: "transfer",
    async run() {
      const { port1, port2 } = new MessageChannel();
      let buffer = batches[0].buffer.slice(0);
      let rows = 0;
      const arrived = () => new Promise<MessageEvent>((resolve) => port1.onmessage = resolve);
      port2.onmessage = ({ data }) => {
        port2.postMessage({ kind: "credit", batches: 1, buffer: data.buffer }, [data.buffer]);
      };
      for (const batch of batches) {
        const back = arrived();
        port1.postMessage({ ...batch, buffer }, [buffer]);
        buffer = (await back).data.buffer;
        rows += batch.rows;
      }
      port1.close();
      port2.close();
      return rows;
    },
  };
}

/** Everything but the source. */
function whole({ codec, readings }: Material): Stage {
  const packers = [0, 1].map(() => {
    const sender = new LineSender(takingPort(), systemClock);
    return new Packer({
      writer: codec.writer(),
      sender,
      clock: systemClock,
      type: 0,
      batchBytes: BATCH_BYTES,
    });
  });
  const router = new Router({ codec, key: fleet.key, packers });
  const chunks: Reading[][] = [];
  for (let from = 0; from < readings.length; from += 1_024) chunks.push(readings.slice(from, from + 1_024));
  return {
    department: "procurement",
    name: "all but the source",
    run() {
      const reject = (index: number) => {
        throw new Error(`item ${index} was rejected`);
      };
      for (const chunk of chunks) router.route(chunk, { start: 0, end: chunk.length, epoch: 1, reject });
      return readings.length;
    },
  };
}
