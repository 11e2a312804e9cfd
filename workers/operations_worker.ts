/**
 * The operations department's Web Worker.
 *
 * @module
 */

import { wrap } from "comlink";
import { systemClock } from "../src/core/mod.ts";
import { enter } from "../src/headquarters/entry.ts";
import {
  type Inspected,
  type Inspection,
  type OperationsConfig,
  OperationsDepartment,
  type Premises,
} from "../src/operations/mod.ts";
import { residentMemoryBytes } from "../src/platform/mod.ts";

class Operations extends OperationsDepartment {
  /** Procurement, transport, workshops. */
  #staff: Inspected<unknown>[] = [];

  openAt(
    config: OperationsConfig,
    ports: MessagePort[],
    listener: (inspection: Inspection) => void,
  ): void {
    this.open(config, this.#at(ports));
    this.subscribe(listener);
  }

  /** A null stands for a department that was there before. */
  restaffAt(ports: (MessagePort | null)[]): void {
    this.restaff(this.#at(ports));
  }

  #at(ports: readonly (MessagePort | null)[]): Premises {
    this.#staff = ports.map((port, index) =>
      port ? wrap(port) as unknown as Inspected<unknown> : this.#staff[index]
    );
    const [procurement, transport, ...workshops] = this.#staff;
    return { procurement, transport, workshops } as Premises;
  }
}

enter(new Operations(systemClock, residentMemoryBytes));
