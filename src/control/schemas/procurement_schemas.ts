import { z } from "zod";
import type { ProcurementReport } from "../../headquarters/mod.ts";

/** Procurement. */
export const procurement: z.ZodType<ProcurementReport> = z.object({
  source: z.string(),
  state: z.string().describe("opening, buying, paused, ended, failed or closed"),
  offsets: z.unknown().describe("Where the source would go on, in its own form."),
  paused: z.boolean(),
  ratePerSecond: z.number().nullable().describe("Items per second; null for no pace."),
}).meta({ id: "Procurement" });

/** What `PATCH /v1/procurement` takes. */
export const procurementChange = z.strictObject({
  ratePerSecond: z.number().positive().max(1e9).nullable().optional()
    .describe("Items per second; null for no pace."),
  paused: z.boolean().optional(),
}).refine((fields) => Object.keys(fields).length > 0, "name ratePerSecond or paused")
  .meta({ id: "ProcurementChange", minProperties: 1 });
