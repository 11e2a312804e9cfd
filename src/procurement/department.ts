/**
 * Procurement: one Web Worker that reads the source, takes what is pushed, and fills the lines.
 *
 * @module
 */

import { type Blueprint, materialCodec } from "../blueprint/mod.ts";
import {
  BusyError,
  type Clock,
  ClosedError,
  type ErrorWire,
  messageOf,
  type Settings,
  toWire,
} from "../core/mod.ts";
import { PUSH_ITEMS, REJECTIONS_SHOWN } from "../core/limits.ts";
import { LineSender, Packer, type Port } from "../line/mod.ts";
import type { ProcurementFigures } from "../metrics/mod.ts";
import type { Rejection } from "../sources/mod.ts";
import { Buyer } from "./buyer.ts";
import { Pace } from "./pace.ts";
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
  /** The last committed epoch and the sources' offsets at its end. */
  readonly committed: number;
  readonly offsets: Readonly<Record<string, unknown>>;
}

/** What procurement tells headquarters. */
export type ProcurementEvent =
  | { readonly kind: "ended" }
  /** The source has failed; what it gave before is being processed. */
  | { readonly kind: "failed"; readonly error: ErrorWire };

/** What became of pushed items, and the epoch that they belong to. */
export interface PushOutcome {
  accepted: number;
  rejected: { index: number; errors: string[] }[];
  epoch: number;
}

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
    const packers = lines.map((port) =>
      new Packer({
        writer: codec.writer(),
        sender: new LineSender(port, clock),
        clock,
        type: 0,
        batchBytes: config.batchBytes,
      })
    );
    const pace = new Pace(clock, config.ratePerSecond);
    const router = new Router({ codec, key: blueprint.key, packers });
    const buyer = new Buyer({ ...config, router, packers, pace, clock });
    const desk: Desk = { buyer, pace, router, packers, rejections: new Rejections(), pushWaiting: 0 };
    this.#open = desk;
    const source = blueprint.source?.(config.settings);
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
  async push(
    items: readonly unknown[],
    { committed = false, wait = true, waitMs }: { committed?: boolean; wait?: boolean; waitMs?: number } = {},
  ): Promise<PushOutcome> {
    const desk = this.#desk();
    const { buyer } = desk;
    if (
      desk.pushWaiting > 0 && desk.pushWaiting + items.length > PUSH_ITEMS || !wait && desk.pushWaiting > 0
    ) {
      throw new BusyError(`procurement: ${desk.pushWaiting} pushed items are waiting for the lines already`, {
        fields: { waiting: desk.pushWaiting, retryAfterMs: 1_000 },
      });
    }
    const rejected: PushOutcome["rejected"] = [];
    let dealt = 0;
    const admission = () => ({ accepted: dealt - rejected.length, rejected });
    const patience = new AbortController();
    const timer = waitMs === undefined ? undefined : this.#clock.after(waitMs, () => {
      patience.abort(
        new BusyError(`procurement: the lines have been full for ${waitMs} ms`, {
          fields: { retryAfterMs: 1_000, admission: admission() },
        }),
      );
    });
    let epoch: number;
    desk.pushWaiting += items.length;
    try {
      epoch = await buyer.buy({
        items,
        reject(index, error) {
          rejected.push({ index, errors: [messageOf(error)] });
          desk.rejections.add({ place: `pushed item ${index}`, reason: messageOf(error) });
        },
        bought: (count) => void (dealt = count),
        signal: timer && patience.signal,
      });
    } finally {
      timer?.cancel();
      desk.pushWaiting -= items.length;
    }
    if (committed) await buyer.untilCommitted(epoch);
    return { ...admission(), epoch };
  }

  /** Ends the epoch now; resolves to it once it is committed. */
  async checkpoint(): Promise<number> {
    const { buyer } = this.#desk();
    const epoch = await buyer.endEpoch();
    await buyer.untilCommitted(epoch);
    return epoch;
  }

  /** Transport has committed an epoch. */
  committed(epoch: number): void {
    this.#open?.buyer.committed(epoch);
    this.#open?.source?.committed(epoch);
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
    const { buyer } = this.#desk();
    const epoch = await buyer.endEpoch({ settle: true });
    await buyer.untilCommitted(epoch);
    return epoch;
  }

  /** Stops buying, and settles. */
  async drain(): Promise<number> {
    const { buyer, source } = this.#desk();
    const stopped = source?.stop();
    buyer.stop();
    await stopped;
    return await this.settle();
  }

  figures(): ProcurementFigures {
    const desk = this.#desk();
    const { buyer, source, rejections } = desk;
    return {
      source: source?.name ?? "push",
      state: buyer.paused ? "paused" : source?.state ?? "buying",
      materials: desk.router.routed,
      rejected: rejections.count,
      pushWaiting: desk.pushWaiting,
      ratePerSecond: desk.pace.ratePerSecond,
      offset: source?.offset ?? null,
      epoch: buyer.epoch,
      busyMs: buyer.busyMs,
      lines: desk.packers.map((packer) => packer.sender.figures()),
    };
  }

  /** The first rejections. */
  rejections(): Rejection[] {
    return this.#desk().rejections.first;
  }

  async close(): Promise<void> {
    this.#open?.buyer.close();
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
  readonly packers: readonly Packer[];
  readonly rejections: Rejections;
  source?: Purchasing;
  pushWaiting: number;
}

/** Counts rejections and keeps the first. */
class Rejections {
  readonly first: Rejection[] = [];
  count = 0;

  add(rejection: Rejection): void {
    if (this.count++ < REJECTIONS_SHOWN) this.first.push(rejection);
  }
}
