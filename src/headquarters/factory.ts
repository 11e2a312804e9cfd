/**
 * The factory as its caller sees it: what `openFactory` resolves to, and what the control server stands on.
 *
 * @module
 */

import type { Settings } from "../core/mod.ts";
import type { ProductFigures } from "../metrics/mod.ts";
import type { Inspection, LineReport, Totals, WorkshopReport } from "../operations/mod.ts";
import type { WorkerReport } from "../workshop/mod.ts";

export type { WorkerReport };

/** Where a factory is in its life. */
export type FactoryState = "opening" | "open" | "paused" | "draining" | "closed" | "failed";

/** What `GET /v1/factory` answers. */
export interface FactoryStatus {
  name: string;
  version: string;
  runtime: string;
  state: FactoryState;
  workshops: number;
  uptimeMs: number;
  epoch: { current: number; committed: number };
  totals: Totals;
  settings: Settings;
}

/** What became of pushed items. */
export interface Admission {
  accepted: number;
  rejected: { index: number; errors: string[] }[];
}

/** How to push. */
export interface PushOptions {
  /** Resolve only when the items' epoch is committed. Default false. */
  readonly committed?: boolean;
  /** Fail with {@link BusyError} rather than wait when so many items are waiting already. Default: wait. */
  readonly wait?: boolean;
  /**
   * Longest wait for lines that are full. Then the push fails with a {@link BusyError} whose `fields.admission` is
   * what became of the first items, all up to it; of the others nothing was taken. Default: wait for ever.
   */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** Which workers to list. */
export interface RosterQuery {
  readonly workshop?: number;
  readonly prefix?: string;
  /** 1 to 1,000; default 100. */
  readonly limit?: number;
  /** From the page before. */
  readonly cursor?: string;
}

/** One page of the roster. */
export interface RosterPage {
  workers: WorkerReport[];
  /** Pass it to get the next page; null at the end. */
  cursor: string | null;
}

/** Procurement, inspected. */
export interface ProcurementReport {
  source: string;
  state: string;
  offsets: unknown;
  paused: boolean;
  ratePerSecond: number | null;
}

/** A product as it leaves the porter. */
export interface ProductEvent {
  type: string;
  key: string;
  /** ms since 1970. */
  at: number;
  product: unknown;
}

/** What a run came to. */
export interface Summary {
  name: string;
  materials: number;
  rejected: number;
  /** By type. */
  products: Record<string, number>;
  deadLettered: number;
  hired: number;
  dismissed: number;
  seconds: number;
  itemsPerSecond: number;
  /** Epochs committed. */
  epochs: number;
  /** The first rejections, for a person. */
  rejections: { place: string; reason: string }[];
  /** The first dead letters, for a person. */
  deadLetters: { key: string; reason: string; error: string }[];
}

/** An open factory. */
export interface Factory extends AsyncDisposable {
  readonly name: string;
  /** Product types of the blueprint. */
  readonly products: readonly string[];
  /**
   * Resolves when the source has ended and everything is committed, or the factory has drained or closed; rejects
   * when the factory has failed.
   */
  readonly finished: Promise<Summary>;
  /** Hands items to procurement; resolves when they are admitted. */
  push(items: readonly unknown[], options?: PushOptions): Promise<Admission>;
  status(): Promise<FactoryStatus>;
  /** One report a second until the factory closes or the loop is left. */
  inspections(): AsyncIterable<Inspection>;
  /** The latest report, or undefined in the first second. */
  latestInspection(): Inspection | undefined;
  lines(): Promise<LineReport[]>;
  workshops(): Promise<WorkshopReport[]>;
  workers(query?: RosterQuery): Promise<RosterPage>;
  /** The worker of a key, or undefined if it isn't hired. */
  worker(key: string): Promise<WorkerReport | undefined>;
  /** Dismisses a worker after its belt is empty; false if it isn't hired. */
  dismiss(key: string): Promise<boolean>;
  procurement(): Promise<ProcurementReport>;
  /** Sets the pace, or null for none. */
  setRate(ratePerSecond: number | null): Promise<void>;
  warehouse(): Promise<ProductFigures[]>;
  /** Products as they leave the porter, until the loop is left. A slow loop loses events, counted in `lost`. */
  tap(type: string, options?: { key?: string; signal?: AbortSignal }): AsyncIterable<ProductEvent>;
  /** The departments' state, for `/livez` and `/readyz`: reasons why not, empty if all is well. */
  health(): Promise<{ live: string[]; ready: string[] }>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Commits what has been admitted so far; resolves to the committed epoch. */
  checkpoint(): Promise<number>;
  /** Stops buying, finishes what was admitted, delivers, commits, closes. */
  drain(): Promise<Summary>;
  /** Closes at once; what isn't committed is not delivered. Closing twice does nothing. */
  close(): Promise<void>;
}
