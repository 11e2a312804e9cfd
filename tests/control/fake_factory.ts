import { BusyError, ClosedError, ShopfloorError } from "../../src/core/mod.ts";
import type {
  Admission,
  DeadLetterPage,
  DeadLetterQuery,
  DeadLetterReport,
  Factory,
  FactoryState,
  FactoryStatus,
  HistoryQuery,
  ProcurementReport,
  ProductEvent,
  PushOptions,
  RosterPage,
  RosterQuery,
  Summary,
  WorkerReport,
} from "../../src/headquarters/mod.ts";
import type { Accounts, Inspection, LineReport, Moment, WorkshopReport } from "../../src/operations/mod.ts";
import type { ProductFigures } from "../../src/metrics/mod.ts";
import { Broadcast } from "./broadcast.ts";
import { accountsOf, inspectionOf, momentsOf, totalsOf } from "./figures.ts";

/** A factory without departments: it keeps what it is given, and tells what tests set. */
export class FakeFactory implements Factory {
  readonly name: string = "thermometers";
  products: readonly string[] = ["average", "alarm"];
  state: FactoryState = "open";
  live: string[] = [];
  ready: string[] = [];
  tick: number = 0;
  rate: number | null = null;
  epoch: number = 7;
  workshopCount: number = 2;
  /** What was given up, the oldest first. */
  letters: DeadLetterReport[] = [];
  /** What became of named pushes. */
  readonly named: Map<string, { content: string; admission: Admission }> = new Map();
  /** Items admitted, in their order. */
  readonly admitted: unknown[] = [];
  /** Sizes of the pushes. */
  readonly pushes: { items: number; options: PushOptions }[] = [];
  /** Names of the other calls that change something. */
  readonly calls: string[] = [];
  /** How many more items the lines take before they are full. */
  room: number = Infinity;
  /** What the lines take in each wait, once full. */
  trickle: number = 0;
  /** Set to make every question fail. */
  failure: unknown = undefined;
  /** Called at each push, before it is answered. */
  onPush: (options: PushOptions) => void | Promise<void> = () => {};
  readonly inspected: Broadcast<Inspection> = new Broadcast();
  readonly tapped: Broadcast<ProductEvent> = new Broadcast();
  #latest: Inspection | undefined;
  readonly #finished = Promise.withResolvers<Summary>();

  get finished(): Promise<Summary> {
    return this.#finished.promise;
  }

  /** A second passes: the operator reports. */
  inspect(): Inspection {
    this.#latest = inspectionOf(++this.tick);
    this.inspected.send(this.#latest);
    return this.#latest;
  }

  /** A product leaves the porter. */
  ship(type: string, event: { key: string; product: unknown }): void {
    this.tapped.send({ type, at: 1_700_000_000_000, ...event });
  }

  async push(items: readonly unknown[], options: PushOptions = {}): Promise<Admission> {
    this.pushes.push({ items: items.length, options });
    await this.onPush(options);
    this.#check();
    return this.#once(items, options.idempotencyKey) ?? this.#take(items, options.idempotencyKey);
  }

  /** What became of a push of the same name. */
  #once(items: readonly unknown[], name: string | undefined): Admission | undefined {
    const earlier = name === undefined ? undefined : this.named.get(name);
    if (earlier === undefined || earlier.content === JSON.stringify(items)) return earlier?.admission;
    throw new ShopfloorError("push: the idempotency key has been used with other items", {
      code: "IDEMPOTENCY_CONFLICT",
    });
  }

