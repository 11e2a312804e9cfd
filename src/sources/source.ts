/**
 * The source contract: where material comes from. A source is a description; the procurement department opens it
 * and reads chunk after chunk, only as fast as the lines have credit.
 *
 * @module
 */

import type { Clock, Settings } from "../core/mod.ts";

/** What a source is opened with. */
export interface SourceContext {
  /** The settings handed to the factory. */
  readonly settings: Settings;
  /** The offset of the last committed epoch, or `undefined` at the first start. */
  readonly offset: unknown;
  /** The `input` option (`--input`): a path, or `-` for standard input. */
  readonly input: string | undefined;
  /** Aborts when the factory closes; a waiting read must then reject or end. */
  readonly signal: AbortSignal;
  /** The factory's time. */
  readonly clock: Clock;
}

/** An item that could not even be read as one. */
export interface Rejection {
  /** Where it stood, for a person: `line 17 of readings.ndjson`. */
  readonly place: string;
  /** What was found and what was wanted. */
  readonly reason: string;
}

/** Some items in order. */
export interface SourceChunk {
  /** May be empty when there are rejections. */
  readonly items: readonly unknown[];
  /** Items of this stretch that could not be read; they are counted and reported. */
  readonly rejections?: readonly Rejection[];
  /**
   * Plain JSON: reading from here goes on right behind this chunk. Absent when the source can't go back, or can't
   * go back to this very place: the offset of an earlier chunk is then the last one that holds.
   */
  readonly offset?: unknown;
  /** Where the item with this index (in `items`) stood, for error messages. */
  place?(index: number): string;
}

/** An open source. Only one `read` is under way at a time. */
export interface SourceReader {
  /**
   * False when the reader starts at the beginning although a run before it had come further: the input is another
   * one, or one that can't be read again. Nothing that was remembered about its place then holds.
   */
  readonly resumed?: boolean;
  /**
   * The next chunk, at most about 1,024 items, as soon as there is at least one; `undefined` at the end. Rejects
   * with the source's error, after which the source counts as failed.
   */
  read(): Promise<SourceChunk | undefined>;
  /** Everything up to `offset` has been committed: acknowledge it upstream. */
  commit?(offset: unknown): void | Promise<void>;
  /** Lets go of everything; may be called more than once, and while a read waits, which then ends. */
  close(): void | Promise<void>;
}

/** Where material comes from. */
export interface Source {
  /** For people: `ndjson readings.ndjson`. */
  readonly name: string;
  /** False when the source never ends by itself, as `push()`. */
  readonly bounded: boolean;
  /** True when `offset` lets it go on where it was. */
  readonly replayable: boolean;
  /** Called by the procurement department. @throws {SourceError} when it can't be opened */
  open(context: SourceContext): SourceReader | Promise<SourceReader>;
}
