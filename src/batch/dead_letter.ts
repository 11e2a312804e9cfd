/**
 * The dead letter: an item that no attempt could process, as a row of its own kind of batch. Its key is the item's.
 *
 * @module
 */

import { z } from "zod";
import { compileCodec } from "./codec.ts";
import type { ItemCodec } from "./batch.ts";

/** What is known about an item that could not be processed. */
export interface DeadLetter {
  /** `error`, `timeout`, `hire`, `timer` or `dismiss`: what failed. */
  reason: string;
  /** The last error's message. */
  error: string;
  stack: string;
  attempts: number;
  /** The item as JSON, or as text that loses nothing where JSON would; `null` for timers and dismissals. */
  material: string;
  /** When it was given up, ms since 1970. */
  at: number;
}

/** The codec of dead letters: the last type on every conveyor. */
export const DEAD_LETTER: ItemCodec = compileCodec(
  z.object({
    reason: z.string(),
    error: z.string(),
    stack: z.string(),
    attempts: z.int(),
    material: z.string(),
    at: z.number(),
  }),
  { what: "dead letter" },
);

/** A value as JSON for a person to read or to replay; what JSON can't carry is described instead. */
export function plainJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    return JSON.stringify(`${String(value)} (${error instanceof Error ? error.message : error})`);
  }
}
