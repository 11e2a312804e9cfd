import { z } from "zod";
import type { LineReport, WorkshopReport } from "../../operations/mod.ts";

const count = z.int().min(0);
const share = z.number().min(0).describe("A share of the last second, 0 to 1.");

/** Median and 99th percentile, milliseconds. */
export const percentilesMs: z.ZodType<{ p50: number; p99: number }> = z.object({
  p50: z.number().min(0),
  p99: z.number().min(0),
});

/** A line. */
export const line: z.ZodType<LineReport> = z.object({
  workshop: count.describe("The workshop that the line leads to."),
  batches: count.describe("In flight."),
  items: count,
  bytes: count,
  capacityBatches: count.describe("Most batches in flight."),
  oldestMs: z.number().min(0).describe("Age of the oldest batch in flight, 0 if none."),
  backPressure: z.enum(["ok", "low", "high"]),
  blocked: share,
  itemsPerSecond: z.number().min(0),
}).meta({ id: "Line" });

/** A workshop. */
export const workshop: z.ZodType<WorkshopReport> = z.object({
  id: count,
  state: z.enum(["ok", "silent", "failed"]),
  slots: count.describe("How many of the 256 slots that keys hash to it serves."),
  workers: count.describe("Live workers."),
  busy: share,
  itemsPerSecond: z.number().min(0),
  turnMs: percentilesMs,
  restarts: count,
  heapBytes: count,
  belted: count.describe("Items on workers' belts."),
  inFlight: count.describe("Asynchronous turns under way."),
  hotKey: z.object({ key: z.string(), share }).nullable()
    .describe("The key with the most items of late and its share of them; null while too few have come."),
}).meta({ id: "Workshop" });

/** The path of one workshop. */
export const workshopPath = z.object({
  id: z.string().regex(/^\d{1,5}$/, "must be a whole number").transform(Number)
    .meta({ type: "integer", minimum: 0, maximum: 99_999, pattern: undefined }),
});
