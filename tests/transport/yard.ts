import { z } from "zod";
import {
  compileCodec,
  DEAD_LETTER,
  type DeadLetter,
  WORKER_STATE,
  type WorkerState,
} from "../../src/batch/mod.ts";
import { defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { hashKey, slotOf } from "../../src/core/mod.ts";
import { LineSender, memoryChannel, Packer } from "../../src/line/mod.ts";
import type { Sink } from "../../src/sinks/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { type Resumption, TransportDepartment, type TransportEvent } from "../../src/transport/mod.ts";

const product = z.object({ key: z.string(), value: z.number() });

export interface Product {
  key: string;
  value: number;
}

/** Types in the order of their indexes on a conveyor. */
const TYPES = ["a", "b"] as const;

/** How to open a {@link Yard}. */
export interface YardOptions {
  readonly seed?: number;
  readonly workshops?: number;
  readonly committed?: number;
  readonly lineBatches?: number;
  /** Directory of a store. */
  readonly data?: string;
  readonly handoverMs?: number;
  readonly sinks: Sink | Record<(typeof TYPES)[number], Sink>;
}

/** Transport, with conveyors that the test fills. */
export class Yard {
  readonly clock: VirtualClock;
  readonly department: TransportDepartment;
  readonly events: TransportEvent[] = [];
  readonly senders: LineSender[];
  /** Where the run before ended, once it is open. */
  resumption: Resumption | undefined;
  readonly #packers: Packer[][];
  readonly #opened: Promise<void>;

  constructor({ seed, workshops = 2, committed = 0, lineBatches = 8, data, handoverMs, sinks }: YardOptions) {
    const clock = this.clock = new VirtualClock({ seed });
    const channels = Array.from({ length: workshops }, () => memoryChannel(clock));
    this.senders = channels.map(([near]) => new LineSender(near, clock));
    const codecs = [...TYPES.map((what) => compileCodec(product, { what })), DEAD_LETTER, WORKER_STATE];
    this.#packers = this.senders.map((sender) =>
      codecs.map((codec, type) =>
        new Packer({ writer: codec.writer(), sender, clock, type, batchBytes: Infinity })
      )
    );
    this.department = new TransportDepartment(clock);
    const blueprint = defineBlueprint({
      name: "yard",
      material: product,
      key: ({ key }) => key,
      products: { a: product, b: product },
      workshop: keyed({ hire: () => null, work() {} }),
      sinks,
    });
    const durability = data === undefined ? "none" as const : "exactly-once" as const;
    const config = { settings: { tenant: "t" }, data, durability, lineBatches, handoverMs };
    const conveyors = channels.map(([, far]) => far);
    this.#opened = this.department.prepare(blueprint, config).then((resumption) => {
      this.resumption = resumption;
      const report = (event: TransportEvent) => void this.events.push(event);
      return this.department.open(blueprint, { config, conveyors, committed, report });
    });
  }

  /** Resolves when the sinks are open and the conveyors have credit. */
  async open(): Promise<this> {
    await this.clock.until(this.#opened);
    await this.clock.advance(0);
    return this;
  }

  /** Epochs committed so far. */
  get commits(): number[] {
    return this.events.flatMap((event) => event.kind === "committed" ? [event.epoch] : []);
  }

  /** Sends one batch down a workshop's conveyor. It must have credit. */
  ship(workshop: number, type: (typeof TYPES)[number], epoch: number, products: readonly Product[]): void {
    const packer = this.#packers[workshop][TYPES.indexOf(type)];
    for (const each of products) packer.append(each, each.key, hashKey(each.key));
    if (!packer.flush(epoch)) throw new Error("no credit");
  }

  /** Sends dead letters down a workshop's conveyor. */
  bury(workshop: number, epoch: number, letters: readonly (Partial<DeadLetter> & { key: string })[]): void {
    const packer = this.#packers[workshop][TYPES.length];
    for (const { key, ...letter } of letters) {
      const full = {
        reason: "error",
        error: "odd",
        stack: "",
        attempts: 3,
        material: "{}",
        at: 0,
        ...letter,
      };
      packer.append(full, key, hashKey(key));
    }
    packer.flush(epoch);
  }

  /** Sends states of workers down a workshop's conveyor. */
  remember(
    workshop: number,
    epoch: number,
    states: readonly (Partial<WorkerState> & { key: string })[],
  ): void {
    const packer = this.#packers[workshop][TYPES.length + 1];
    for (const { key, ...state } of states) {
      const hash = hashKey(key);
      const rest = {
        version: 1,
        state: "{}",
        hiredAt: 1,
        renewedAt: 2,
        processed: 3,
        pending: null,
        ...state,
      };
      packer.append({ slot: slotOf(hash), hash, ...rest }, key, hash);
    }
    packer.flush(epoch);
  }

  /** Ends an epoch on a workshop's conveyor. */
  barrier(workshop: number, epoch: number, offsets: Record<string, unknown> = {}): void {
    this.senders[workshop].barrier(epoch, { offsets, settle: false });
  }
}

/** `count` products of a few keys, numbered. */
export function numbered(count: number, { from = 0, keys = 3 } = {}): Product[] {
  return Array.from({ length: count }, (_, i) => ({ key: `key-${(from + i) % keys}`, value: from + i }));
}
