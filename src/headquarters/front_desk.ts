/**
 * The front desk: answers what callers ask of an open factory, and passes on what they want done.
 *
 * @module
 */

import { ClosedError } from "../core/mod.ts";
import { HISTORY_POINTS, INSPECTIONS } from "../core/limits.ts";
import type { ProductFigures } from "../metrics/mod.ts";
import type { Accounts, Inspection, LineReport, Moment, WorkshopReport } from "../operations/mod.ts";
import { Broadcast } from "./broadcast.ts";
import { DeadLetterOffice } from "./dead_letters.ts";
import type { Departments } from "./departments.ts";
import type {
  DeadLetterPage,
  DeadLetterQuery,
  Factory,
  HistoryQuery,
  ProcurementReport,
  ProductEvent,
  RosterPage,
  RosterQuery,
  WorkerReport,
} from "./factory.ts";
import { Patience } from "./patience.ts";
import { pageOfWorkers } from "./roster_pages.ts";
import type { Site } from "./site.ts";
import { noSuchProduct, watchProducts } from "./watch_products.ts";

/** The part of a {@link Factory} that only asks departments, and decides nothing. */
export abstract class FrontDesk implements
  Pick<
    Factory,
    | "inspections"
    | "latestInspection"
    | "history"
    | "accounts"
    | "lines"
    | "workshops"
    | "workers"
    | "worker"
    | "dismiss"
    | "procurement"
    | "setRate"
    | "warehouse"
    | "tap"
    | "deadLetters"
    | "replayDeadLetters"
    | "purgeDeadLetters"
  > {
  abstract readonly products: readonly string[];
  protected readonly site: Site;
  protected readonly patience: Patience;
  protected readonly latest: Broadcast<Inspection> = new Broadcast();
  protected readonly closing: AbortController = new AbortController();
  protected readonly letters: DeadLetterOffice;

  constructor(site: Site) {
    this.site = site;
    this.patience = new Patience(site.clock);
    this.letters = new DeadLetterOffice({
      patience: this.patience,
      departments: async () => {
        this.atWork();
        await this.settled();
        return this.atWork();
      },
    });
  }

  /** The departments. @throws {ClosedError} unless the factory is open, or what it has failed of */
  protected abstract atWork(): Departments;

  /** Resolves when no department is being replaced. */
  protected abstract settled(): Promise<void>;

  inspections(): AsyncIterable<Inspection> {
    return this.latest.values();
  }

  latestInspection(): Inspection | undefined {
    return this.latest.latest;
  }

  history({ seconds = INSPECTIONS, points = HISTORY_POINTS }: HistoryQuery = {}): Promise<Moment[]> {
    const { operations } = this.atWork();
    return this.patience.quick("operations", operations.calls.moments({ seconds, points }));
  }

  async accounts(): Promise<Accounts> {
    return await this.patience.quick("operations", this.atWork().operations.calls.accounts());
  }

  async lines(): Promise<LineReport[]> {
    return (await this.#inspection()).lines;
  }

  async workshops(): Promise<WorkshopReport[]> {
    return (await this.#inspection()).workshops;
  }

  async workers(query: RosterQuery = {}): Promise<RosterPage> {
    return await pageOfWorkers(query, { departments: this.atWork(), patience: this.patience });
  }

  async worker(key: string): Promise<WorkerReport | undefined> {
    const asked = this.atWork().workshopsOf(key).map(({ workshop, department }) =>
      this.patience.quick(department, workshop.calls.worker(key))
    );
    return (await Promise.all(asked)).find((worker) => worker !== undefined);
  }

  async dismiss(key: string): Promise<boolean> {
    const asked = this.atWork().workshopsOf(key).map(({ workshop, department }) =>
      this.patience.quick(department, workshop.calls.dismiss(key))
    );
    return (await Promise.all(asked)).includes(true);
  }

  async procurement(): Promise<ProcurementReport> {
    const { procurement } = this.atWork();
    const figures = await this.patience.quick("procurement", procurement.calls.figures());
    const { source, state, offset, ratePerSecond } = figures;
    return { source, state, offsets: offset, paused: state === "paused", ratePerSecond };
  }

  async setRate(ratePerSecond: number | null): Promise<void> {
    await this.patience.quick("procurement", this.atWork().procurement.calls.setRate(ratePerSecond));
  }

  async warehouse(): Promise<ProductFigures[]> {
    const figures = await this.patience.quick("transport", this.atWork().transport.calls.figures());
    return figures.products;
  }

  async *tap(
    type: string,
    { key, signal, onLost }: { key?: string; signal?: AbortSignal; onLost?: (events: number) => void } = {},
  ): AsyncGenerator<ProductEvent, void, undefined> {
    const { transport } = this.atWork();
    if (!this.products.includes(type)) throw noSuchProduct(type, this.products);
    const [near, far] = this.site.channel();
    const port = this.site.portOf(near);
    const ends = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    const events = watchProducts(port, { signal: ends, onLost });
    await this.patience.quick("transport", transport.tap(type, key, far));
    yield* events;
  }

  deadLetters(query?: DeadLetterQuery): Promise<DeadLetterPage> {
    return this.letters.list(query);
  }

  replayDeadLetters(ids?: readonly number[]): Promise<number> {
    return this.letters.replay(ids);
  }

  purgeDeadLetters(ids?: readonly number[]): Promise<number> {
    return this.letters.purge(ids);
  }

  /** The latest inspection, waiting for the first if need be. */
  async #inspection(): Promise<Inspection> {
    this.atWork();
    if (this.latest.latest) return this.latest.latest;
    for await (const inspection of this.latest.values()) return inspection;
    throw new ClosedError("the factory is closed");
  }
}
