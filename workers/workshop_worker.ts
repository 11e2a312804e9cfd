/**
 * A workshop's Web Worker.
 *
 * @module
 */

import { loadBlueprint } from "../src/blueprint/mod.ts";
import { systemClock } from "../src/core/mod.ts";
import { enter, serve } from "../src/headquarters/entry.ts";
import { portOf } from "../src/line/mod.ts";
import { heapBytes } from "../src/platform/mod.ts";
import { type WorkshopConfig, WorkshopDepartment } from "../src/workshop/mod.ts";

class Workshop extends WorkshopDepartment {
  async openAt(
    blueprint: string,
    config: WorkshopConfig,
    [line, conveyor]: MessagePort[],
  ): Promise<void> {
    this.open(await loadBlueprint(blueprint), { config, line: portOf(line), conveyor: portOf(conveyor) });
  }

  handOverAt(slots: readonly number[], [port]: MessagePort[]): Promise<number> {
    return this.handOver(slots, portOf(port));
  }

  takeOverAt([port]: MessagePort[]): Promise<number> {
    return this.takeOver(portOf(port));
  }

  serve([port]: MessagePort[]): void {
    serve(this, port);
  }
}

enter(new Workshop({ clock: systemClock, random: Math.random, heapBytes }));
