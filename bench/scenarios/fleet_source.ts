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

/** Readings for as long as they are wanted. */
export function fleetSource(settings: Settings): Source {
  const keys = Number(settings.keys ?? 5_000);
  const items = Number(settings.items ?? Infinity);
  return generator(function* () {
    const devices = Array.from({ length: keys }, (_, key) => `device-${key}`);
    const random = xorshift64();
    for (let sent = 0; sent < items; sent += CHUNK) {
      const at = Date.now();
      const chunk = new Array(Math.min(CHUNK, items - sent));
      for (let index = 0; index < chunk.length; index++) {
        random.next();
        const key = random.low() % keys;
        chunk[index] = { device: devices[key], type: TYPES[key % 10], at, value: random.fraction() };
      }
      yield chunk;
    }
  });
}

/** Marsaglia's xorshift64 (13, 7, 17) on two 32-bit halves. */
export function xorshift64(): { next(): void; low(): number; fraction(): number } {
  let high = 0x1;
  let low = 0x48e0a1f3;
  return {
    next() {
      high ^= (high << 13) | (low >>> 19);
      low ^= low << 13;
      low ^= (low >>> 7) | (high << 25);
      high ^= high >>> 7;
      high ^= (high << 17) | (low >>> 15);
      low ^= low << 17;
    },
    low: () => low >>> 0,
    fraction: () => ((high >>> 0) * 2_097_152 + (low >>> 11)) / 9_007_199_254_740_992,
  };
}
