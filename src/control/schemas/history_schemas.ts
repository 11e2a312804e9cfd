import { z } from "zod";
import { HISTORY_POINTS, INSPECTIONS } from "../../core/limits.ts";
import type { Moment } from "../../operations/mod.ts";
import { percentilesMs } from "./floor_schemas.ts";
import { wholeNumber } from "./whole_number.ts";

const rate = z.number().min(0);

/** The factory over a stretch of time. */
export const moment: z.ZodType<Moment> = z.object({
  at: z.number().describe("The stretch's end, ms since 1970."),
  itemsPerSecond: rate.describe("Materials processed: the mean."),
  productsPerSecond: rate.describe("Products shipped: the mean."),
  latencyMs: percentilesMs.describe(
    "From bought to shipped: the mean median, and the worst 99th percentile.",
  ),
  workers: z.int().min(0).describe("Live workers at the end."),
  memoryBytes: z.int().min(0).describe("Most resident memory."),
  epochMs: z.number().min(0).nullable().describe("Mean time that epochs took; null if none was committed."),
}).meta({ id: "Moment" });

/** How much of the past, and how finely. */
export const historyQuery = z.object({
  seconds: wholeNumber({ min: 1, max: INSPECTIONS }).optional().describe(`Default ${INSPECTIONS}: an hour.`),
  points: wholeNumber({ min: 1, max: INSPECTIONS }).optional()
    .describe(`Most moments, default ${HISTORY_POINTS}; longer stretches are averaged.`),
});
