import { z } from "zod";
import { IDEMPOTENCY_KEY_UNITS } from "../../core/limits.ts";
import type { IngestionReport } from "../ingestion.ts";

/** One rejected item. */
const rejection = z.object({
  index: z.int().min(0).describe("Its place in the body, from 0."),
  errors: z.array(z.string()),
}).meta({ id: "Rejection" });

/** What became of a body of materials. */
export const ingestionReport: z.ZodType<IngestionReport> = z.object({
  accepted: z.int().min(0),
  rejected: z.array(rejection).describe("The first of them."),
  rejectedTotal: z.int().min(0).describe("All of them."),
}).meta({ id: "IngestionReport" });

/** Materials: one item, or an array of them. What an item has to be, the blueprint's schema says. */
export const materials = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())])
  .meta({ id: "Materials" });

/** Whether to wait. */
export const materialsQuery = z.object({
  wait: z.literal("commit", 'must be "commit"').optional().describe(
    "Answer only when everything is committed.",
  ),
});

/** The request's own name. */
export const materialsHeader = z.object({
  "idempotency-key": z.string().regex(/^[!-~]+$/, "must be visible ASCII").max(IDEMPOTENCY_KEY_UNITS)
    .optional().describe("Names the request: sending it again with the same name takes nothing twice."),
});

/** Materials, one on each line. */
export const materialsLines = z.string().describe("NDJSON");
