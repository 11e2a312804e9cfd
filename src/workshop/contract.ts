/**
 * Contracts: how long each worker stays. Renewing one is a store into an array; those that lapse are found by a
 * timer wheel (Varghese and Lauck 1987), never by a timer of their own.
 *
 * @module
 */

import type { Contract } from "../blueprint/mod.ts";
import { CONTRACT_IDLE_MS } from "../core/limits.ts";

const BUCKETS = 512;
const NOBODY = -1;
/** Room at first. The roster doubles at other sizes, so that no item has to wait for both. */
const SMALLEST = 1_280;
/** Widest bucket: contracts without an end need some width too. */
const LONGEST_TICK_MS = 3_600_000;
/** Stands for the bucket whose visit is under way. */
const VISITED = BUCKETS;

/** Contracts of one workshop, by the worker's place on the roster. */
export class Contracts {
  /** Width of a bucket: contracts end this much late at most. */
  readonly tickMs: number;
  readonly #idleMs: number;
  readonly #ageMs: number;
  #renewed = new Float64Array(SMALLEST);
  /** Nothing is kept here when there is no age limit. */
  #hired = new Float64Array(0);
  #next = new Int32Array(SMALLEST);
  #previous = new Int32Array(SMALLEST);
  #bucket = new Int16Array(SMALLEST);
  readonly #heads = new Int32Array(BUCKETS + 1).fill(NOBODY);
  #tick: number;

  constructor({ idleMs = CONTRACT_IDLE_MS, ageMs = Infinity }: Contract, now: number) {
    this.#idleMs = idleMs;
    this.#ageMs = ageMs;
    if (ageMs < Infinity) this.#hired = new Float64Array(this.#renewed.length);
    this.tickMs = Math.max(1, Math.min(LONGEST_TICK_MS, Math.ceil(Math.min(idleMs, ageMs) / (BUCKETS / 2))));
    this.#tick = Math.floor(now / this.tickMs);
  }

  /** The worker has got something to do: the idle contract starts anew. */
  renew(index: number, now: number): void {
    this.#renewed[index] = now;
  }

  /** A contract for a worker, renewed `now`; the age limit counts from when it was hired. */
  sign(index: number, now: number, hiredAt: number = now): void {
    if (index >= this.#renewed.length) this.#grow(index);
    this.#renewed[index] = now;
    if (this.#ageMs < Infinity) this.#hired[index] = hiredAt;
    this.#insert(index, this.lapsesAt(index));
  }

  /** The worker is gone. */
  end(index: number): void {
    this.#unlink(index);
  }

  renewedAt(index: number): number {
    return this.#renewed[index];
  }

  /** When the contract ends if nothing more comes. */
  lapsesAt(index: number): number {
    return Math.min(this.#renewed[index] + this.#idleMs, this.#agesAt(index));
  }

  /**
   * Visits contracts that have lapsed by `now`, at most about `most` of them. The visitor ends the contract, or
   * returns false to look at it again a tick later.
   *
   * @returns whether it got through; if not, call again soon
   */
  lapse(
    now: number,
    { most, visit }: { most: number; visit: (index: number, reason: "idle" | "age") => boolean },
  ): boolean {
    const last = Math.floor(now / this.tickMs);
    if (last - this.#tick >= BUCKETS) this.#tick = last - BUCKETS + 1; // one round sees them all
    let looked = 0;
    while (true) {
      let index = this.#heads[VISITED];
      while (index !== NOBODY) {
        if (looked++ >= most) return false;
        this.#look(index, { now, visit });
        index = this.#heads[VISITED];
      }
      if (this.#tick > last) return true;
      this.#turnTo(this.#tick++ % BUCKETS);
    }
  }

  /** Someone who may go because the roster is full: the longest idle of those that `may` says of. */
  longestIdle(may: (index: number) => boolean): number {
    for (let step = -1; step < BUCKETS; step++) {
      const bucket = step < 0 ? VISITED : (this.#tick + step) % BUCKETS;
      let index = this.#heads[bucket];
      while (index !== NOBODY) {
        const next = this.#next[index];
        const due = this.#bucketOf(this.lapsesAt(index));
        if (due !== bucket) {
          this.#unlink(index);
          this.#link(index, due);
        } else if (may(index)) return index;
        index = next;
      }
    }
    return NOBODY;
  }

  #look(
    index: number,
    { now, visit }: { now: number; visit: (index: number, reason: "idle" | "age") => boolean },
  ): void {
    const lapsesAt = this.lapsesAt(index);
    if (lapsesAt > now) {
      this.#unlink(index);
      this.#insert(index, lapsesAt);
      return;
    }
    const reason = this.#agesAt(index) <= now ? "age" : "idle";
    if (visit(index, reason)) return;
    this.#unlink(index);
    this.#insert(index, now + this.tickMs);
  }

  #agesAt(index: number): number {
    return this.#ageMs < Infinity ? this.#hired[index] + this.#ageMs : Infinity;
  }

  /** Moves a whole bucket under the visit. */
  #turnTo(bucket: number): void {
    const head = this.#heads[bucket];
    this.#heads[bucket] = NOBODY;
    this.#heads[VISITED] = head;
    for (let index = head; index !== NOBODY; index = this.#next[index]) this.#bucket[index] = VISITED;
  }

  #insert(index: number, at: number): void {
    this.#link(index, this.#bucketOf(at));
  }

  #bucketOf(at: number): number {
    const tick = Math.ceil(at / this.tickMs);
    // Beyond the wheel's round it is looked at once a round.
    return Math.max(this.#tick, Math.min(tick, this.#tick + BUCKETS - 1)) % BUCKETS;
  }

  #link(index: number, bucket: number): void {
    const head = this.#heads[bucket];
    this.#next[index] = head;
    this.#previous[index] = NOBODY;
    if (head !== NOBODY) this.#previous[head] = index;
    this.#heads[bucket] = index;
    this.#bucket[index] = bucket;
  }

  #unlink(index: number): void {
    const next = this.#next[index];
    const previous = this.#previous[index];
    if (previous === NOBODY) this.#heads[this.#bucket[index]] = next;
    else this.#next[previous] = next;
    if (next !== NOBODY) this.#previous[next] = previous;
  }

  #grow(index: number): void {
    const length = Math.max(index + 1, this.#renewed.length * 2);
    this.#renewed = copied(new Float64Array(length), this.#renewed);
    if (this.#ageMs < Infinity) this.#hired = copied(new Float64Array(length), this.#hired);
    this.#next = copied(new Int32Array(length), this.#next);
    this.#previous = copied(new Int32Array(length), this.#previous);
    this.#bucket = copied(new Int16Array(length), this.#bucket);
  }
}

function copied<T extends Float64Array | Int32Array | Int16Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
