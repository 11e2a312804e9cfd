/**
 * The transport department's Web Worker.
 *
 * @module
 */

import { loadBlueprint } from "../src/blueprint/mod.ts";
import { systemClock } from "../src/core/mod.ts";
import { enter, serve } from "../src/headquarters/entry.ts";
import { portOf } from "../src/line/mod.ts";
import {
  type Resumption,
  type TransportConfig,
  TransportDepartment,
  type TransportEvent,
} from "../src/transport/mod.ts";

class Transport extends TransportDepartment {
  async prepareAt(blueprint: string, config: TransportConfig): Promise<Resumption> {
    return this.prepare(await loadBlueprint(blueprint), config);
  }

  async openAt(
    blueprint: string,
    { config, committed }: { config: TransportConfig; committed: number },
    conveyors: MessagePort[],
    report: (event: TransportEvent) => void,
  ): Promise<void> {
    await this.open(await loadBlueprint(blueprint), {
      config,
      committed,
      conveyors: conveyors.map(portOf),
      report,
    });
  }

  replaceAt(workshops: readonly number[], conveyors: MessagePort[]): Promise<Resumption> {
    return this.replace(workshops, conveyors.map(portOf));
  }

  resizeAt(workshops: number, conveyors: MessagePort[]): void {
    this.resize(workshops, conveyors.map(portOf));
  }

  tapAt(type: string, key: string | undefined, [port]: MessagePort[]): void {
    this.tap(type, key, portOf(port));
  }

  serve([port]: MessagePort[]): void {
    serve(this, port);
  }
}

enter(new Transport(systemClock));
