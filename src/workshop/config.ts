import type { Settings } from "../core/mod.ts";

/** What a workshop is opened with: plain data. */
export interface WorkshopConfig {
  readonly id: number;
  /** Slots that it serves. */
  readonly slots: readonly number[];
  readonly settings: Settings;
  readonly lineBatches: number;
  readonly lingerMs: number;
  readonly batchBytes: number;
  /** Directory of the store, if the factory is durable. */
  readonly data: string | undefined;
  /** The last committed epoch. */
  readonly committed: number;
  /** It rests at first, until it is told to go on: workers are about to move in. */
  readonly resting?: boolean;
}
