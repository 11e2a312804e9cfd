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
  OptionsError,
} from "../core/mod.ts";
import { DRAIN_MS } from "../core/limits.ts";
import type { ProductFigures } from "../metrics/mod.ts";
import type { Inspection, LineReport, Totals, WorkshopReport } from "../operations/mod.ts";
import { runtimeVersion } from "../platform/mod.ts";
import { Broadcast } from "./broadcast.ts";
import { Departments, type Figures } from "./departments.ts";
import type {
  Admission,
  Factory,
  FactoryState,
  FactoryStatus,
  ProcurementReport,
  ProductEvent,
  PushOptions,
  RosterPage,
  RosterQuery,
  Summary,
  WorkerReport,
} from "./factory.ts";
import type { ResolvedOptions } from "./options.ts";
import { Patience } from "./patience.ts";
import type { Site } from "./site.ts";
import { summarize, totalsOf } from "./summary.ts";
import { VERSION } from "./version.ts";
import { watchProducts } from "./watch_products.ts";

/** Coordinates one factory. */
export class Ceo implements Factory {
  readonly name: string;
  readonly products: readonly string[];
  readonly finished: Promise<Summary>;
  readonly #site: Site;
  readonly #clock: Clock;
  readonly #options: ResolvedOptions;
  readonly #patience: Patience;
  readonly #finished = Promise.withResolvers<Summary>();
  readonly #inspections = new Broadcast<Inspection>();
  readonly #closing = new AbortController();
  readonly #openedAt: number;
  #state: FactoryState = "opening";
  #failure: Error | undefined;
  readonly #departments: Departments;
  /** The departments are open. */
  #opened = false;
  #endedAt: number | undefined;
  /** Of the end, for whoever asks afterwards. */
  #lastFigures: Figures | undefined;
  #closed: Promise<void> | undefined;
  #drained: Promise<Summary> | undefined;

