import { z } from "zod";
import {
  type BatchMessage,
  type Forward,
  LineReceiver,
  LineSender,
  memoryChannel,
  Packer,
  type Port,
  type StirMessage,
} from "../../src/line/mod.ts";
import { compileCodec, type ItemCodec } from "../../src/batch/mod.ts";
import { Buyer } from "../../src/procurement/buyer.ts";
import { Pace } from "../../src/procurement/pace.ts";
import { Router } from "../../src/procurement/router.ts";
import type { VirtualClock } from "../../src/testing/virtual_clock.ts";

export const material = z.object({ key: z.string(), value: z.number() });

export interface Material {
  key: string;
  value: number;
}

/** What came out of a line. */
export type Arrival =
  | { kind: "row"; key: string; hash: number; item: Material; epoch: number; at: number }
  | { kind: "barrier"; epoch: number; offsets: Readonly<Record<string, unknown>>; settle: boolean };

/** Lines to workshops that only remember what arrives. */
export class Lines {
  readonly codec: ItemCodec;
  /** The senders' ends: for a department, or for {@link packers}. */
  readonly ports: Port[];
  /** By workshop. */
  readonly arrivals: Arrival[][];
  /** When false, batches are kept, and with them their credit. */
  open = true;
  readonly #receivers: LineReceiver[];
  readonly #far: readonly Port[];
  readonly #clock: VirtualClock;
  readonly #batchBytes: number;
  #packers: Packer[] | undefined;
  readonly #held: BatchMessage[][];
  /** Workshops that keep their batches, with their credit. */
  readonly #stalled = new Set<number>();

  constructor(
    clock: VirtualClock,
    { workshops = 1, batches = 4, batchBytes = 1_024, schema = material as unknown } = {},
  ) {
    this.codec = compileCodec(schema, { what: "material" });
    this.arrivals = Array.from({ length: workshops }, () => []);
    this.#held = Array.from({ length: workshops }, () => []);
    const channels = this.arrivals.map(() => memoryChannel(clock));
    this.ports = channels.map(([near]) => near);
    this.#far = channels.map(([, far]) => far);
    this.#clock = clock;
    this.#batchBytes = batchBytes;
    this.#receivers = channels.map(([, far], workshop) =>
      new LineReceiver(far, { batches, receive: (message) => this.#receive(workshop, message) })
    );
  }

  /** One for each workshop. */
  get packers(): Packer[] {
    const clock = this.#clock;
    return this.#packers ??= this.ports.map((port) =>
      new Packer({
        writer: this.codec.writer(),
        sender: new LineSender(port, clock),
        clock,
        type: 0,
        batchBytes: this.#batchBytes,
      })
    );
  }

  /** Everything that arrived, whatever the workshop. */
  get rows(): (Arrival & { kind: "row" })[] {
    return this.arrivals.flat().filter((arrival) => arrival.kind === "row");
  }

  /** Batches that the workshop with the most of them has and hasn't given back. */
  get held(): number {
    return Math.max(...this.#held.map(({ length }) => length));
  }

  /** Says that a workshop has something to commit behind a barrier. */
  stir(workshop: number, behind: number): void {
    this.#far[workshop].post({ kind: "stir", behind } satisfies StirMessage);
  }

  /** Gives back the oldest batch of a workshop. */
  release(workshop: number): void {
    const message = this.#held[workshop].shift();
    if (message) this.#receivers[workshop].release(message.buffer);
  }

  /** From now on this workshop keeps its batches, and the others don't. */
  stall(workshop: number): void {
    this.#stalled.add(workshop);
  }

  /** Gives back everything, now and from now on. */
  releaseAll(): void {
    this.open = true;
    this.#stalled.clear();
    this.#held.forEach((held, workshop) => {
      while (held.length > 0) this.release(workshop);
    });
  }

  #receive(workshop: number, message: Forward): void {
    const arrivals = this.arrivals[workshop];
    if (message.kind === "barrier") {
      const { kind, epoch, offsets, settle } = message;
      arrivals.push({ kind, epoch, offsets, settle });
      return;
    }
    const { epoch, at } = message;
    const reader = this.codec.reader();
    reader.load(message.buffer);
    for (let row = 0; row < reader.rows; row++) {
      const item = reader.item(row) as Material;
      arrivals.push({ kind: "row", key: reader.key(row), hash: reader.hash(row), item, epoch, at });
    }
    reader.unload();
    this.#held[workshop].push(message);
    if (this.open && !this.#stalled.has(workshop)) this.release(workshop);
  }
}

/** A buyer with lines of its own. */
export async function openBuyer(
  clock: VirtualClock,
  { ratePerSecond = null as number | null, lingerMs = 5, epochMs = 1_000, committed = 0, ...rest } = {} as
    & Partial<{ ratePerSecond: number | null; lingerMs: number; epochMs: number; committed: number }>
    & Partial<{ workshops: number; batches: number; batchBytes: number }>,
): Promise<{ buyer: Buyer; lines: Lines; router: Router; pace: Pace }> {
  const lines = new Lines(clock, rest);
  const { codec, packers } = lines;
  const router = new Router({ codec, key: (item) => (item as Material).key, packers });
  const pace = new Pace(clock, ratePerSecond);
  const buyer = new Buyer({ router, packers, pace, clock, lingerMs, epochMs, committed });
  await clock.advance(0);
  return { buyer, lines, router, pace };
}

/** `count` items of a few keys, numbered. */
export function items(count: number, { from = 0, keys = 5 } = {}): Material[] {
  return Array.from({ length: count }, (_, i) => ({ key: `key-${(from + i) % keys}`, value: from + i }));
}

/** A reject that must not be called. */
export function accept(index: number, error: unknown): never {
  throw new Error(`item ${index} was rejected`, { cause: error });
}
