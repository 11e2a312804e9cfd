import { z } from "zod";
import type { ProductEvent } from "../../headquarters/mod.ts";
import type { ProductFigures } from "../../metrics/mod.ts";

const count = z.int().min(0);

/** One product type in the warehouse. */
export const productFigures: z.ZodType<ProductFigures> = z.object({
  type: z.string(),
  waiting: count.describe("Shipped, and not yet taken by the sink."),
  waitingBytes: count,
  oldestMs: z.number().min(0).describe("Age of the oldest that waits, 0 if none does."),
  delivered: count,
  lastDeliveryAt: z.number().nullable().describe("ms since 1970"),
  sink: z.string(),
  sinkState: z.enum(["opening", "ok", "retrying", "failed", "closed"]),
  sinkError: z.string().nullable().describe("What the last failed delivery said."),
  deliveryErrors: count,
  sinkTrouble: z.object({
    since: z.number().nullable().describe("ms since 1970; null if there is none."),
    attempts: count.describe("Failed attempts in this trouble."),
    outboxBytes: count.describe("Committed, and waiting for a sink with transactions of its own."),
  }).optional(),
}).meta({ id: "ProductFigures" });

/** A product on its way. */
export const productEvent: z.ZodType<ProductEvent> = z.object({
  type: z.string(),
  key: z.string(),
  at: z.number().describe("ms since 1970"),
  product: z.unknown(),
}).meta({ id: "ProductEvent" });

/** Which products to stream. */
export const tapQuery = z.object({
  key: z.string().min(1).optional().describe("Only products of this worker."),
});
