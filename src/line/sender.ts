/**
 * The sending end of a line.
 *
 * @module
 */

import { type Clock, ClosedError } from "../core/mod.ts";
import { SPARE_BUFFERS } from "../core/limits.ts";
import type { LineFigures } from "../metrics/mod.ts";
import { Backlog } from "./backlog.ts";
import { Kept } from "./kept.ts";
import type { Port } from "./port.ts";
import type { Backward, BarrierMessage, BatchMessage, CreditMessage, Forward } from "./protocol.ts";

/** What {@link LineSender.send} is told about a batch. */
export interface Parcel {
  type: number;
  epoch: number;
  rows: number;
  /** ms since 1970. */
  at: number;
}

/** How a line sends. */
export interface SenderOptions {
  /** Keep what isn't committed, for a receiver that takes the place of this one. Default false. */
  readonly keep?: boolean;
  /**
   * Bytes that may be sent beyond the credit, and wait here until there is some. Default 0. Not for a line that keeps:
   * its batches must stay in their epochs.
   */
  readonly overdraftBytes?: number;
  /** Told whenever the receiver has taken something. */
  readonly onCredit?: () => void;
}

/**
 * Sends batches for as long as it has credit. Starts without any: the receiver's first grant opens the line, so
 * nothing is ever sent to someone who isn't there yet.
 *
 * A line that keeps can be {@link sever}ed from a receiver that has died and {@link join}ed to another, which gets
 * everything that isn't committed again. In between, and until that has been sent, batches join what is kept: the
 * death of one receiver must not hold up who sends to others too.
 *
 * A line that may be overdrawn takes batches without credit too, as far as its {@link overdraft} goes: they wait in a
 * {@link Backlog}, and whoever sends to others too goes on.
 *
 * Invariant: batches in flight never exceed what the receiver granted by more than the one that a barrier has pushed
 * ahead of itself.
 */
export class LineSender {
  #port: Port;
  readonly #clock: Clock;
  readonly #kept: Kept | undefined;
  readonly #overdraftBytes: number;
  readonly #backlog: Backlog | undefined;
  readonly #onCredit: (() => void) | undefined;
  #severed = false;
  /** Bytes that may join what is kept while it is sent again: half of what has been, so that it comes to an end. */
  #allowance = 0;
  /** This receiver hasn't been sent a batch yet. */
  #fresh = true;
  #stirred = false;
  /** Epoch of the last barrier. */
  #barred = 0;
  #credit = 0;
  #granted = 0;
  #sequence = 0;
  #spares: ArrayBuffer[] = [];
  #flights: Flight[] = [];
  #items = 0;
  #bytes = 0;
  #sentItems = 0;
  #blockedMs = 0;
  #blockedSince = -1;
  #ready: PromiseWithResolvers<void> | undefined;
  #closed = false;

  constructor(port: Port, clock: Clock, { keep = false, overdraftBytes = 0, onCredit }: SenderOptions = {}) {
    this.#port = port;
    this.#clock = clock;
    this.#overdraftBytes = overdraftBytes;
    this.#onCredit = onCredit;
    this.#backlog = overdraftBytes > 0 && !keep ? new Backlog() : undefined;
    this.#kept = keep ? new Kept() : undefined;
    this.#listen();
  }

