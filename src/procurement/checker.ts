/**
 * The checker: looks at pushed items before anybody has to take them, and packs those that fit.
 *
 * @module
 */

import { type BatchWriter, usedBytes } from "../batch/mod.ts";
import { type Clock, hashKey, messageOf } from "../core/mod.ts";
import { BATCH_ROWS, INBOX_ROW_BYTES } from "../core/limits.ts";
import { type Keying, keyOf } from "./key_of.ts";
import type { PushOutcome } from "./push.ts";

/** Items that fit, in one buffer of the material's codec. */
export interface Parcel {
  readonly rows: number;
  readonly buffer: ArrayBuffer;
}

/** Pushed items, checked. */
export interface Goods {
  /** In the order of the items. */
  readonly parcels: readonly Parcel[];
  readonly bytes: number;
  readonly accepted: number;
  readonly rejected: PushOutcome["rejected"];
}

/** Checks one push at a time. */
export class Checker {
  readonly #keying: Keying;
  readonly #clock: Clock;
  readonly #writer: BatchWriter;

  constructor(keying: Keying, clock: Clock) {
    this.#keying = keying;
    this.#clock = clock;
    this.#writer = keying.codec.writer();
  }

  /**
   * Checks items as a router would, and packs them as it found them: schemas that change what they take are not
   * asked twice. Lets others have their turn between two parcels.
   *
   * @param keys Given, the items have been through the schema before, and these are their keys.
   */
  async check(items: readonly unknown[], keys?: readonly string[]): Promise<Goods> {
    const parcels: Parcel[] = [];
    const rejected: PushOutcome["rejected"] = [];
    this.#writer.truncate(0); // left by a check that was broken off
    for (let index = 0; index < items.length; index++) {
      try {
        this.#pack(items[index], keys?.[index]);
      } catch (error) {
        rejected.push({ index, errors: [messageOf(error)] });
      }
      if (this.#writer.rows < BATCH_ROWS && this.#writer.bytes < INBOX_ROW_BYTES) continue;
      parcels.push(this.#seal());
      await new Promise<void>((resolve) => this.#clock.soon(resolve));
    }
    if (this.#writer.rows > 0) parcels.push(this.#seal());
    const bytes = parcels.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    return { parcels, bytes, accepted: items.length - rejected.length, rejected };
  }

  #pack(given: unknown, known: string | undefined): void {
    const { codec, classes } = this.#keying;
    const item = known === undefined && codec.refined ? codec.parse(given) : given;
    const key = known ?? keyOf(item, this.#keying);
    this.#writer.append(item, key, classes ? classes.hash(item, key) : hashKey(key));
  }

  #seal(): Parcel {
    const { rows } = this.#writer;
    const buffer = this.#writer.seal();
    return { rows, buffer: buffer.slice(0, usedBytes(buffer)) };
  }
}
