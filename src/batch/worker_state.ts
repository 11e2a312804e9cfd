/**
 * A worker's state on its way to the store, as a row of its own kind of batch. Its key is the worker's.
 *
 * @module
 */

import { z } from "zod";
import type { ItemCodec } from "./batch.ts";
import { compileCodec } from "./codec.ts";

/** What the store keeps of a worker. */
export interface WorkerState {
  slot: number;
  /** Of the key, unsigned. */
  hash: number;
  /** Of the blueprint's state. */
  version: number;
  /** The state as text; null when it is to be forgotten. */
  state: string | null;
  /** ms since 1970. */
  hiredAt: number;
  /** ms since 1970. */
  renewedAt: number;
  processed: number;
  /** What it still has to do, as text: timers that are set, jobs that are not done; null if there is nothing. */
  pending: string | null;
}

/** The codec of worker states: the last type on every conveyor. */
export const WORKER_STATE: ItemCodec = compileCodec(
  z.object({
    slot: z.int(),
    hash: z.number(),
    version: z.int(),
    state: z.string().nullable(),
    hiredAt: z.number(),
    renewedAt: z.number(),
    processed: z.int(),
    pending: z.string().nullable(),
  }),
  { what: "worker state" },
);
