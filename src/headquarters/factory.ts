/**
 * The factory as its caller sees it: what `openFactory` resolves to, and what the control server stands on.
 *
 * @module
 */

import type { Settings } from "../core/mod.ts";
import type { ProductFigures } from "../metrics/mod.ts";
import type { Accounts, Inspection, LineReport, Moment, Totals, WorkshopReport } from "../operations/mod.ts";
import type { WorkerReport } from "../workshop/mod.ts";

export type { WorkerReport };

/** Where a factory is in its life. */
export type FactoryState = "opening" | "open" | "paused" | "draining" | "closed" | "failed";

/** What `GET /v1/factory` answers. */
export interface FactoryStatus {
  /** The blueprint's name. */
  name: string;
  /** Version of Shopfloor, not of the blueprint. */
  version: string;
  /** Name and version, such as `deno 2.9.6` or `bun 1.4.5`. */
  runtime: string;
  /** From `draining` on nothing more is admitted. Why it has `failed`, {@link Factory.finished} tells. */
  state: FactoryState;
  /** How many there are: a number even if the option said `auto`. */
  workshops: number;
  /** Since it began to open, in whole milliseconds. */
  uptimeMs: number;
  /** The epoch that items are admitted to, and the last committed. With a store they count on from run to run. */
  epoch: { current: number; committed: number };
  /** Since it opened; `products` are those that sinks have taken. */
  totals: Totals;
  /** What the option `settings` handed to the blueprint's functions, `{}` if nothing. */
  settings: Settings;
}

/** How long to wait for a {@link FactoryStatus}. */
export interface StatusQuery {
  /**
   * Departments at full load may let a question wait for some ten milliseconds: past so many the answer is what they
   * counted last, if that is less than a second old. Default: wait.
   */
  readonly withinMs?: number;
}

/** What became of pushed items. */
export interface Admission {
  /** Items that are on their way to workers. */
  accepted: number;
  /** Items that don't fit the schema or have no usable key: `index` is their place among the pushed, from 0. */
  rejected: { index: number; errors: string[] }[];
}

/** How to push. */
export interface PushOptions {
  /** Resolve only when the items' epoch is committed. Default false. */
  readonly committed?: boolean;
  /**
   * False: fail with a {@link BusyError} if other pushed items wait for the lines already. Default true, which fails
   * so only if together they would be more than 262,144.
   */
  readonly wait?: boolean;
  /**
   * Longest wait for lines that are full. Then the push fails with a {@link BusyError} whose `fields.admission` is
   * what became of the first items, all up to it; of the others nothing was taken. Default: wait for ever.
   */
  readonly waitMs?: number;
  /**
   * Names the request: a push with a key that was used before takes nothing, and resolves to what became of the
   * first, also after a restart if the factory is durable. At most 255 characters. Keys are remembered for a day.
   */
  readonly idempotencyKey?: string;
  /** Stops waiting: the push rejects with the signal's reason, and may be admitted nevertheless. */
  readonly signal?: AbortSignal;
}

/** Which workers to list. */
export interface RosterQuery {
  /** Only workers of this workshop, from 0. Default: of all. */
  readonly workshop?: number;
  /** Only workers whose key begins with it. Default: all. */
  readonly prefix?: string;
  /** 1 to 1,000; default 100. */
  readonly limit?: number;
  /** From the page before. */
  readonly cursor?: string;
}

/** One page of the roster. */
export interface RosterPage {
  /**
   * In no order of their keys, and without their states. With a prefix there may be few or none though there is a
   * next page.
   */
  workers: WorkerReport[];
  /** Pass it to get the next page; null at the end. */
  cursor: string | null;
}

/** How much of the past, and how finely. */
export interface HistoryQuery {
  /** 1 to 3,600; default 3,600: the last hour. */
  readonly seconds?: number;
  /** Most moments, 1 to 3,600; default 360. Longer stretches are averaged. */
  readonly points?: number;
}

/** Procurement, inspected. */
export interface ProcurementReport {
  /** Name of the source; `push` if the blueprint has none. */
  source: string;
  /** `opening`, `buying`, `paused`, `ended`, `failed` or `closed`. */
  state: string;
  /** Where the source would go on behind the last admitted item, in its own form; null if it has said nothing. */
  offsets: unknown;
  /** Whether {@link Factory.pause} holds up the source and pushes. */
  paused: boolean;
  /** Pace of the source and pushes together, in items per second; null for none. */
  ratePerSecond: number | null;
}

/** An item, timer or farewell that was given up. */
export interface DeadLetterReport {
  /** Counts dead letters in the order of their arrival. */
  id: number;
  /** Key of the worker. */
  key: string;
  /** Why: `error`, `timeout`, `hire`, … */
  reason: string;
  /** What was thrown last. */
  error: string;
  /** Where, if it says so. */
  stack: string | null;
  /** How often it was tried. */
  attempts: number;
  /** When it was given up, ms since 1970. */
  at: number;
  /** The item itself; null for what is none. */
  item: unknown;
}

