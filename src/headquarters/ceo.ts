/**
 * The CEO: decides how many workshops there are, has the departments opened and joined, speaks for them, and
 * closes them. Never touches an item.
 *
 * @module
 */

import type { Blueprint } from "../blueprint/mod.ts";
import {
  abortable,
  type Clock,
  ClosedError,
  DeadlineError,
  DepartmentError,
  messageOf,
  Mutex,
} from "../core/mod.ts";
import { DRAIN_MS } from "../core/limits.ts";
import type { Inspection } from "../operations/mod.ts";
import { runtimeVersion } from "../platform/mod.ts";
import { Departments, type Figures, workshopName } from "./departments.ts";
import type {
  Admission,
  Factory,
  FactoryState,
  FactoryStatus,
  PushOptions,
  StatusQuery,
  Summary,
} from "./factory.ts";
import type { ResolvedOptions } from "./options.ts";
import { FrontDesk } from "./front_desk.ts";
import { healthOf, isReplaced } from "./health.ts";
import { Recovery } from "./recovery.ts";
import { Rescaler } from "./rescaler.ts";
import type { Site } from "./site.ts";
import { type Account, accountOf, NOTHING, summarize, totalsOf } from "./summary.ts";
import type { Traces } from "./traces.ts";
import { VERSION } from "./version.ts";

/** Figures this old still say how a factory does. */
const FRESH_MS = 1_000;

/** Coordinates one factory. */
export class Ceo extends FrontDesk implements Factory {
  readonly name: string;
  override readonly products: readonly string[];
  readonly finished: Promise<Summary>;
  readonly #clock: Clock;
  readonly #options: ResolvedOptions;
  readonly #traces: Traces | undefined;
  readonly #finished = Promise.withResolvers<Summary>();
  readonly #openedAt: number;
  #state: FactoryState = "opening";
  #failure: Error | undefined;
  readonly #departments: Departments;
  readonly #recovery: Recovery;
  readonly #rescaler: Rescaler;
  /** Whether everybody is dismissed when the factory drains. */
  readonly #farewells: boolean;
  /** The departments are open. */
  #opened = false;
  #endedAt: number | undefined;
  /** Of the end, for whoever asks afterwards. */
  #lastFigures: Figures | undefined;
  /** When they were counted, on the monotonic clock. */
  #countedAt = -Infinity;
  #closed: Promise<void> | undefined;
  #drained: Promise<Summary> | undefined;

