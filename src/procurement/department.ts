/**
 * Procurement: one Web Worker that reads the source, takes what is pushed, and fills the lines.
 *
 * @module
 */

import { type Blueprint, materialCodec } from "../blueprint/mod.ts";
import { type Clock, ClosedError, type ErrorWire, type Settings, toWire } from "../core/mod.ts";
import { OVERDRAFT_BYTES, REJECTIONS_SHOWN } from "../core/limits.ts";
import { LineSender, Packer, type Port } from "../line/mod.ts";
import type { ProcurementFigures } from "../metrics/mod.ts";
import type { Rejection } from "../sources/mod.ts";
import { Buyer } from "./buyer.ts";
import { Classes } from "./classes.ts";
import { openIntake } from "./open_intake.ts";
import { Pace } from "./pace.ts";
import type { Intake, Push, PushOutcome, PushTerms } from "./push.ts";
import { Purchasing } from "./purchasing.ts";
import { Router } from "./router.ts";

/** What procurement is opened with: plain data. */
export interface ProcurementConfig {
  readonly settings: Settings;
  readonly input: string | undefined;
  readonly ratePerSecond: number | null;
  readonly lingerMs: number;
  readonly epochMs: number;
  readonly batchBytes: number;
  /** Directory of the store, for the inbox. */
  readonly data?: string;
  /** With `exactly-once` lines keep what isn't committed, and the inbox what is pushed. */
  readonly durability: "exactly-once" | "none";
  /** The workshop of each slot. */
  readonly table: Uint16Array;
  /** The last committed epoch and the sources' offsets at its end. */
  readonly committed: number;
  readonly offsets: Readonly<Record<string, unknown>>;
}

/** What procurement tells headquarters. */
export type ProcurementEvent =
  | { readonly kind: "ended" }
  /** The source has failed; what it gave before is being processed. */
  | { readonly kind: "failed"; readonly error: ErrorWire };

/** The department's control interface. */
export class ProcurementDepartment {
  readonly #clock: Clock;
  #open: Desk | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Opens the source and starts buying. @throws {SourceError} when the source can't be opened */
  async open(
    blueprint: Blueprint,
    { config, lines, report }: {
      config: ProcurementConfig;
      lines: readonly Port[];
      report: (event: ProcurementEvent) => void;
    },
  ): Promise<void> {
    const clock = this.#clock;
    const codec = materialCodec(blueprint);
    const keep = config.durability === "exactly-once";
    const { key, affinity } = blueprint;
    const classes = affinity && new Classes(affinity, codec);
    const overdraftBytes = affinity && !keep ? OVERDRAFT_BYTES : 0; // what is kept has to stay in its epoch
    const packer = (port: Port) =>
      new Packer({
        writer: codec.writer(),
        sender: new LineSender(port, clock, {
          keep,
          overdraftBytes,
          onCredit: classes && (() => buyer.credited()),
        }),
        clock,
        type: 0,
        batchBytes: config.batchBytes,
      });
    const packers = lines.map(packer);
    const pace = new Pace(clock, config.ratePerSecond);
    const router = new Router({ codec, key, classes, packers, table: config.table });
    const buyer = new Buyer({ ...config, router, packers, pace, clock });
    const rejections = new Rejections();
    const source = blueprint.source?.(config.settings);
    const intake = openIntake({ ...config, source, keying: { codec, key, classes }, buyer, clock }, {
      reject: (rejection) => rejections.add(rejection),
      onFailure: (error) => report({ kind: "failed", error: toWire(error) }),
    });
    const desk: Desk = { buyer, pace, router, packer, packers, rejections, intake };
    this.#open = desk;
    if (source === undefined) return;
    desk.source = new Purchasing({
      source,
      buyer,
      clock,
      reject: (rejection) => desk.rejections.add(rejection),
    });
    await desk.source.open(config);
    void desk.source.run().then(
      () => report({ kind: "ended" }),
      (error) => report({ kind: "failed", error: toWire(error) }),
    );
  }

  /** Admits items that somebody pushed. @throws {BusyError} */
  async push(items: readonly unknown[], terms: PushTerms = {}): Promise<PushOutcome> {
    return await this.#desk().intake.push({ items, terms });
  }

  /** Admits the items of dead letters: as they are, for the workers of these keys. @throws {BusyError} */
  async replay({ items, keys, letters }: Omit<Push, "terms">, terms: PushTerms = {}): Promise<PushOutcome> {
    return await this.#desk().intake.push({ items, keys, letters, terms });
  }

