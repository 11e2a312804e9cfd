import { z } from "zod";
import { DEAD_LETTERS_PAGE } from "../../core/limits.ts";
import type { DeadLetterPage, DeadLetterReport } from "../../headquarters/mod.ts";
import { wholeNumber } from "./whole_number.ts";

const count = z.int().min(0);

const deadLetter: z.ZodType<DeadLetterReport> = z.object({
  id: count.describe("Counts dead letters in the order of their arrival."),
  key: z.string(),
  reason: z.string().describe("error, timeout, hire, …"),
  error: z.string().describe("What was thrown last."),
  stack: z.string().nullable(),
  attempts: count,
  at: z.number().describe("ms since 1970"),
  item: z.unknown().describe("The item itself; null for what is none."),
}).meta({ id: "DeadLetter" });

/** A page of dead letters. */
export const deadLetterPage: z.ZodType<DeadLetterPage> = z.object({
  deadLetters: z.array(deadLetter).describe("The oldest first."),
  total: count,
  cursor: z.string().nullable().describe("Pass it to get the next page; null at the end."),
}).meta({ id: "DeadLetterPage" });

/** Which dead letters to list. */
export const deadLetterQuery = z.object({
  limit: wholeNumber({ min: 1, max: DEAD_LETTERS_PAGE }).optional().describe("Default 100."),
  cursor: z.string().optional().describe("From the page before."),
});

/** Which to replay. */
export const replayOrder = z.strictObject({
  ids: z.array(count).min(1).max(DEAD_LETTERS_PAGE).optional().describe("Default: all."),
}).meta({ id: "ReplayOrder" });

/** Which to purge. */
export const purgeQuery = z.object({
  ids: z.string().regex(/^\d{1,15}(,\d{1,15})*$/, "must be ids with commas between them")
    .transform((text) => text.split(",").map(Number))
    .pipe(z.array(z.int()).max(DEAD_LETTERS_PAGE))
    .optional().describe("Default: all."),
});

/** How many have been put back. */
export const replayed: z.ZodType<{ replayed: number }> = z.object({ replayed: count }).meta({
  id: "Replayed",
});

/** How many have been forgotten. */
export const purged: z.ZodType<{ purged: number }> = z.object({ purged: count }).meta({ id: "Purged" });
