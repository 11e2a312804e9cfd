import { z } from "zod";
import { type Alarm, ALARM_KINDS, type Inspection } from "../../operations/mod.ts";
import { classReport } from "./class_schemas.ts";
import { epochs, totals } from "./factory_schemas.ts";
import { line, percentilesMs, workshop } from "./floor_schemas.ts";
import { productFigures } from "./product_schemas.ts";
import { serviceReport } from "./service_schemas.ts";

const count = z.int().min(0);
const rate = z.number().min(0);
const share = z.number().min(0).describe("A share of the last second, 0 to 1.");

const warehouse: z.ZodType<Inspection["warehouse"]> = z.object({
  items: count,
  bytes: count,
  capacityBytes: count,
  products: z.array(productFigures),
});

const procurement: z.ZodType<Inspection["procurement"]> = z.object({
  source: z.string(),
  state: z.string(),
  offset: z.unknown(),
  ratePerSecond: z.number().nullable(),
  pushWaiting: count.describe("Pushed items that are not admitted yet."),
  busy: share,
});

const alarm: z.ZodType<Alarm> = z.object({
  kind: z.enum(ALARM_KINDS),
  subject: z.string().describe("`workshop 2`, `line 2`, `sink average`, `service scales`, …"),
  since: z.number().describe("ms since 1970"),
  message: z.string(),
}).meta({ id: "Alarm" });

/** The operator's report of one second. */
export const inspection: z.ZodType<Inspection> = z.object({
  at: z.number().describe("ms since 1970"),
  itemsPerSecond: rate.describe("Materials processed."),
  productsPerSecond: rate,
  boughtPerSecond: rate,
  workers: count,
  totals,
  latencyMs: percentilesMs.describe("From bought to shipped, over the last second."),
  lines: z.array(line),
  workshops: z.array(workshop),
  classes: z.array(classReport).optional().describe("Missing unless the blueprint has an affinity."),
  services: z.array(serviceReport).optional().describe("Missing unless the blueprint names services."),
  warehouse,
  procurement,
  transport: z.object({ busy: share }),
  epoch: epochs,
  bottleneck: z.string().nullable().describe(
    "What limits the throughput: `source`, `procurement`, `workshop 2`, `service scales`, `transport`, " +
      "`sink average`; null if nothing does.",
  ),
  advice: z.string().describe("The bottleneck in words, with what to do about it."),
  memoryBytes: count,
  staffing: z.object({ workshops: count, reason: z.string() }).nullable()
    .describe(
      "How many workshops there should be, and why; null if the operator may not change their number.",
    ),
  alarms: z.array(alarm).describe("What is wrong, the longest first."),
}).meta({ id: "Inspection" });