  constructor(blueprint: Blueprint, { options, site }: { options: ResolvedOptions; site: Site }) {
    this.name = blueprint.name;
    this.products = Object.keys(blueprint.products);
    this.#site = site;
    this.#clock = site.clock;
    this.#options = options;
    this.#patience = new Patience(site.clock);
    this.#openedAt = site.clock.monotonic();
    this.#departments = new Departments({
      site,
      options,
      patience: this.#patience,
      onFailure: (department, error) => this.#fail(department, error),
      onInspection: (inspection) => this.#inspections.send(inspection),
      onSourceEnded: (failure) => void this.#sourceEnded(failure),
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
    } catch (error) {
      const failure = this.#failure ?? error;
      await this.close();
      throw failure;
    }
  }

  async push(items: readonly unknown[], options: PushOptions = {}): Promise<Admission> {
    const { committed, wait, waitMs, signal } = options;
    signal?.throwIfAborted();
    const { procurement } = this.#open();
    const call = this.#patience.await(procurement.calls.push(items, { committed, wait, waitMs }));
    const { accepted, rejected } = await abortable(call, signal);
    return { accepted, rejected };
  }

  async status(): Promise<FactoryStatus> {
    const { name } = this;
    const base = {
      name,
      version: VERSION,
      runtime: runtimeVersion(),
      state: this.#state,
      workshops: this.#options.workshops,
      uptimeMs: Math.round(this.#clock.monotonic() - this.#openedAt),
      settings: this.#options.settings,
    };
    const closed = this.#state === "opening" || this.#closing.signal.aborted;
    const figures = closed ? this.#lastFigures : await this.#departments.figures();
    if (!figures) return { ...base, epoch: { current: 0, committed: 0 }, totals: NOTHING };
    return {
      ...base,
      epoch: { current: figures.procurement.epoch, committed: figures.transport.committedEpoch },
      totals: totalsOf(figures),
    };
  }

  inspections(): AsyncIterable<Inspection> {
    return this.#inspections.values();
  }

  latestInspection(): Inspection | undefined {
    return this.#inspections.latest;
  }

  async lines(): Promise<LineReport[]> {
    return (await this.#inspection()).lines;
  }

  async workshops(): Promise<WorkshopReport[]> {
    return (await this.#inspection()).workshops;
  }

  async workers({ workshop, prefix, limit = 100, cursor }: RosterQuery = {}): Promise<RosterPage> {
    const { workshops } = this.#open();
    const workers: WorkerReport[] = [];
    let [id, from] = cursor ? cursor.split(":").map(Number) : [workshop ?? 0, 0];
    const last = workshop ?? workshops.length - 1;
    while (id <= last && id < workshops.length) {
      const page = await this.#patience.quick(
        `workshop ${id}`,
        workshops[id].calls.workers({ prefix, limit: limit - workers.length, from }),
      );
      workers.push(...page.workers);
      [id, from] = page.next === null ? [id + 1, 0] : [id, page.next];
      // A search that finds little still ends: the cursor says where it stopped.
      if (workers.length >= limit || page.next !== null) break;
    }
    return { workers, cursor: id <= last && id < workshops.length ? `${id}:${from}` : null };
  }

  worker(key: string): Promise<WorkerReport | undefined> {
    const { workshop, department } = this.#open().workshopOf(key);
    return this.#patience.quick(department, workshop.calls.worker(key));
  }

  dismiss(key: string): Promise<boolean> {
    const { workshop, department } = this.#open().workshopOf(key);
    return this.#patience.quick(department, workshop.calls.dismiss(key));
  }

  async procurement(): Promise<ProcurementReport> {
    const { procurement } = this.#open();
    const figures = await this.#patience.quick("procurement", procurement.calls.figures());
    const { source, state, offset, ratePerSecond } = figures;
    return { source, state, offsets: offset, paused: state === "paused", ratePerSecond };
  }

  async setRate(ratePerSecond: number | null): Promise<void> {
    await this.#patience.quick("procurement", this.#open().procurement.calls.setRate(ratePerSecond));
  }

  async warehouse(): Promise<ProductFigures[]> {
    const figures = await this.#patience.quick("transport", this.#open().transport.calls.figures());
    return figures.products;
  }

  async *tap(
    type: string,
    { key, signal, onLost }: { key?: string; signal?: AbortSignal; onLost?: (events: number) => void } = {},
  ): AsyncGenerator<ProductEvent, void, undefined> {
    const { transport } = this.#open();
    if (!this.products.includes(type)) {
      throw new OptionsError(`tap: there is no product "${type}"; there are ${this.products.join(", ")}`, {
        fields: { option: "type", found: type },
      });
    }
    const [near, far] = this.#site.channel();
    const port = this.#site.portOf(near);
    const ends = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    const events = watchProducts(port, { signal: ends, onLost });
    await this.#patience.quick("transport", transport.tap(type, key, far));
    yield* events;
  }

  health(): Promise<{ live: string[]; ready: string[] }> {
    const live = this.#failure ? [messageOf(this.#failure)] : [];
    const ready = [...live];
    if (this.#state !== "open" && this.#state !== "paused" && this.#state !== "failed") {
      ready.push(`the factory is ${this.#state}`);
    }
    const latest = this.#inspections.latest;
    for (const { id, state } of latest?.workshops ?? []) {
      if (state !== "ok") ready.push(`workshop ${id} is ${state}`);
    }
    for (const { type, sink, sinkState, sinkError } of latest?.warehouse.products ?? []) {
      if (sinkState === "retrying" || sinkState === "failed") {
        ready.push(`sink ${sink} of ${type} is ${sinkState}: ${sinkError}`);
      }
    }
    return Promise.resolve({ live, ready });
  }

  async pause(): Promise<void> {
    await this.#patience.quick("procurement", this.#open().procurement.calls.pause());
    if (this.#state === "open") this.#state = "paused";
  }

  async resume(): Promise<void> {
    await this.#patience.quick("procurement", this.#open().procurement.calls.resume());
    if (this.#state === "paused") this.#state = "open";
  }

  checkpoint(): Promise<number> {
    return this.#patience.await(this.#open().procurement.calls.checkpoint());
  }

  drain(): Promise<Summary> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  async #drain(): Promise<Summary> {
    const { procurement } = this.#open();
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
      await Promise.race([this.#patience.await(procurement.calls.drain()), overdue.promise]);
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

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const summary = this.#opened && this.#state !== "failed" && this.#endedAt === undefined
      ? await this.#summary().catch(() => undefined)
      : undefined;
    this.#closing.abort(new ClosedError("the factory is closed"));
    this.#inspections.close();
    await this.#departments.close();
    if (this.#state !== "failed") this.#state = "closed";
    const closed = new ClosedError("the factory is closed");
    this.#patience.end(this.#failure ?? closed);
    if (summary) this.#finished.resolve(summary);
    else this.#finished.reject(this.#failure ?? closed);
  }

  /**
   * The source has ended: finish everything, and the run has finished; the factory stays open for pushes. If the
   * source has failed, what it gave before is finished and committed all the same, and then the factory fails.
   */
  async #sourceEnded(failure?: Error): Promise<void> {
    try {
      await this.#patience.await(this.#open().procurement.calls.settle());
      if (failure) return this.#fail("procurement", failure);
      const summary = await this.#summary();
      this.#finished.resolve(summary);
    } catch {
      // it has failed or is being drained or closed, each of which settles `finished`
    }
  }

  async #summary(): Promise<Summary> {
    const { procurement, transport, committedBefore } = this.#departments;
    this.#endedAt ??= this.#clock.monotonic();
    const [figures, rejections, letters] = await Promise.all([
      this.#departments.figures(),
      this.#patience.quick("procurement", procurement.calls.rejections()),
      this.#patience.quick("transport", transport.calls.letters()),
    ]);
    this.#lastFigures = figures;
    const seconds = (this.#endedAt - this.#openedAt) / 1_000;
    const epochs = figures.transport.committedEpoch - committedBefore;
    return summarize(figures, { name: this.name, seconds, epochs, rejections, deadLetters: letters });
  }

  /** The latest inspection, waiting for the first if need be. */
  async #inspection(): Promise<Inspection> {
    this.#open();
    if (this.#inspections.latest) return this.#inspections.latest;
    for await (const inspection of this.#inspections.values()) return inspection;
    throw new ClosedError("the factory is closed");
  }

  #open(): Departments {
    if (this.#failure) throw this.#failure;
    if (this.#opened && !this.#closing.signal.aborted) return this.#departments;
    throw new ClosedError(`the factory is ${this.#state === "opening" ? "not open yet" : "closed"}`);
  }

  /** A department has failed: so has the factory. It closes what it can. */
  #fail(department: string, cause: Error): void {
    if (this.#failure || this.#closing.signal.aborted) return;
    this.#state = "failed";
    this.#failure = new DepartmentError(`${department} failed: ${messageOf(cause)}`, {
      fields: { department },
      cause,
    });
    this.#patience.end(this.#failure);
    this.#finished.reject(this.#failure);
    void this.close();
  }
}

const NOTHING: Totals = {
  materials: 0,
  products: 0,
  retries: 0,
  deadLetters: 0,
  hired: 0,
  dismissed: 0,
  rejected: 0,
};