  /** Dead letters whose items have been admitted and aren't committed, by this run or one before. */
  replaying(): number[] {
    return this.#desk().intake.replaying();
  }

  /** Ends the epoch now; resolves to it once it is committed. */
  async checkpoint(): Promise<number> {
    const { buyer, intake } = this.#desk();
    await intake.clear();
    const epoch = await buyer.endEpoch();
    await buyer.untilCommitted(epoch);
    return epoch;
  }

  /** Transport has committed an epoch; of those up to `finished`, nothing is left to do. */
  committed(epoch: number, finished: number = epoch): void {
    if (this.#open === undefined) return;
    const { buyer, source, intake } = this.#open;
    const covered = buyer.committed(epoch, finished);
    source?.committed(covered);
    intake.committed(covered);
  }

  /** Answers: somebody asks whether it still does. */
  ping(): void {}

  /** These workshops are gone: their lines keep what comes until others {@link rejoin} them. */
  sever(workshops: readonly number[]): void {
    for (const id of workshops) this.#desk().packers[id].sender.sever();
  }

  /** New workshops take the places of the severed ones: they get everything behind `committed`. */
  rejoin(workshops: readonly number[], { lines, committed }: {
    lines: readonly Port[];
    committed: number;
  }): void {
    const { packers } = this.#desk();
    this.committed(committed); // whoever was to tell it may have died before
    workshops.forEach((id, index) => {
      packers[id].sender.committed(committed);
      packers[id].sender.join(lines[index]);
    });
  }

  /** Has every workshop finish what it has and rest; resolves to the epoch that ended so, committed. */
  halt(): Promise<number> {
    return this.#desk().buyer.halt();
  }

  /** Goes on after {@link halt} with slots dealt so: to the first workshops of before, and those of new `lines`. */
  deal(table: Uint16Array, lines: readonly Port[]): void {
    const desk = this.#desk();
    const workshops = Math.max(...table) + 1;
    desk.packers = [...desk.packers.slice(0, workshops - lines.length), ...lines.map(desk.packer)];
    desk.buyer.deal(desk.packers, table);
  }

  pause(): void {
    this.#desk().buyer.pause();
  }

  resume(): void {
    this.#desk().buyer.resume();
  }

  /** Sets the pace in items per second, or none with null. */
  setRate(ratePerSecond: number | null): void {
    this.#desk().pace.set(ratePerSecond);
  }

  /** Ends the epoch with everything finished, retries too; resolves to it once it is committed. */
  async settle(): Promise<number> {
    await this.#desk().intake.clear();
    return await this.#settle();
  }

  async #settle(): Promise<number> {
    const { buyer } = this.#desk();
    const epoch = await buyer.endEpoch({ settle: true });
    await buyer.untilCommitted(epoch);
    return epoch;
  }

  /** Stops buying, and settles. */
  async drain(): Promise<number> {
    const { buyer, source, intake } = this.#desk();
    const stopped = source?.stop();
    await intake.drain();
    buyer.stop();
    await stopped;
    return await this.#settle();
  }

  figures(): ProcurementFigures {
    const desk = this.#desk();
    const { buyer, source, rejections } = desk;
    return {
      source: source?.name ?? "push",
      state: buyer.paused ? "paused" : source?.state ?? "buying",
      materials: desk.router.routed,
      rejected: rejections.count,
      pushWaiting: desk.intake.waiting,
      ratePerSecond: desk.pace.ratePerSecond,
      offset: source?.offset ?? null,
      epoch: buyer.epoch,
      busyMs: buyer.busyMs,
      lines: desk.packers.map((packer) => packer.sender.figures()),
      classes: desk.router.classes,
    };
  }

  /** The first rejections. */
  rejections(): Rejection[] {
    return this.#desk().rejections.first;
  }

  async close(): Promise<void> {
    this.#open?.buyer.close();
    await this.#open?.intake.close();
    await this.#open?.source?.stop();
  }

  #desk(): Desk {
    if (this.#open) return this.#open;
    throw new ClosedError("procurement: not open");
  }
}

/** What is there once procurement is open. */
interface Desk {
  readonly buyer: Buyer;
  readonly pace: Pace;
  readonly router: Router;
  readonly packer: (line: Port) => Packer;
  packers: readonly Packer[];
  readonly rejections: Rejections;
  readonly intake: Intake;
  source?: Purchasing;
}

/** Counts rejections and keeps the first. */
class Rejections {
  readonly first: Rejection[] = [];
  count = 0;

  add(rejection: Rejection): void {
    if (this.count++ < REJECTIONS_SHOWN) this.first.push(rejection);
  }
}