  #take(items: readonly unknown[], name: string | undefined): Admission {
    const admission = this.#admit(items.slice(0, this.room));
    const taken = admission.accepted + admission.rejected.length;
    if (name !== undefined && (taken > 0 || items.length === 0)) {
      this.named.set(name, { content: JSON.stringify(items), admission });
    }
    if (taken === items.length) return admission;
    this.room = this.trickle;
    throw new BusyError("push: the lines are full", { fields: { admission, retryAfterMs: 1_500 } });
  }

  #admit(items: readonly unknown[]): Admission {
    const rejected: Admission["rejected"] = [];
    items.forEach((item, index) => {
      if (typeof (item as { device?: unknown } | null)?.device === "string") this.admitted.push(item);
      else rejected.push({ index, errors: ["device: expected a string"] });
    });
    this.room -= items.length;
    return { accepted: items.length - rejected.length, rejected };
  }

  #check(): void {
    if (this.failure !== undefined) throw this.failure;
    if (this.state === "closed") throw new ClosedError("the factory is closed");
  }

  async #do(call: string): Promise<void> {
    await Promise.resolve();
    this.#check();
    this.calls.push(call);
  }

  async #ask<T>(answer: () => T): Promise<T> {
    await Promise.resolve();
    this.#check();
    return answer();
  }

  status(): Promise<FactoryStatus> {
    return this.#ask(() => ({
      name: this.name,
      version: "0.1.0",
      runtime: "fake 1.0.0",
      state: this.state,
      workshops: this.workshopCount,
      uptimeMs: this.tick * 1_000,
      epoch: { current: this.epoch + 1, committed: this.epoch },
      totals: totalsOf(this.tick),
      settings: { fleet: 5_000 },
    }));
  }

  inspections(): AsyncIterable<Inspection> {
    return this.inspected.listen();
  }

  latestInspection(): Inspection | undefined {
    return this.#latest;
  }

  history({ seconds = 3_600, points = 360 }: HistoryQuery = {}): Promise<Moment[]> {
    return this.#ask(() => momentsOf(this.tick).slice(-Math.min(seconds, points)));
  }

  accounts(): Promise<Accounts> {
    return this.#ask(() => accountsOf(this.tick));
  }

  lines(): Promise<LineReport[]> {
    return this.#ask(() => inspectionOf(this.tick).lines);
  }

  workshops(): Promise<WorkshopReport[]> {
    return this.#ask(() => inspectionOf(this.tick).workshops);
  }

  workers({ workshop, prefix = "", limit = 100, cursor = "0" }: RosterQuery = {}): Promise<RosterPage> {
    return this.#ask(() => {
      const all = this.#roster().filter((worker) =>
        worker.key.startsWith(prefix) && (workshop === undefined || worker.workshop === workshop)
      );
      const end = Number(cursor) + limit;
      return { workers: all.slice(Number(cursor), end), cursor: end < all.length ? String(end) : null };
    });
  }

  worker(key: string): Promise<WorkerReport | undefined> {
    return this.#ask(() => {
      const worker = this.#roster().find((candidate) => candidate.key === key);
      return worker && { ...worker, state: { seen: new Set([1, 2]), total: 12n } };
    });
  }

  /** Each key that was admitted has a worker. */
  #roster(): WorkerReport[] {
    const counts = new Map<string, number>();
    for (const item of this.admitted) {
      const { device } = item as { device: string };
      counts.set(device, (counts.get(device) ?? 0) + 1);
    }
    return [...counts].map(([key, processed], i) => ({
      key,
      workshop: i % 2,
      slot: i % 256,
      hiredAt: 1,
      renewedAt: 2,
      lapsesAt: 3,
      processed,
      belt: 0,
    }));
  }

  async dismiss(key: string): Promise<boolean> {
    await this.#do(`dismiss ${key}`);
    return this.#roster().some((worker) => worker.key === key);
  }

  procurement(): Promise<ProcurementReport> {
    const paused = this.state === "paused";
    return this.#ask(() => ({
      source: "push",
      state: paused ? "paused" : "buying",
      offsets: null,
      paused,
      ratePerSecond: this.rate,
    }));
  }

  async setRate(ratePerSecond: number | null): Promise<void> {
    await this.#do(`setRate ${ratePerSecond}`);
    this.rate = ratePerSecond;
  }

  warehouse(): Promise<ProductFigures[]> {
    return this.#ask(() => {
      const [first] = inspectionOf(this.tick).warehouse.products;
      return this.products.map((type) => ({ ...first, type }));
    });
  }

  async *tap(
    type: string,
    { key, signal }: { key?: string; signal?: AbortSignal } = {},
  ): AsyncGenerator<ProductEvent> {
    for await (const event of this.tapped.listen(signal)) {
      if (event.type === type && (key === undefined || event.key === key)) yield event;
    }
  }

  health(): Promise<{ live: string[]; ready: string[] }> {
    return this.#ask(() => ({ live: this.live, ready: this.ready }));
  }

  async pause(): Promise<void> {
    await this.#do("pause");
    this.state = "paused";
  }

  async resume(): Promise<void> {
    await this.#do("resume");
    this.state = "open";
  }

  async checkpoint(): Promise<number> {
    await this.#do("checkpoint");
    return ++this.epoch;
  }

  async scale(workshops: number): Promise<void> {
    await this.#do(`scale ${workshops}`);
    this.workshopCount = workshops;
  }

  deadLetters({ limit = 100, cursor = "0" }: DeadLetterQuery = {}): Promise<DeadLetterPage> {
    return this.#ask(() => {
      const rest = this.letters.filter(({ id }) => id > Number(cursor));
      const page = rest.slice(0, limit);
      const more = rest.length > page.length;
      return {
        deadLetters: page,
        total: this.letters.length,
        cursor: more ? String(page.at(-1)!.id) : null,
      };
    });
  }

  async replayDeadLetters(ids?: readonly number[]): Promise<number> {
    await this.#do(`replay ${ids ?? "all"}`);
    return this.#remove(ids);
  }

  async purgeDeadLetters(ids?: readonly number[]): Promise<number> {
    await this.#do(`purge ${ids ?? "all"}`);
    return this.#remove(ids);
  }

  #remove(ids: readonly number[] | undefined): number {
    const before = this.letters.length;
    this.letters = this.letters.filter(({ id }) => ids !== undefined && !ids.includes(id));
    return before - this.letters.length;
  }

  async drain(): Promise<Summary> {
    await this.#do("drain");
    await this.close();
    return await this.finished;
  }

  async close(): Promise<void> {
    await Promise.resolve();
    this.state = "closed";
    this.inspected.end();
    this.tapped.end();
    this.#finished.resolve(this.#summary());
  }

  #summary(): Summary {
    return {
      name: this.name,
      materials: this.admitted.length,
      rejected: 0,
      products: {},
      deadLettered: 0,
      hired: 0,
      dismissed: 0,
      seconds: this.tick,
      itemsPerSecond: 0,
      epochs: this.epoch,
      rejections: [],
      deadLetters: [],
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
