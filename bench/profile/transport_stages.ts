/**
 * What transport does for each product. By the batch, so that little is left for one of them.
 *
 * @module
 */

import { compileCodec } from "../../src/batch/mod.ts";
import { DELIVERY_ROWS } from "../../src/core/limits.ts";
import { systemClock } from "../../src/core/mod.ts";
import type { BatchMessage } from "../../src/line/mod.ts";
import { LoadedDelivery } from "../../src/transport/delivery.ts";
import { Porter } from "../../src/transport/porter.ts";
import { Warehouse } from "../../src/transport/warehouse.ts";
import { GivingPort } from "./doubles.ts";
import type { Material } from "./material.ts";
import type { Stage } from "./stage.ts";
import { reading } from "../scenarios/fleet_source.ts";

/** Kept so that no loop's work is optimized away. */
export let kept: unknown;

/** Porter and warehouse, and the driver's way to a sink that looks at nothing. */
export function transportStages({ batches }: Material): Stage[] {
  const conveyor = new GivingPort();
  const warehouse = new Warehouse(10);
  const porter = new Porter({
    conveyors: [conveyor],
    batches: 64,
    warehouse,
    clock: systemClock,
    onLoad() {},
    onBarrier() {},
  });
  const reader = compileCodec(reading, { what: "product" }).reader();
  const items = batches.reduce((sum, { rows }) => sum + rows, 0);
  const deliver = () => {
    for (let type = 0; type < 10; type++) {
      for (let loads = take(type); loads.length > 0; loads = take(type)) {
        kept = new LoadedDelivery(`type-${type}`, loads, reader).count;
        for (const load of loads) porter.recycle(load);
      }
    }
    return items;
  };
  const take = (type: number) => warehouse.take(type, 1, DELIVERY_ROWS);
  const store = () => {
    batches.forEach((batch: BatchMessage, index) => conveyor.give({ ...batch, type: index % 10 }));
    return items;
  };
  return [
    { department: "transport", name: "porter", run: store },
    { department: "transport", name: "warehouse and driver", run: deliver },
  ];
}
