/**
 * Keys to numbers: stable across restarts, runtimes and machines.
 *
 * @module
 */

import { SLOTS } from "./limits.ts";

/**
 * FNV-1a over the UTF-16 code units of `key`, two at a time, finished with MurmurHash3's mixer so that the low bits,
 * which choose the slot, and the high bits, which choose a place in a roster, are both well spread.
 *
 * @returns an unsigned 32-bit integer
 */
export function hashKey(key: string): number {
  const { length } = key;
  let hash = 0x811c9dc5 ^ length;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    hash = Math.imul(hash ^ (key.charCodeAt(i) | (key.charCodeAt(i + 1) << 16)), 0x01000193);
    hash ^= hash >>> 15; // a product carries nothing downwards, and the upper of the two units stands high
  }
  if (i < length) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The slot of a key's hash, in `0 … SLOTS - 1`. */
export function slotOf(hash: number): number {
  return hash & (SLOTS - 1);
}

/** Which workshop serves each slot when there are `workshops` of them: slots are dealt out in turn. */
export function dealSlots(workshops: number): Uint16Array {
  return Uint16Array.from({ length: SLOTS }, (_, slot) => slot % workshops);
}

/** Deals the slots of `table` out to another number of workshops: each gets its share, and as few as possible move. */
export function redealSlots(table: Uint16Array, workshops: number): Uint16Array {
  const dealt = Uint16Array.from(table);
  const counts: number[] = new Array(workshops).fill(0);
  const share = (workshop: number) => Math.floor(SLOTS / workshops) + (workshop < SLOTS % workshops ? 1 : 0);
  const moving: number[] = [];
  for (let slot = 0; slot < SLOTS; slot++) {
    const owner = table[slot];
    if (owner < workshops && counts[owner] < share(owner)) counts[owner]++;
    else moving.push(slot);
  }
  let workshop = 0;
  for (const slot of moving) {
    while (counts[workshop] >= share(workshop)) workshop++;
    dealt[slot] = workshop;
    counts[workshop]++;
  }
  return dealt;
}
