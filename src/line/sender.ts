/**
 * The sending end of a line.
 *
 * @module
 */

import { type Clock, ClosedError } from "../core/mod.ts";
import { SPARE_BUFFERS } from "../core/limits.ts";
import type { LineFigures } from "../metrics/mod.ts";
import type { Port } from "./port.ts";
import type { Backward, BarrierMessage, BatchMessage } from "./protocol.ts";

/** What {@link LineSender.send} is told about a batch. */
export interface Parcel {
  type: number;
  epoch: number;
  rows: number;
  /** ms since 1970. */
  at: number;
}

/**
 * Sends batches for as long as it has credit. Starts without any: the receiver's first grant opens the line, so
 * nothing is ever sent to someone who isn't there yet.
 *
 * Invariant: batches in flight never exceed what the receiver granted.
 */
export class LineSender {
  readonly #port: Port;
  readonly #clock: Clock;
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

  constructor(port: Port, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
    port.listen((message) => this.#credited(message as Backward));
  }

  /** Batches that may be sent now. */
  get credit(): number {
    return this.#credit;
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

  /** Sends a batch and uses up one credit; the buffer is gone from here. */
  send(parcel: Parcel, buffer: ArrayBuffer): void {
    if (this.#credit === 0) throw new RangeError("line: sent without credit"); // a bug of ours, never of a user
    this.#credit--;
    const bytes = buffer.byteLength;
    this.#flights.push({ rows: parcel.rows, bytes, sentAt: this.#clock.monotonic() });
    this.#items += parcel.rows;
    this.#bytes += bytes;
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
    this.#port.post(message, [buffer]);
  }

  /** Sends a barrier behind everything sent before. */
  barrier(epoch: number, { offsets, settle }: { offsets: BarrierMessage["offsets"]; settle: boolean }): void {
    const message: BarrierMessage = { kind: "barrier", epoch, offsets, settle };
    this.#port.post(message);
  }

  /** Resolves when there is credit; rejects with {@link ClosedError} when the line closes first. */
  ready(): Promise<void> {
    if (this.#closed) return Promise.reject(new ClosedError("line: closed while waiting for credit"));
    if (this.#credit > 0) return Promise.resolve();
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

  #credited({ batches, buffer }: Backward): void {
    if (this.#closed) return;
    if (this.#sequence === 0) this.#granted += batches; // the grants before the first batch are the capacity
    this.#credit += batches;
    if (buffer && this.#spares.length < SPARE_BUFFERS) this.#spares.push(buffer);
    const landed = this.#credit - (this.#granted - this.#flights.length);
    for (let i = 0; i < landed; i++) this.#land();
    if (this.#ready) {
      this.#blockedMs += this.#clock.monotonic() - this.#blockedSince;
      this.#blockedSince = -1;
      this.#ready.resolve();
      this.#ready = undefined;
    }
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
