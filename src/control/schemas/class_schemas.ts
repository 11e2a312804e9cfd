import { z } from "zod";
import type { ClassReport } from "../../operations/mod.ts";
import { percentilesMs } from "./floor_schemas.ts";

const count = z.int().min(0);
const rate = z.number().min(0);

/** A class of a blueprint with an affinity. */
export const classReport: z.ZodType<ClassReport> = z.object({
  name: z.string(),
  workshops: z.array(count).describe("Ids of the workshops that serve it."),
  shared: z.boolean().describe(
    "Whether one of them serves another class too: then the figures are of all these.",
  ),
  materials: count.describe("Its items bought since procurement started."),
  boughtPerSecond: rate,
  itemsPerSecond: rate.describe("Items handed to workers of its workshops."),
  latencyMs: percentilesMs.describe("From bought to shipped, over the last second."),
  waiting: count.describe("Items bought and not under way: in backlogs, on lines and on belts."),
  inFlight: count.describe("Asynchronous turns under way."),
  backlogBytes: count.describe(
    "Bytes that wait for credit. When one line has 16 MiB of them, procurement waits.",
  ),
}).meta({ id: "Class" });
