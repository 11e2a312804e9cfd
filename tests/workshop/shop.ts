import { z } from "zod";
import {
  compileCodec,
  DEAD_LETTER,
  type DeadLetter,
  type ItemCodec,
  WORKER_STATE,
} from "../../src/batch/mod.ts";
import { defineBlueprint, keyed, type KeyedDefinition, type Schema } from "../../src/blueprint/mod.ts";
import { hashKey } from "../../src/core/mod.ts";
import {
  type BatchMessage,
  type Forward,
  LineReceiver,
  LineSender,
  memoryChannel,
  Packer,
} from "../../src/line/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { WorkshopDepartment } from "../../src/workshop/mod.ts";

export interface Item {
  key: string;
  value: number;
}

export interface Products {
  out: Item;
  last: Item;
}

// deno-lint-ignore no-explicit-any -- each test has a state of its own
export type Definition = KeyedDefinition<Item, Products, any>;

/** A product, letter or barrier that came off the conveyor. */
export interface Arrival<T> {
  readonly key: string;
  readonly epoch: number;
  readonly row: T;
}

const material = z.object({ key: z.string(), value: z.number() });

/** How to open a {@link Shop}. */
export interface ShopOptions {
  readonly seed?: number;
  /** 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
  readonly lineBatches?: number;
  readonly conveyorBatches?: number;
  readonly lingerMs?: number;
  readonly batchBytes?: number;
  /** Rows in one batch of the line. */
  readonly rows?: number;
  /** Schema of the product `out`, if it is to be another. */
  readonly out?: Schema;
}

/** One workshop, with a line that the test fills and a conveyor that it empties. */
export class Shop {
  readonly clock: VirtualClock;
  readonly department: WorkshopDepartment;
  readonly out: Arrival<Item>[] = [];
  readonly last: Arrival<Item>[] = [];
  readonly letters: Arrival<DeadLetter>[] = [];
  readonly barriers: { epoch: number; settle: boolean; products: number }[] = [];
  /** When false, what comes off the conveyor is kept, and with it its credit. */
  open = true;
  epoch = 1;
  readonly #line: Packer;
  readonly #conveyor: LineReceiver;
  readonly #codecs: ItemCodec[];
  readonly #held: BatchMessage[] = [];
  readonly #rows: number;
  readonly #queue: (() => boolean)[] = [];

  constructor(definition: Definition, options: ShopOptions = {}) {
    const {
      seed,
      random = () => 0,
      lineBatches = 8,
      conveyorBatches = 64,
      lingerMs = 5,
      batchBytes = 1_024,
    } = options;
    const clock = this.clock = new VirtualClock({ seed });
    this.#rows = options.rows ?? 100;
    const products = { out: (options.out ?? material) as typeof material, last: material };
    this.#codecs = [
      ...Object.entries(products).map(([what, schema]) => compileCodec(schema, { what })),
      DEAD_LETTER,
      WORKER_STATE,
    ];
    const [line, lineEnd] = memoryChannel(clock);
    const [conveyorStart, conveyor] = memoryChannel(clock);
    this.#line = new Packer({
      writer: compileCodec(material, { what: "material" }).writer(),
      sender: new LineSender(line, clock),
      clock,
      type: 0,
      batchBytes: Infinity,
    });
    this.#conveyor = new LineReceiver(conveyor, {
      batches: conveyorBatches,
      receive: (message) => this.#receive(message),
    });
    this.department = new WorkshopDepartment({ clock, random, heapBytes: () => 0 });
    const blueprint = defineBlueprint({
      name: "shop",
      material,
      key: ({ key }) => key,
      products,
      workshop: keyed(definition),
    });
    this.department.open(blueprint, {
      config: {
        id: 3,
        slots: [1, 2],
        settings: { tenant: "t" },
        lineBatches,
        lingerMs,
        batchBytes,
        data: undefined,
        committed: 0,
      },
      line: lineEnd,
      conveyor: conveyorStart,
    });
  }

  /** Puts items on the line, as soon as it has credit. */
  send(items: readonly Item[]): void {
    for (let start = 0; start < items.length; start += this.#rows) {
      const batch = items.slice(start, start + this.#rows);
      this.#enqueue(() => {
        if (this.#line.sender.credit === 0) return false;
        for (const item of batch) this.#line.append(item, item.key, hashKey(item.key));
        return this.#line.flush(this.epoch);
      });
    }
  }

  /** Ends the epoch. */
  barrier({ settle = false }: { settle?: boolean } = {}): void {
    this.#enqueue(() => {
      this.#line.sender.barrier(this.epoch++, { offsets: {}, settle });
      return true;
    });
  }

  /** Sends one item, and lets everything happen that happens at once. */
  async give(key: string, value: number): Promise<void> {
    this.send([{ key, value }]);
    await this.clock.advance(0);
  }

  /** Batches that wait for the line's credit. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Values shipped as `out`, of one key or of all. */
  values(key?: string): number[] {
    return this.out.filter((arrival) => key === undefined || arrival.key === key).map(({ row }) => row.value);
  }

  /** Gives back one batch of the conveyor. */
  release(): void {
    const message = this.#held.shift();
    if (message) this.#conveyor.release(message.buffer);
  }

  /** Gives back everything, now and from now on. */
  releaseAll(): void {
    this.open = true;
    while (this.#held.length > 0) this.release();
  }

  /** Closes it, which ends its timers. */
  close(): void {
    this.department.close();
  }

  #enqueue(send: () => boolean): void {
    this.#queue.push(send);
    if (this.#queue.length === 1) void this.#pump();
  }

  async #pump(): Promise<void> {
    while (this.#queue.length > 0) {
      if (this.#queue[0]()) this.#queue.shift();
      else await this.#line.sender.ready();
    }
  }

  #receive(message: Forward): void {
    if (message.kind === "barrier") {
      const { epoch, settle } = message;
      this.barriers.push({ epoch, settle, products: this.out.length });
      return;
    }
    const { type, epoch } = message;
    const reader = this.#codecs[type].reader();
    reader.load(message.buffer);
    const target = [this.out, this.last, this.letters][type] as Arrival<unknown>[];
    for (let row = 0; row < reader.rows; row++) {
      target.push({ key: reader.key(row), epoch, row: reader.item(row) });
    }
    reader.unload();
    this.#held.push(message);
    if (this.open) this.release();
  }
}

/** `count` items of a few keys, numbered. */
export function numbered(count: number, { from = 0, keys = 5 } = {}): Item[] {
  return Array.from({ length: count }, (_, i) => ({ key: `key-${(from + i) % keys}`, value: from + i }));
}
