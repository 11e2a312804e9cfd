/**
 * The operator: inspects every department once a second and reports.
 *
 * @module
 */

import { type Clock, every, type Timer } from "../core/mod.ts";
import { ALARM_LATENCY_MS, INSPECTIONS } from "../core/limits.ts";
import {
  mean,
  type ProcurementFigures,
  type ServiceTotals,
  type TransportFigures,
  type WorkshopFigures,
} from "../metrics/mod.ts";
import { type Accounts, accountsOf } from "./accounts.ts";
import { Alarms } from "./alarms.ts";
import type { Inspection } from "./inspection.ts";
import { condense, type Moment, momentOf, type MomentQuery } from "./moment.ts";
import { recent } from "./rates.ts";
import { inspect } from "./report.ts";
import { Staffer, type StaffingBounds } from "./staffing.ts";
import { symptomsOf } from "./symptoms.ts";
import { addServices } from "./service_totals.ts";
import { addProcurement, addWorkshop, NO_SUMS } from "./totals.ts";
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
  /** Latency (p99) over which an alarm is raised. Default 5,000. */
  readonly alarmLatencyMs?: number;
  /** Within what it may change the number of workshops. Default: not at all. */
  readonly staffing?: StaffingBounds | null;
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
  #procurement: Watch<ProcurementFigures>;
  #transport: Watch<TransportFigures>;
  readonly #listeners = new Map<InspectionListener, { busy: boolean }>();
  readonly #history: Inspection[] = [];
  readonly #moments: Moment[] = [];
  readonly #alarms = new Alarms();
  readonly #alarmLatencyMs: number;
  readonly #staffer: Staffer | undefined;
  #workshops: readonly WorkshopWatch[];
  /** What departments that are gone had counted at their last answer. */
  #retired = NO_SUMS;
  #retiredServices: readonly ServiceTotals[] = [];
  readonly #restarts = { procurement: 0, transport: 0 };
  #rounds: Timer | undefined;
  #grace: Timer | undefined;
  #closed = false;

  constructor(options: OperatorOptions) {
    const { clock, intervalMs = 1_000, memory, procurement, workshops, transport } = options;
    this.#alarmLatencyMs = options.alarmLatencyMs ?? ALARM_LATENCY_MS;
    this.#staffer = options.staffing ? new Staffer(options.staffing) : undefined;
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

  /** The reports of the last hour as points of a chart, the latest last. */
  moments(query: MomentQuery): Moment[] {
    return condense(this.#moments, query);
  }

  /** Counts since the start, as of the latest answers. */
  accounts(): Accounts {
    return accountsOf({
      procurement: this.#procurement.figures,
      workshops: this.#workshops.map(({ watch }) => watch.figures),
      transport: this.#transport.figures,
      retired: this.#retired,
      retiredServices: this.#retiredServices,
      restarts: {
        ...this.#restarts,
        ...Object.fromEntries(this.#workshops.map(({ restarts }, id) => [`workshop ${id}`, restarts])),
      },
    });
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
   * Goes on with others, workshops in the order of the lines. One in another's place counts as its restart, and
   * what those that are gone have counted stays in the totals.
   */
  restaff({ procurement, workshops, transport }: Premises): void {
    if (procurement !== this.#procurement.department) {
      const { figures } = this.#procurement;
      if (figures) this.#retired = addProcurement(this.#retired, figures);
      this.#procurement = this.#watch(procurement);
      this.#restarts.procurement++;
    }
    if (transport !== this.#transport.department) {
      this.#transport = this.#watch(transport);
      this.#restarts.transport++;
    }
    const before = this.#workshops;
    this.#workshops = workshops.map((workshop, index) =>
      before.find(({ watch }) => watch.department === workshop) ?? {
        watch: this.#watch(workshop),
        restarts: before[index] ? before[index].restarts + 1 : 0,
      }
    );
    for (const old of before) {
      const { figures } = old.watch;
      if (!figures || this.#workshops.includes(old)) continue;
      this.#retired = addWorkshop(this.#retired, figures);
      this.#retiredServices = addServices(this.#retiredServices, figures.services ?? []);
    }
  }

  #watch<F>(department: Inspected<F>): Watch<F> {
    return new Watch(department, { clock: this.#clock, deadlineMs: this.#intervalMs * SILENT_INTERVALS });
  }

  async #round(): Promise<void> {
    await this.#answers(this.#ask());
    if (this.#closed) return;
    const inspection = this.#inspect();
    this.#history.push(inspection);
    if (this.#history.length > INSPECTIONS) this.#history.shift();
    this.#moments.push(momentOf(inspection, this.#epochMs()));
    if (this.#moments.length > INSPECTIONS) this.#moments.shift();
    for (const listener of this.#listeners.keys()) void this.#tell(listener, inspection);
  }

  #inspect(): Inspection {
    const procurement = this.#procurement.look();
    const transport = this.#transport.look();
    const at = this.#clock.now();
    const report = inspect({
      at,
      procurement,
      workshops: this.#workshops.map(({ watch, restarts }) => ({ ...watch.look(), restarts })),
      transport,
      retired: this.#retired,
      memoryBytes: this.#memory(),
    });
    const symptoms = symptomsOf(report, {
      latencyLimitMs: this.#alarmLatencyMs,
      procurement: procurement.answering,
      transport: transport.answering,
    });
    const staffing = this.#staffer?.judge(report) ?? null;
    return {
      ...report,
      staffing,
      alarms: this.#alarms.judge(symptoms, { at, now: this.#clock.monotonic() }),
    };
  }

  /** How long the epochs took that were committed since the last report; null if none was. */
  #epochMs(): number | null {
    const epochs = recent(this.#transport.look().span, (figures) => figures.epochs);
    return epochs.count === 0 ? null : mean(epochs) * 1_000;
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
