/**
 * Fills batches for a line.
 *
 * @module
 */

import type { BatchWriter } from "../batch/mod.ts";
import type { Clock } from "../core/mod.ts";
import { BATCH_ROWS } from "../core/limits.ts";
import type { LineSender } from "./sender.ts";

/** What a packer is made with. */
export interface PackerOptions {
  readonly writer: BatchWriter;
  readonly sender: LineSender;
  readonly clock: Clock;
  /** Index of the product type, 0 for material. */
  readonly type: number;
  readonly batchBytes: number;
}

/** A batch in the making, and the line that it will leave on. */
export class Packer {
  readonly sender: LineSender;
  readonly #writer: BatchWriter;
  readonly #clock: Clock;
  readonly #type: number;
  readonly #batchBytes: number;
  #at = 0;

  constructor({ writer, sender, clock, type, batchBytes }: PackerOptions) {
    this.#writer = writer;
    this.sender = sender;
    this.#clock = clock;
    this.#type = type;
    this.#batchBytes = batchBytes;
  }

  /** Rows that wait. */
  get rows(): number {
    return this.#writer.rows;
  }

  /** Bytes that wait, about. */
  get bytes(): number {
    return this.#writer.bytes;
  }

  /** Whether the batch should leave now. */
  get full(): boolean {
    return this.#writer.rows >= BATCH_ROWS || this.#writer.bytes >= this.#batchBytes;
  }

  /** Adds a row. @throws {ItemError} when it does not fit its schema; nothing is added then */
  append(item: unknown, key: string, hash: number): void {
    this.#writer.append(item, key, hash);
    if (this.#writer.rows === 1) this.#at = this.#clock.now();
  }

  /** Forgets the rows from `rows` on. */
  truncate(rows: number): void {
    this.#writer.truncate(rows);
  }

  /**
   * Sends what waits, if there is any and the line has credit. Returns whether nothing waits any more.
   *
   * @param overdraw without credit, use what the line may be overdrawn by. Default false
   * @param inAdvance without credit, use the next one, because a barrier is to follow. Default false
   */
  flush(epoch: number, { overdraw = false, inAdvance = false } = {}): boolean {
    const { rows } = this.#writer;
    const { sender } = this;
    if (rows === 0) return true;
    const allowed = sender.credit > 0 || (overdraw && sender.overdraft > 0) || (inAdvance && sender.advances);
    if (!allowed) return false;
    const buffer = this.#writer.seal(sender.spare(this.#writer.bytes));
    sender.send({ type: this.#type, epoch, rows, at: this.#at }, buffer, { inAdvance });
    return true;
  }
}