  /** Batches that may be sent now; below 0 when one has been sent in advance. */
  get credit(): number {
    if (this.#backlog?.empty === false) return 0;
    if (!this.#behind) return this.#credit;
    return this.#severed || this.#allowance > 0 ? 1 : 0;
  }

  /** Whether there is an overdraft at all. */
  get overdrawable(): boolean {
    return this.#backlog !== undefined;
  }

  /** Bytes that may be sent although there is no credit. */
  get overdraft(): number {
    if (this.#backlog === undefined || this.#closed) return 0;
    return Math.max(0, this.#overdraftBytes - this.#backlog.bytes);
  }

  /** Bytes that are kept because they aren't committed, or aren't sent. */
  get keptBytes(): number {
    return this.#kept?.bytes ?? this.#backlog?.bytes ?? 0;
  }

  /** Whether a batch may be sent in advance of the next credit: not to someone who isn't there yet. */
  get advances(): boolean {
    return !this.#closed && this.#backlog === undefined && (this.#granted > 0 || this.#behind);
  }

  /** Whether an epoch has to end before everything is committed, even if nothing more comes. */
  get owing(): boolean {
    return this.#stirred || (this.#backlog?.owing ?? false);
  }

  /** The last epoch of which everything sent is committed, when `committed` is the last that is. */
  covered(committed: number): number {
    return this.#backlog?.covered(committed) ?? committed;
  }

  /** Whether the receiver has nothing left to do. */
  get idle(): boolean {
    return this.#flights.length === 0;
  }

  /**
   * A buffer to fill with about so many bytes, if the receiver has given one back. A few rows don't get a large one:
   * they would hold all of it for as long as they are on their way.
   */
  spare(bytes: number): ArrayBuffer | undefined {
    const last = this.#spares.at(-1);
    return last && last.byteLength <= 4 * bytes ? this.#spares.pop() : undefined;
  }

  /**
   * Sends a batch and uses up one credit, or some of the overdraft; the buffer is gone from here.
   *
   * @param inAdvance without credit, on the next one. Only before a barrier, and never a second. Default false
   */
  send(parcel: Parcel, buffer: ArrayBuffer, { inAdvance = false } = {}): void {
    const overdrawn = this.credit <= 0 && !(inAdvance && this.advances);
    if (overdrawn && this.overdraft === 0) throw new RangeError("line: sent without credit"); // a bug of ours
    this.#sentItems += parcel.rows;
    const message: BatchMessage = {
      kind: "batch",
      type: parcel.type,
      sequence: ++this.#sequence,
      epoch: parcel.epoch,
      rows: parcel.rows,
      at: parcel.at,
      buffer,
    };
    if (overdrawn) return this.#backlog!.add(message);
    if (this.#behind) {
      this.#allowance -= buffer.byteLength;
      return this.#kept!.add(message, { sent: false });
    }
    this.#kept?.add(message, { sent: true });
    this.#post(message);
  }

  /** Sends a barrier behind everything sent before. */
  barrier(
    epoch: number,
    { offsets, settle = false, halt = false, finished = epoch }:
      & Pick<BarrierMessage, "offsets">
      & Partial<BarrierMessage>,
  ): void {
    const message: BarrierMessage = { kind: "barrier", epoch, offsets, settle, halt, finished };
    this.#stirred = false;
    this.#barred = epoch;
    if (this.#backlog?.lets(message) === false) return this.#backlog.add(message);
    const sent = !this.#behind;
    this.#kept?.add(message, { sent });
    if (sent) this.#port.post(message);
  }

  /** Everything up to `epoch` is committed, and need not be kept. */
  committed(epoch: number): void {
    for (const buffer of this.#kept?.forget(epoch) ?? []) this.#save(buffer);
  }

  /** The receiver is gone: whatever it still says isn't heard. Only a line that keeps can be severed. */
  sever(): void {
    if (this.#closed || this.#severed) return;
    this.#severed = true;
    this.#port.close();
    this.#flights = [];
    this.#items =
      this.#bytes =
      this.#credit =
      this.#granted =
        0;
    this.#kept?.rewind();
    this.#open();
  }

  /** Another receiver takes the place of the severed one: it gets everything that isn't committed. */
  join(port: Port): void {
    this.sever();
    if (this.#closed) return port.close();
    this.#port = port;
    this.#severed = false;
    this.#fresh = true;
    this.#allowance = 0;
    this.#listen();
  }

  /** Resolves when there is credit; rejects with {@link ClosedError} when the line closes first. */
  ready(): Promise<void> {
    if (this.#closed) return Promise.reject(new ClosedError("line: closed while waiting for credit"));
    if (this.credit > 0) return Promise.resolve();
    if (this.#ready === undefined) {
      this.#ready = Promise.withResolvers();
      this.#ready.promise.catch(() => {}); // closing with nobody waiting any more is no error
      this.#blockedSince = this.#clock.monotonic();
    }
    return this.#ready.promise;
  }

  figures(): LineFigures {
    const now = this.#clock.monotonic();
    return {
      batches: this.#flights.length,
      items: this.#items,
      bytes: this.#bytes,
      capacityBatches: this.#granted,
      oldestMs: this.#flights.length === 0 ? 0 : now - this.#flights[0].sentAt,
      sentItems: this.#sentItems,
      sentBatches: this.#sequence,
      blockedMs: this.#blockedMs + (this.#blockedSince < 0 ? 0 : now - this.#blockedSince),
      ...(this.#backlog && { backlogItems: this.#backlog.rows, backlogBytes: this.#backlog.bytes }),
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#credit = 0;
    this.#spares = [];
    this.#ready?.reject(new ClosedError("line: closed while waiting for credit"));
    this.#port.close();
  }

  #listen(): void {
    const port = this.#port;
    port.listen((message) => {
      if (port === this.#port) this.#hear(message as Backward);
    });
  }

  #hear(message: Backward): void {
    if (message.kind === "stir") this.#stirred ||= message.behind >= this.#barred;
    else this.#credited(message);
  }

  /** Whether what is sent now has to wait behind what is kept. */
  get #behind(): boolean {
    return this.#severed || this.#kept?.sent === false;
  }

  #post(message: BatchMessage): void {
    this.#credit--;
    const { rows, buffer } = message;
    const bytes = buffer.byteLength;
    this.#flights.push({ rows, bytes, sentAt: this.#clock.monotonic() });
    this.#items += rows;
    this.#bytes += bytes;
    this.#fresh = false;
    this.#port.post(message, [buffer]);
  }

  #credited({ batches, buffer }: CreditMessage): void {
    if (this.#closed || this.#severed) return;
    if (this.#fresh) this.#granted += batches; // the grants before the first batch are the capacity
    this.#credit += batches;
    if (buffer) this.#save(buffer);
    const landed = this.#credit - (this.#granted - this.#flights.length);
    for (let i = 0; i < landed; i++) this.#land();
    this.#catchUp();
    this.#workOff();
    if (this.credit > 0) this.#open();
    this.#onCredit?.();
  }

  /** Sends again what a receiver before this one was sent, as far as there is credit. */
  #catchUp(): void {
    const kept = this.#kept;
    for (let next: Forward | undefined; (next = kept?.next);) {
      if (next.kind === "batch" && this.#credit <= 0) return;
      const message = kept!.take();
      if (message.kind === "batch") {
        this.#allowance += message.buffer.byteLength / 2;
        this.#post(message);
      } else this.#port.post(message);
    }
  }

  /** Sends what waits, as far as there is credit. */
  #workOff(): void {
    const backlog = this.#backlog;
    for (let next: Forward | undefined; (next = backlog?.next);) {
      if (next.kind === "batch" && this.#credit <= 0) return;
      const message = backlog!.take();
      if (message.kind === "batch") this.#post(message);
      else this.#port.post(message);
    }
  }

  /** Whoever waits for credit goes on. */
  #open(): void {
    if (this.#ready === undefined) return;
    this.#blockedMs += this.#clock.monotonic() - this.#blockedSince;
    this.#blockedSince = -1;
    this.#ready.resolve();
    this.#ready = undefined;
  }

  #save(buffer: ArrayBuffer): void {
    if (this.#spares.length < SPARE_BUFFERS) this.#spares.push(buffer);
  }

  #land(): void {
    const flight = this.#flights.shift();
    if (!flight) return;
    this.#items -= flight.rows;
    this.#bytes -= flight.bytes;
  }
}

interface Flight {
  rows: number;
  bytes: number;
  sentAt: number;
}
