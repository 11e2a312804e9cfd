import { z } from "zod";
import type { RosterPage, WorkerReport } from "../../headquarters/mod.ts";
import { wholeNumber } from "./whole_number.ts";

const count = z.int().min(0);
const at = z.number().describe("ms since 1970");

/** A worker. */
export const worker: z.ZodType<WorkerReport> = z.object({
  key: z.string(),
  workshop: count,
  slot: count,
  state: z.unknown().optional().describe("Of one worker asked for by its key; pages leave it out."),
  hiredAt: at,
  renewedAt: at,
  lapsesAt: at,
  processed: count,
  belt: count.describe("Items that wait."),
}).meta({ id: "Worker" });

/** A page of the roster. */
export const rosterPage: z.ZodType<RosterPage> = z.object({
  workers: z.array(worker),
  cursor: z.string().nullable().describe("Pass it to get the next page; null at the end."),
}).meta({ id: "RosterPage" });

/** Which workers to list. */
export const rosterQuery = z.object({
  workshop: wholeNumber().optional().describe("Only workers of this workshop, from 0."),
  prefix: z.string().optional().describe("Only workers whose key begins with it."),
  limit: wholeNumber({ min: 1, max: 1_000 }).optional().describe("Default 100."),
  cursor: z.string().optional().describe("From the page before."),
});

/** What dismissing a worker answers. */
export const dismissal: z.ZodType<{ key: string; dismissed: true }> = z.object({
  key: z.string(),
  dismissed: z.literal(true),
}).meta({ id: "Dismissal" });
