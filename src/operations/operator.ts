/**
 * The operator: inspects every department once a second and reports.
 *
 * @module
 */

import { type Clock, every, type Timer } from "../core/mod.ts";
import { INSPECTIONS } from "../core/limits.ts";
import type { ProcurementFigures, TransportFigures, WorkshopFigures } from "../metrics/mod.ts";
import type { Inspection } from "./inspection.ts";
import { inspect } from "./report.ts";
import { addWorkshop, NO_TOTALS } from "./totals.ts";
import { type Inspected, Watch } from "./watch.ts";

/** Everything an operator inspects. */
export interface Premises {
  readonly procurement: Inspected<ProcurementFigures>;
  /** In the order of the lines. */
  readonly workshops: readonly Inspected<WorkshopFigures>[];
  readonly transport: Inspected<TransportFigures>;
}

/** What an operator is made with. */
export interface OperatorOptions extends Premises {
  readonly clock: Clock;
  /** Default 1,000. */
  readonly intervalMs?: number;
  /** The process' resident bytes. */
  readonly memory: () => number;
}

/** Is told of every inspection. */
export type InspectionListener = (inspection: Inspection) => void | Promise<void>;

/** A department that hasn't answered within so many intervals is silent. */
const SILENT_INTERVALS = 2;

/** How long a report waits for late answers: a quarter of the interval, so that it stays a report of its second. */
const GRACE_SHARE = 0.25;

interface WorkshopWatch {
  readonly watch: Watch<WorkshopFigures>;
  readonly restarts: number;
}

/**
 * Inspects the departments and reports, and keeps the reports of the last hour.
 *
 * Invariant: a department that answers late or never delays no report by more than a quarter of the interval, and
 * has one open question at most. Until its deadline its last rates are reported again; from then on it is silent,
 * its last figures stand, and its rates are 0.
 */
export class Operator {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #memory: () => number;
  readonly #procurement: Watch<ProcurementFigures>;
  readonly #transport: Watch<TransportFigures>;
  readonly #listeners = new Map<InspectionListener, { busy: boolean }>();
  readonly #history: Inspection[] = [];
  #workshops: readonly WorkshopWatch[];
  #retired = NO_TOTALS;
  #rounds: Timer | undefined;
  #grace: Timer | undefined;
  #closed = false;

  constructor({ clock, intervalMs = 1_000, memory, procurement, workshops, transport }: OperatorOptions) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#memory = memory;
    this.#procurement = this.#watch(procurement);
    this.#transport = this.#watch(transport);
    this.#workshops = workshops.map((workshop) => ({ watch: this.#watch(workshop), restarts: 0 }));
  }

  /** Takes a first look, and inspects every interval from then on. */
  start(): void {
    if (this.#rounds || this.#closed) return;
    this.#ask();
    this.#rounds = every(this.#clock, this.#intervalMs, () => this.#round());
  }

  /** Inspects no more; what was reported stays readable. Closing twice does nothing. */
  close(): void {
    this.#closed = true;
    this.#rounds?.cancel();
    this.#grace?.cancel();
    this.#listeners.clear();
  }

  /** The latest report, or undefined in the first second. */
  latest(): Inspection | undefined {
    return this.#history.at(-1);
  }

  /** The last `count` reports, the latest last. */
  history(count: number = INSPECTIONS): Inspection[] {
    return count > 0 ? this.#history.slice(-count) : [];
  }

  /**
   * Calls `listener` with every report until the returned function is called. A listener that is still at the last
   * report when the next comes misses it; what it throws is its own affair.
   */
  subscribe(listener: InspectionListener): () => void {
    this.#listeners.set(listener, { busy: false });
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Goes on with other workshops, in the order of the lines. One in another's place counts as its restart, and
   * what workshops that are gone have counted stays in the totals.
   */
  setWorkshops(workshops: readonly Inspected<WorkshopFigures>[]): void {
    const before = this.#workshops;
    this.#workshops = workshops.map((workshop, index) =>
      before.find(({ watch }) => watch.department === workshop) ?? {
        watch: this.#watch(workshop),
        restarts: before[index] ? before[index].restarts + 1 : 0,
      }
    );
    for (const old of before) {
      const { figures } = old.watch;
      if (figures && !this.#workshops.includes(old)) this.#retired = addWorkshop(this.#retired, figures);
    }
  }

  #watch<F>(department: Inspected<F>): Watch<F> {
    return new Watch(department, { clock: this.#clock, deadlineMs: this.#intervalMs * SILENT_INTERVALS });
  }

  async #round(): Promise<void> {
    await this.#answers(this.#ask());
    if (this.#closed) return;
    const inspection = inspect({
      at: this.#clock.now(),
      procurement: this.#procurement.look(),
      workshops: this.#workshops.map(({ watch, restarts }) => ({ ...watch.look(), restarts })),
      transport: this.#transport.look(),
      retired: this.#retired,
      memoryBytes: this.#memory(),
    });
    this.#history.push(inspection);
    if (this.#history.length > INSPECTIONS) this.#history.shift();
    for (const listener of this.#listeners.keys()) void this.#tell(listener, inspection);
  }

  /** Asks every department but the silent ones, whose question is still open. */
  #ask(): Promise<void>[] {
    const watches = [this.#procurement, this.#transport, ...this.#workshops.map(({ watch }) => watch)];
    return watches.filter((watch) => !watch.overdue).map((watch) => watch.ask());
  }

  /** Resolves when all have answered, or the grace is over. */
  #answers(asked: readonly Promise<void>[]): Promise<void> {
    return new Promise((resolve) => {
      const grace = this.#clock.after(this.#intervalMs * GRACE_SHARE, resolve);
      this.#grace = grace;
      void Promise.all(asked).then(() => {
        grace.cancel();
        resolve();
      });
    });
  }

  async #tell(listener: InspectionListener, inspection: Inspection): Promise<void> {
    const call = this.#listeners.get(listener);
    if (!call || call.busy) return;
    call.busy = true;
    try {
      await listener(inspection);
    } catch {
      // see subscribe()
    }
    call.busy = false;
  }
}
