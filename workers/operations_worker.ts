/**
 * The operations department's Web Worker.
 *
 * @module
 */

import { wrap } from "comlink";
import { systemClock } from "../src/core/mod.ts";
import { enter } from "../src/headquarters/entry.ts";
import type { ProcurementFigures, TransportFigures, WorkshopFigures } from "../src/metrics/mod.ts";
import {
  type Inspected,
  type Inspection,
  type OperationsConfig,
  OperationsDepartment,
} from "../src/operations/mod.ts";
import { residentMemoryBytes } from "../src/platform/mod.ts";

class Operations extends OperationsDepartment {
  openAt(
    config: OperationsConfig,
    [procurement, transport, ...workshops]: MessagePort[],
    listener: (inspection: Inspection) => void,
  ): void {
    this.open(config, {
      procurement: wrap(procurement) as Inspected<ProcurementFigures>,
      transport: wrap(transport) as Inspected<TransportFigures>,
      workshops: workshops.map((port) => wrap(port) as Inspected<WorkshopFigures>),
    });
    this.subscribe(listener);
  }
}

enter(new Operations(systemClock, residentMemoryBytes));
