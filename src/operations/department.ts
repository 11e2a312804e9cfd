/**
 * Operations: one Web Worker that inspects the others, so that a busy factory never lacks its reports and busy
 * reports never slow the factory.
 *
 * @module
 */

import { type Clock, ClosedError } from "../core/mod.ts";
import type { Accounts } from "./accounts.ts";
import type { Inspection } from "./inspection.ts";
import type { Moment, MomentQuery } from "./moment.ts";
import type { StaffingBounds } from "./staffing.ts";
import { type InspectionListener, Operator, type Premises } from "./operator.ts";

/** What operations is opened with: plain data. */
export interface OperationsConfig {
  readonly intervalMs: number;
  /** Latency (p99) over which an alarm is raised. Default 5,000. */
  readonly alarmLatencyMs?: number;
  /** Within what the operator may change the number of workshops. Default: not at all. */
  readonly staffing?: StaffingBounds | null;
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
  open({ intervalMs, alarmLatencyMs, staffing }: OperationsConfig, premises: Premises): void {
    this.#operator?.close();
    this.#operator = new Operator({
      ...premises,
      clock: this.#clock,
      intervalMs,
      alarmLatencyMs,
      staffing,
      memory: this.#memory,
    });
    this.#operator.start();
  }

  /** Calls `listener` with every inspection until the department closes. @throws {ClosedError} before `open` */
  subscribe(listener: InspectionListener): void {
    if (!this.#operator) throw new ClosedError("operations: not open");
    this.#operator.subscribe(listener);
  }

  /** Goes on with others, workshops in the order of the lines. */
  restaff(premises: Premises): void {
    this.#operator?.restaff(premises);
  }

  /** Answers: somebody asks whether it still does. */
  ping(): void {}

  /** The latest inspection, or undefined in the first second. */
  latest(): Inspection | undefined {
    return this.#operator?.latest();
  }

  /** The last `count` inspections, the latest last. */
  history(count: number): Inspection[] {
    return this.#operator?.history(count) ?? [];
  }

  /** The inspections of the last hour as points of a chart, the latest last. */
  moments(query: MomentQuery): Moment[] {
    return this.#operator?.moments(query) ?? [];
  }

  /** Counts since the start, as of the latest answers. @throws {ClosedError} before `open` */
  accounts(): Accounts {
    if (!this.#operator) throw new ClosedError("operations: not open");
    return this.#operator.accounts();
  }

  /** Inspects no more. Closing twice does nothing. */
  close(): void {
    this.#operator?.close();
  }
}
