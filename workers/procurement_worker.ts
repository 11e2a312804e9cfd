/**
 * The procurement department's Web Worker.
 *
 * @module
 */

import { loadBlueprint } from "../src/blueprint/mod.ts";
import { systemClock } from "../src/core/mod.ts";
import { enter, serve } from "../src/headquarters/entry.ts";
import { portOf } from "../src/line/mod.ts";
import {
  type ProcurementConfig,
  ProcurementDepartment,
  type ProcurementEvent,
} from "../src/procurement/mod.ts";

class Procurement extends ProcurementDepartment {
  async openAt(
    blueprint: string,
    config: ProcurementConfig,
    lines: MessagePort[],
    report: (event: ProcurementEvent) => void,
  ): Promise<void> {
    await this.open(await loadBlueprint(blueprint), { config, lines: lines.map(portOf), report });
  }

  rejoinAt(workshops: readonly number[], lines: MessagePort[], committed: number): void {
    this.rejoin(workshops, { lines: lines.map(portOf), committed });
  }

  dealAt(table: Uint16Array, lines: MessagePort[]): void {
    this.deal(table, lines.map(portOf));
  }

  serve([port]: MessagePort[]): void {
    serve(this, port);
  }
}

enter(new Procurement(systemClock));
