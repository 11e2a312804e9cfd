import { z } from "zod";
import { type Blueprint, defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import type { Factory } from "../../src/headquarters/mod.ts";
import { sleep } from "../../src/core/mod.ts";
import type { Source } from "../../src/sources/mod.ts";
import { inline, type InlineOptions, VirtualClock } from "../../src/testing/mod.ts";
import { FakeSink } from "../transport/fake_sink.ts";

export interface Item {
  key: string;
  value: number;
}

export interface Count extends Item {
  count: number;
}

/** An inline factory that counts the items of each key. */
export interface Counting {
  readonly clock: VirtualClock;
  readonly factory: Factory;
  readonly sink: FakeSink;
  /** What the sink has of one key, or of all. */
  readonly counts: (key?: string) => Count[];
}

/** How to open it. */
export interface CountingOptions extends Omit<InlineOptions, "clock"> {
  readonly source?: Source;
  readonly sink?: FakeSink;
  /** How long a turn takes; synchronous by default. */
  readonly workMs?: number;
}

export async function openCounting(
  { source, sink = new FakeSink(), workMs, seed, ...options }: CountingOptions = {},
): Promise<Counting> {
  const clock = new VirtualClock({ seed });
  const factory = await inline(counting(clock, { source, sink, workMs }), { ...options, seed, clock });
  const counts = (key?: string) =>
    (sink.products("count") as Count[]).filter((count) => key === undefined || count.key === key);
  return { clock, factory, sink, counts };
}

function counting(
  clock: VirtualClock,
  { source, sink, workMs }: { source?: Source; sink: FakeSink; workMs?: number },
): Blueprint {
  return defineBlueprint({
    name: "counting",
    material: z.object({ key: z.string(), value: z.number() }),
    key: ({ key }) => key,
    products: { count: z.object({ key: z.string(), value: z.number(), count: z.int() }) },
    workshop: keyed({
      hire: () => ({ count: 0 }),
      work(worker, { value }, ship) {
        const finish = () => ship("count", { key: worker.key, value, count: ++worker.state.count });
        return workMs === undefined ? finish() : sleep(clock, workMs).then(finish);
      },
    }),
    source,
    sinks: sink,
  });
}

/** `count` items of a few keys, numbered. */
export function items(count: number, { from = 0, keys = 5 } = {}): Item[] {
  return Array.from({ length: count }, (_, i) => ({ key: `key-${(from + i) % keys}`, value: from + i }));
}