/** Which dead letters. */
export interface DeadLetterQuery {
  /** 1 to 1,000; default 100. */
  readonly limit?: number;
  /** From the page before. */
  readonly cursor?: string;
}

/** One page of dead letters, the oldest first. */
export interface DeadLetterPage {
  /** Those of the page. */
  deadLetters: DeadLetterReport[];
  /** How many there are in all. */
  total: number;
  /** Pass it to get the next page; null at the end. */
  cursor: string | null;
}

/** A product as it leaves the porter. */
export interface ProductEvent {
  /** Product type, as the blueprint names it. */
  type: string;
  /** Key of the worker that shipped it. */
  key: string;
  /** ms since 1970. */
  at: number;
  /** A copy, with the fields of its schema. */
  product: unknown;
}

/** What a run came to. */
export interface Summary {
  /** The blueprint's name. */
  name: string;
  /** Items admitted, from the source and pushed. */
  materials: number;
  /** Items that never got to a worker: unreadable, or not what the schema wants. */
  rejected: number;
  /** By type. */
  products: Record<string, number>;
  /** Items, timers and dismissals that were given up. */
  deadLettered: number;
  /** Workers hired, those among them that came back to a kept state. */
  hired: number;
  /** Workers dismissed, whatever the reason. */
  dismissed: number;
  /** From the beginning of its opening until the run ended. */
  seconds: number;
  /** `materials` by `seconds`, so that a short run looks slow: opening counts. */
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
  /** The blueprint's name. */
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
  /** What the departments count at this moment; after the end, what they counted last. */
  status(query?: StatusQuery): Promise<FactoryStatus>;
  /** One report a second until the factory closes or the loop is left. */
  inspections(): AsyncIterable<Inspection>;
  /** The latest report, or undefined in the first second. */
  latestInspection(): Inspection | undefined;
  /** The reports of the last hour as points of a chart, the latest last; none before the first report. */
  history(query?: HistoryQuery): Promise<Moment[]>;
  /** What the departments have counted since the factory opened, by reason and with histograms: for monitoring. */
  accounts(): Promise<Accounts>;
  /** Every line, as inspected in the last second; waits for the first inspection. */
  lines(): Promise<LineReport[]>;
  /** Every workshop, as inspected in the last second; waits for the first inspection. */
  workshops(): Promise<WorkshopReport[]>;
  /** A page of the workers that are hired at this moment. */
  workers(query?: RosterQuery): Promise<RosterPage>;
  /** The worker of a key, or undefined if it isn't hired. */
  worker(key: string): Promise<WorkerReport | undefined>;
  /** Dismisses a worker after its belt is empty; false if it isn't hired. */
  dismiss(key: string): Promise<boolean>;
  /** What procurement is at, asked at this moment. */
  procurement(): Promise<ProcurementReport>;
  /** Sets the pace, or null for none. */
  setRate(ratePerSecond: number | null): Promise<void>;
  /** What waits for delivery and what was delivered, for each product type, at this moment. */
  warehouse(): Promise<ProductFigures[]>;
  /** Products as they leave the porter, until the loop is left. A slow loop loses events; the factory waits for none. */
  tap(type: string, options?: { key?: string; signal?: AbortSignal }): AsyncIterable<ProductEvent>;
  /** The departments' state, for `/livez` and `/readyz`: reasons why not, empty if all is well. */
  health(): Promise<{ live: string[]; ready: string[] }>;
  /** Admits nothing more: the source rests and pushes wait. What was admitted goes through and is committed. */
  pause(): Promise<void>;
  /** Admits items again, the waiting pushes too; does nothing unless paused. */
  resume(): Promise<void>;
  /** Commits what has been admitted so far; resolves to the committed epoch. */
  checkpoint(): Promise<number>;
  /**
   * Serves with so many workshops from now on, 1 to 64: whole slots move with their workers, between two epochs.
   * Items wait meanwhile. Resolves when it is done.
   */
  scale(workshops: number): Promise<void>;
  /** A page of the dead letters, the oldest first; of a durable factory those of earlier runs too. */
  deadLetters(query?: DeadLetterQuery): Promise<DeadLetterPage>;
  /**
   * Puts dead letters back through the factory in the order of their arrival: all, or those with these ids.
   * Resolves to how many. Those that stand for no item (a timer's, a farewell's) are left where they are.
   */
  replayDeadLetters(ids?: readonly number[]): Promise<number>;
  /** Forgets dead letters: all, or those with these ids. Resolves to how many. */
  purgeDeadLetters(ids?: readonly number[]): Promise<number>;
  /** Stops buying, finishes what was admitted, delivers, commits, closes. */
  drain(): Promise<Summary>;
  /** Closes at once; what isn't committed is not delivered. Closing twice does nothing. */
  close(): Promise<void>;
}
