/**
 * Operations: one Web Worker that inspects the others, so that a busy factory never lacks its reports and busy
 * reports never slow the factory.
 *
 * @module
 */

import { type Clock, ClosedError } from "../core/mod.ts";
import type { WorkshopFigures } from "../metrics/mod.ts";
import type { Inspection } from "./inspection.ts";
import { type InspectionListener, Operator, type Premises } from "./operator.ts";
import type { Inspected } from "./watch.ts";

/** What operations is opened with: plain data. */
export interface OperationsConfig {
  readonly intervalMs: number;
}

/** The department's control interface. */
export class OperationsDepartment {
  readonly #clock: Clock;
  readonly #memory: () => number;
  #operator: Operator | undefined;

  /** @param memory the process' resident bytes */
  constructor(clock: Clock, memory: () => number) {
    this.#clock = clock;
    this.#memory = memory;
  }

  /** Begins to inspect. */
  open({ intervalMs }: OperationsConfig, premises: Premises): void {
    this.#operator?.close();
    this.#operator = new Operator({ ...premises, clock: this.#clock, intervalMs, memory: this.#memory });
    this.#operator.start();
  }

  /** Calls `listener` with every inspection until the department closes. @throws {ClosedError} before `open` */
  subscribe(listener: InspectionListener): void {
    if (!this.#operator) throw new ClosedError("operations: not open");
    this.#operator.subscribe(listener);
  }

  /** Goes on with other workshops, in the order of the lines. */
  setWorkshops(workshops: readonly Inspected<WorkshopFigures>[]): void {
    this.#operator?.setWorkshops(workshops);
  }

  /** The latest inspection, or undefined in the first second. */
  latest(): Inspection | undefined {
    return this.#operator?.latest();
  }

  /** The last `count` inspections, the latest last. */
  history(count: number): Inspection[] {
    return this.#operator?.history(count) ?? [];
  }

  /** Inspects no more. Closing twice does nothing. */
  close(): void {
    this.#operator?.close();
  }
}