  constructor(
    blueprint: Blueprint,
    { options, site, traces }: { options: ResolvedOptions; site: Site; traces?: Traces },
  ) {
    super(site);
    this.#traces = traces;
    this.name = blueprint.name;
    this.products = Object.keys(blueprint.products);
    this.#clock = site.clock;
    this.#options = options;
    this.#openedAt = site.clock.monotonic();
    this.#departments = new Departments({
      site,
      options,
      patience: this.patience,
      placement: blueprint.affinity,
      onFailure: (department, error) => this.#died(department, error),
      traces,
      onInspection: (inspection) => this.#inspected(inspection),
      onSourceEnded: (failure) => void this.#sourceEnded(failure),
    });
    this.#farewells = blueprint.workshop.contract?.dismissOnDrain ?? false;
    const source = blueprint.source?.(options.settings);
    const moves = new Mutex();
    this.#recovery = new Recovery({
      departments: this.#departments,
      patience: this.patience,
      clock: site.clock,
      silentMs: options.heartbeatMs,
      durable: options.durability === "exactly-once",
      replayable: source === undefined || source.replayable || source.name === "push",
      unstoppable: site.unstoppable,
      random: site.random,
      onGiveUp: (department, error) => this.#fail(department, error),
      onLoss: (error) => this.#rescaler.interrupt(error),
      exclusively: (task) => moves.run(task),
    });
    this.#rescaler = new Rescaler({
      departments: this.#departments,
      recovery: this.#recovery,
      patience: this.patience,
      site,
      exclusively: (task) => moves.run(task),
    });
    this.finished = this.#finished.promise;
    this.finished.catch(() => {}); // whoever doesn't ask isn't told
  }

  /** Opens every department. On failure everything is closed again. */
  async open(): Promise<void> {
    try {
      await this.#departments.staff();
      this.#opened = true;
      await this.#departments.open();
      if (this.#state === "opening") this.#state = "open";
      this.#recovery.watch(this.#departments.names);
    } catch (error) {
      const failure = this.#failure ?? error;
      await this.close();
      throw failure;
    }
  }

  async push(items: readonly unknown[], options: PushOptions = {}): Promise<Admission> {
    const { committed, wait, waitMs, idempotencyKey, signal } = options;
    signal?.throwIfAborted();
    this.atWork();
    await abortable(this.#recovery.settled(), signal);
    const { procurement } = this.atWork();
    const terms = { committed, wait, waitMs, idempotencyKey };
    const push = () =>
      abortable(this.patience.await(procurement.calls.push(items, terms), "procurement"), signal);
    const { accepted, rejected } = await (this.#traces?.admission(items.length, push) ?? push());
    return { accepted, rejected };
  }

  async status({ withinMs }: StatusQuery = {}): Promise<FactoryStatus> {
    const { name } = this;
    const base = {
      name,
      version: VERSION,
      runtime: runtimeVersion(),
      state: this.#state,
      workshops: this.#departments.size,
      uptimeMs: Math.round(this.#clock.monotonic() - this.#openedAt),
      settings: this.#options.settings,
    };
    const figures = await this.#figures(withinMs);
    if (!figures) return { ...base, epoch: { current: 0, committed: 0 }, totals: NOTHING };
    return {
      ...base,
      epoch: { current: figures.procurement.epoch, committed: figures.transport.committedEpoch },
      totals: totalsOf(figures),
    };
  }

  /** What the departments have counted: at this moment, or the last time that all of them were there. */
  async #figures(withinMs: number | undefined): Promise<Figures | undefined> {
    if (this.#state === "opening" || this.closing.signal.aborted) return this.#lastFigures;
    const asked = this.#departments.figures().then((figures) => {
      this.#countedAt = this.#clock.monotonic();
      return this.#lastFigures = figures;
    });
    try {
      const fresh = this.#clock.monotonic() - this.#countedAt < FRESH_MS;
      if (withinMs === undefined || !fresh) return await asked;
      const overdue = Promise.withResolvers<Figures | undefined>();
      const timer = this.#clock.after(withinMs, () => overdue.resolve(this.#lastFigures));
      asked.catch(() => {}); // if it comes too late, nobody is told
      return await Promise.race([asked, overdue.promise]).finally(() => timer.cancel());
    } catch (error) {
      if (this.#recovery.underWay.size === 0 && !isReplaced(error)) throw error;
      return this.#lastFigures;
    }
  }

  health(): Promise<{ live: string[]; ready: string[] }> {
    return Promise.resolve(healthOf({
      state: this.#state,
      failure: this.#failure,
      replaced: this.#recovery.underWay,
      inspection: this.latest.latest,
    }));
  }

  async pause(): Promise<void> {
    await this.patience.quick("procurement", this.atWork().procurement.calls.pause());
    if (this.#state === "open") this.#state = "paused";
  }

  async resume(): Promise<void> {
    await this.patience.quick("procurement", this.atWork().procurement.calls.resume());
    if (this.#state === "paused") this.#state = "open";
  }

  async checkpoint(): Promise<number> {
    this.atWork();
    await this.#recovery.settled();
    return await this.patience.await(this.atWork().procurement.calls.checkpoint(), "procurement");
  }

  async scale(workshops: number): Promise<void> {
    this.atWork();
    await this.#rescaler.scale(workshops);
  }

  drain(): Promise<Summary> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  async #drain(): Promise<Summary> {
    this.atWork();
    this.#state = "draining";
    const overdue = Promise.withResolvers<never>();
    overdue.promise.catch(() => {});
    const timer = this.#clock.after(DRAIN_MS, () => {
      overdue.reject(
        new DeadlineError(`drain: not everything was finished and committed within ${DRAIN_MS} ms`, {
          fields: { ms: DRAIN_MS },
        }),
      );
    });
    try {
      const drained = this.#surely(() => this.#emptied());
      await Promise.race([drained, overdue.promise]);
      const summary = await this.#summary();
      this.#finished.resolve(summary);
      return summary;
    } catch (error) {
      this.#finished.reject(error);
      throw error;
    } finally {
      timer.cancel();
      await this.close();
    }
  }

  /** Nothing is bought any more, and what was bought is committed. */
  async #emptied(): Promise<void> {
    const { procurement, workshops } = this.atWork();
    await this.patience.await(procurement.calls.drain(), "procurement");
    if (!this.#farewells) return;
    const gone = workshops.map(({ calls }, id) => this.patience.await(calls.dismissAll(), workshopName(id)));
    await Promise.all(gone);
    await this.patience.await(procurement.calls.settle(), "procurement");
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const summary = this.#opened && this.#state !== "failed" && this.#endedAt === undefined
      ? await accountOf(this.#departments, this.patience).then((account) => this.#sum(account))
        .catch(() => undefined) // whoever is dead by now tells nothing
      : undefined;
    this.closing.abort(new ClosedError("the factory is closed"));
    this.latest.close();
    this.#recovery.close();
    await this.#departments.close();
    this.#traces?.close();
    if (this.#state !== "failed") this.#state = "closed";
    const closed = new ClosedError("the factory is closed");
    this.patience.end(this.#failure ?? closed);
    if (summary) this.#finished.resolve(summary);
    else this.#finished.reject(this.#failure ?? closed);
  }

  /**
   * The source has ended: finish everything, and the run has finished; the factory stays open for pushes. If the
   * source has failed, what it gave before is finished and committed all the same, and then the factory fails.
   */
  async #sourceEnded(failure?: Error): Promise<void> {
    try {
      await this.patience.await(this.atWork().procurement.calls.settle(), "procurement");
      if (failure) return this.#fail("procurement", failure);
      const summary = await this.#summary();
      this.#finished.resolve(summary);
    } catch {
      // It has failed or is being drained or closed, each of which settles `finished`; or procurement has died, and the
      // one in its place will end too.
    }
  }

  async #summary(): Promise<Summary> {
    this.#endedAt ??= this.#clock.monotonic();
    return this.#sum(await this.#surely(() => accountOf(this.#departments, this.patience)));
  }

  #sum(account: Account): Summary {
    this.#endedAt ??= this.#clock.monotonic();
    this.#lastFigures = account.figures;
    const seconds = (this.#endedAt - this.#openedAt) / 1_000;
    const epochs = account.figures.transport.committedEpoch - this.#departments.committedBefore;
    return summarize(account.figures, { ...account, name: this.name, seconds, epochs });
  }

  /** Asks again for as long as whoever is asked dies over it and is replaced. */
  async #surely<T>(ask: () => Promise<T>): Promise<T> {
    while (true) {
      await this.#recovery.settled();
      try {
        return await ask();
      } catch (error) {
        if (!this.#recovery.running) throw this.#failure ?? error;
      }
    }
  }

  protected override settled(): Promise<void> {
    return this.#recovery.settled();
  }

  protected override atWork(): Departments {
    if (this.#failure) throw this.#failure;
    if (this.#opened && !this.closing.signal.aborted) return this.#departments;
    throw new ClosedError(`the factory is ${this.#state === "opening" ? "not open yet" : "closed"}`);
  }

  /** The operator has inspected everybody: what it says of the number of workshops is done. */
  #inspected(inspection: Inspection): void {
    this.latest.send(inspection);
    const { workshops } = inspection.staffing ?? {};
    if (workshops === undefined || this.#rescaler.busy || this.#state !== "open") return;
    void this.#rescaler.scale(workshops).catch(() => {}); // the next inspection says so again
  }

  /** A department has died. While the factory opens, nobody takes its place. */
  #died(department: string, error: Error): void {
    if (this.#state === "opening") this.#fail(department, error);
    else this.#recovery.report(department, error);
  }

  /** A department is lost for good: so is the factory. It closes what it can. */
  #fail(department: string, cause: Error): void {
    if (this.#failure || this.closing.signal.aborted) return;
    this.#state = "failed";
    this.#failure = new DepartmentError(`${department} failed: ${messageOf(cause)}`, {
      fields: { department },
      cause,
    });
    this.patience.end(this.#failure);
    this.#finished.reject(this.#failure);
    void this.close();
  }
}
