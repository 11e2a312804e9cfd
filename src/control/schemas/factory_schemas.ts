import { z } from "zod";
import { MAX_WORKSHOPS } from "../../core/limits.ts";
import type { FactoryState, FactoryStatus, Summary } from "../../headquarters/mod.ts";
import type { Totals } from "../../operations/mod.ts";

const count = z.int().min(0);

/** Sums since the start. */
export const totals: z.ZodType<Totals> = z.object({
  materials: count.describe("Items admitted, from the source and pushed."),
  products: count.describe("Products delivered; in an inspection, shipped."),
  retries: count.describe("Further attempts after failed turns."),
  deadLetters: count.describe("Items, timers and dismissals that were given up."),
  hired: count.describe("Workers hired."),
  dismissed: count.describe("Workers dismissed."),
  rejected: count.describe("Items that never got to a worker."),
}).meta({ id: "Totals" });

/** The epoch under way and the last committed. */
export const epochs: z.ZodType<{ current: number; committed: number }> = z.object({
  current: count.describe("The epoch that items are admitted to."),
  committed: count.describe("The last committed."),
});

const state: z.ZodType<FactoryState> = z.enum(["opening", "open", "paused", "draining", "closed", "failed"]);

/** What `GET /v1/factory` answers. */
export const factoryStatus: z.ZodType<FactoryStatus> = z.object({
  name: z.string().describe("The blueprint's name."),
  version: z.string().describe("Version of Shopfloor."),
  runtime: z.string().describe("Name and version of the runtime."),
  state: state.describe("From draining on nothing more is admitted."),
  workshops: count,
  uptimeMs: z.number().min(0),
  epoch: epochs,
  totals,
  settings: z.record(z.string(), z.unknown()).describe("What was handed to the blueprint's functions."),
}).meta({ id: "Factory" });

/** What `PATCH /v1/factory` takes. */
export const factoryChange = z.strictObject({
  workshops: z.int().min(1).max(MAX_WORKSHOPS).describe("Serve with so many workshops from now on."),
}).meta({ id: "FactoryChange" });

/** What a checkpoint answers. */
export const checkpoint: z.ZodType<{ epoch: number }> = z.object({
  epoch: count.describe("The epoch that has been committed."),
}).meta({ id: "Checkpoint" });

/** What a drain answers. */
export const summary: z.ZodType<Summary> = z.object({
  name: z.string(),
  materials: count,
  rejected: count,
  products: z.record(z.string(), count).describe("By type."),
  deadLettered: count,
  hired: count,
  dismissed: count,
  seconds: z.number().min(0),
  itemsPerSecond: z.number().min(0),
  epochs: count.describe("Epochs committed."),
  rejections: z.array(z.object({ place: z.string(), reason: z.string() })).describe("The first ones."),
  deadLetters: z.array(z.object({ key: z.string(), reason: z.string(), error: z.string() }))
    .describe("The first ones."),
}).meta({ id: "Summary" });
