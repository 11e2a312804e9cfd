/**
 * The fleet's material, and where it comes from: `settings.keys` devices of ten types in a random order that is
 * always the same, `settings.items` of them (default: without end).
 *
 * @module
 */

import { z } from "zod";
import { generator, type Settings, type Source } from "../../mod.ts";

/** Items that the source hands over at once. */
const CHUNK = 1_024;

/** The ten types. */
export const TYPES: string[] = Array.from({ length: 10 }, (_, index) => `type-${index}`);

/** One item of the fleet. */
export const reading = z.object({ device: z.string(), type: z.string(), at: z.number(), value: z.number() });

/** One item of the fleet. */
export type Reading = z.infer<typeof reading>;

/** Readings for as long as they are wanted. */
export function fleetSource(settings: Settings): Source {
  const keys = Number(settings.keys ?? 5_000);
  const items = Number(settings.items ?? Infinity);
  return generator(function* () {
    const draw = fleetReadings(keys);
    for (let sent = 0; sent < items; sent += CHUNK) yield draw(Math.min(CHUNK, items - sent));
  });
}

/** A function that draws the next so many readings; they all carry the time of the call. */
export function fleetReadings(keys: number): (count: number) => Reading[] {
  const devices = Array.from({ length: keys }, (_, key) => `device-${key}`);
  const random = new Xorshift64();
  return (count) => {
    const at = Date.now();
    const readings: Reading[] = [];
    for (let index = 0; index < count; index++) {
      const key = random.next() % keys;
      readings.push({ device: devices[key], type: TYPES[key % 10], at, value: random.fraction() });
    }
    return readings;
  };
}

/** What the first `items` readings come to for each device: how many there were, and their running mean. */
export function fleetMeans(keys: number, items: number): { counts: Uint32Array; means: Float64Array } {
  const counts = new Uint32Array(keys);
  const means = new Float64Array(keys);
  const random = new Xorshift64();
  for (let item = 0; item < items; item++) {
    const key = random.next() % keys;
    means[key] += (random.fraction() - means[key]) / ++counts[key];
  }
  return { counts, means };
}

/** Marsaglia's xorshift64 (13, 7, 17) on two 32-bit halves. */
class Xorshift64 {
  #high = 0x1;
  #low = 0x48e0a1f3;

  /** Goes on by one; returns 31 of its bits, which both runtimes keep as a small integer. */
  next(): number {
    let high = this.#high;
    let low = this.#low;
    high ^= (high << 13) | (low >>> 19);
    low ^= low << 13;
    low ^= (low >>> 7) | (high << 25);
    high ^= high >>> 7;
    high ^= (high << 17) | (low >>> 15);
    low ^= low << 17;
    this.#high = high;
    this.#low = low;
    return low >>> 1;
  }

  /** The same number in 0 … 1, of 53 of its bits. */
  fraction(): number {
    return ((this.#high >>> 0) * 2_097_152 + (this.#low >>> 11)) / 9_007_199_254_740_992;
  }
}
