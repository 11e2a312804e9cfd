/**
 * What the factory is to reach, besides the comparison with others: which scenarios say so, and what of their
 * results counts.
 *
 * @module
 */

import type { Printed } from "../programs.ts";

/** A program of this folder with its flags. */
export interface Program {
  readonly name: string;
  readonly flags?: Readonly<Record<string, number>>;
}

/** One thing to reach. */
export interface Target {
  readonly says: string;
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number };
  readonly unit: string;
  /** They run one after the other for each measurement. */
  readonly programs: readonly Program[];
  /** The number that counts, of what the programs printed. */
  readonly value: (printed: readonly Printed[]) => number;
}

/** Rounds of the mixer in one item: about 5 µs on the machine that the targets were set on. */
const SPINS = 1_664;

const rate = ({ itemsPerSecond }: Printed) => itemsPerSecond!;
const PACED: Program = { name: "latency", flags: { rate: 5_000, warm: 2, seconds: 6 } };
const HALF: Program = { name: "latency", flags: { share: 0.5, warm: 2, seconds: 6 } };
const CROWD: Program = { name: "million_workers" };
const UNPACED: Program = { name: "unpaced" };
const cpu = (workshops: number): Program => ({
  name: "cpu",
  flags: { workshops, spins: SPINS, warm: 2, seconds: 4 },
});

/** In the order of the table. */
export const TARGETS: readonly Target[] = [
  {
    says: "5 µs of CPU an item, 3 workshops against 1",
    wanted: { atLeast: 2.6 },
    unit: "×",
    programs: [cpu(1), cpu(3)],
    value: ([one, three]) => rate(three) / rate(one),
  },
  {
    says: "5 µs of CPU an item, 2 workshops against a plain loop",
    wanted: { atLeast: 1.8 },
    unit: "×",
    programs: [cpu(2)],
    value: ([printed]) => Number(printed.overPlainLoop),
  },
  {
    says: "5,000 items/s, p50 from bought to shipped",
    wanted: { atMost: 5 },
    unit: "ms",
    programs: [PACED],
    value: ([printed]) => Number(printed.p50Ms),
  },
  {
    says: "5,000 items/s, p99 from bought to shipped",
    wanted: { atMost: 15 },
    unit: "ms",
    programs: [PACED],
    value: ([printed]) => Number(printed.p99Ms),
  },
  {
    says: "half of the maximum, p99 from bought to shipped",
    wanted: { atMost: 50 },
    unit: "ms",
    programs: [HALF],
    value: ([printed]) => Number(printed.p99Ms),
  },
  {
    says: "unpaced, 20 µs an item: last 10 s against the first",
    wanted: { atLeast: 0.95 },
    unit: "×",
    programs: [UNPACED],
    value: ([printed]) => Number(printed.lastOverFirst),
  },
  {
    says: "unpaced, 20 µs an item: resident memory, second half minute against the first",
    wanted: { atMost: 1.1 },
    unit: "×",
    programs: [UNPACED],
    value: ([printed]) => Number(printed.rssSecondOverFirstHalf),
  },
  {
    says: "1,000,000 workers: longest from bought to served while they are hired, renewed, dismissed",
    wanted: { atMost: 50 },
    unit: "ms",
    programs: [CROWD],
    value: ([{ longestMs }]) => Math.max(...Object.values(longestMs as Record<string, number>)),
  },
  {
    says: "1,000,000 workers: resident memory of each",
    wanted: { atMost: 200 },
    unit: "bytes",
    programs: [CROWD],
    value: ([printed]) => Number(printed.bytesPerWorker),
  },
  {
    says: "awaiting 10 ms, 5,000 keys: share of the 500,000/s that the waits allow",
    wanted: { atLeast: 0.8 },
    unit: "",
    programs: [{ name: "async", flags: { warm: 2, seconds: 5 } }],
    value: ([printed]) => Number(printed.share),
  },
  {
    says: "NDJSON to SQLite, against JSON.parse and bulk insert in one thread",
    wanted: { atLeast: 0.7 },
    unit: "×",
    programs: [{ name: "ndjson" }],
    value: ([printed]) => Number(printed.overAlone),
  },
];
