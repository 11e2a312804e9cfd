import type { Delivery, Sink, SinkContext, SinkWriter } from "../../src/sinks/mod.ts";
import { sleep } from "../../src/core/mod.ts";

/** A delivery as a test looks at it. */
export interface Taken {
  readonly type: string;
  readonly epoch: number;
  readonly products: readonly unknown[];
  readonly keys: readonly string[];
  readonly idempotencyKey: string;
}

/** A sink that remembers. */
export class FakeSink implements Sink {
  readonly guarantee = "at-least-once";
  readonly opened: SinkContext[] = [];
  readonly taken: Taken[] = [];
  /** Everything that happened, in order. */
  readonly log: string[] = [];
  closed = 0;
  /** How long a write takes. */
  writeMs = 0;
  /** Called before a delivery is taken; may throw. */
  before: (delivery: Delivery) => void = () => {};
  beforeFlush: () => void = () => {};
  beforeClose: () => void = () => {};

  constructor(readonly name: string = "fake") {}

  /** Products of a type, in the order of their deliveries. */
  products(type: string): unknown[] {
    return this.taken.filter((taken) => taken.type === type).flatMap(({ products }) => products);
  }

  open(context: SinkContext): SinkWriter {
    this.opened.push(context);
    let busy = false;
    return {
      write: async (delivery) => {
        if (busy) throw new Error("two writes at once");
        busy = true;
        try {
          if (this.writeMs > 0) await sleep(context.clock, this.writeMs);
          this.before(delivery);
          const { type, epoch, products, keys, idempotencyKey } = delivery;
          this.taken.push({ type, epoch, products, keys, idempotencyKey });
          this.log.push(`write ${type} ${epoch}`);
        } finally {
          busy = false;
        }
      },
      flush: () => {
        this.beforeFlush();
        this.log.push("flush");
      },
      close: () => {
        this.closed++;
        this.beforeClose();
      },
    };
  }
}
