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
  shareOut(dealt, { first: 0, slots: SLOTS, workshops: Array.from({ length: workshops }, (_, id) => id) });
  return dealt;
}

/** Shares a stretch of the slots of `table` out among these workshops, the same to each; as few as possible move. */
export function shareOut(
  table: Uint16Array,
  { first, slots, workshops }: { first: number; slots: number; workshops: readonly number[] },
): void {
  const { length } = workshops;
  const room = new Map(
    workshops.map((id, index) => [id, Math.floor(slots / length) + (index < slots % length ? 1 : 0)]),
  );
  const moving: number[] = [];
  for (let slot = first; slot < first + slots; slot++) {
    const left = room.get(table[slot]) ?? 0;
    if (left > 0) room.set(table[slot], left - 1);
    else moving.push(slot);
  }
  const takers = workshops.flatMap((id) => Array.from({ length: room.get(id)! }, () => id));
  moving.forEach((slot, index) => table[slot] = takers[index]);
}
