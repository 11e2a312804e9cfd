/**
 * Classes of keys: each has a block of slots of its own, and blocks are dealt to workshops whole for as long as
 * there are no more workshops than blocks.
 *
 * @module
 */

import { shareOut } from "./hash.ts";
import { SLOTS } from "./limits.ts";

/** The slots of one class: `first … first + slots - 1`. */
export interface Block {
  /** The class, or `block 3` where classes aren't declared. */
  readonly name: string;
  /** Its first slot. */
  readonly first: number;
  /** How many it has. */
  readonly slots: number;
  /** Its share of the workshops, compared with the other blocks'. */
  readonly weight: number;
}

/** All slots in blocks of the same size, one apart where they don't come out even, in the order of the names. */
export function cutBlocks(names: readonly string[], weights: Readonly<Record<string, number>> = {}): Block[] {
  const start = (index: number) => Math.floor(index * SLOTS / names.length);
  return names.map((name, index) => ({
    name,
    first: start(index),
    slots: start(index + 1) - start(index),
    weight: Object.hasOwn(weights, name) ? weights[name] : 1,
  }));
}

/**
 * The hash of a key, moved into a block: its low bits are the slot, as in every hash, and so everything that asks a
 * hash for its slot gets the class's.
 *
 * @returns an unsigned 32-bit integer
 */
export function placeIn({ first, slots }: Block, hash: number): number {
  return ((hash & ~(SLOTS - 1)) | (first + hash % slots)) >>> 0;
}

/**
 * Which workshop serves each slot when every block keeps to workshops of its own. With more blocks than workshops a
 * workshop serves several whole blocks; otherwise every workshop serves one block, and the weights say how many
 * serve the same. Changing the number by one moves slots to the new workshop, or from the one that goes, and no
 * other.
 *
 * @param table who serves the slots now: as few as possible move. Default: nobody does yet
 */
export function dealBlocks(
  blocks: readonly Block[],
  { workshops, table = NOBODY }: { workshops: number; table?: Uint16Array },
): Uint16Array {
  const dealt = Uint16Array.from(table);
  const staff = workshops > blocks.length
    ? oneBlockEach(blocks, { workshops, table })
    : wholeBlocks(blocks, { workshops, table });
  blocks.forEach((block, index) => shareOut(dealt, { ...block, workshops: staff[index] }));
  return dealt;
}

const NOBODY = new Uint16Array(SLOTS).fill(0xffff);

interface Deal {
  readonly workshops: number;
  readonly table: Uint16Array;
}

/** At most as many workshops as blocks: each block stays with one workshop, that is with its own if that has room. */
function wholeBlocks(blocks: readonly Block[], { workshops, table }: Deal): number[][] {
  const counts = new Array<number>(workshops).fill(0);
  const { length } = blocks;
  const most = (workshop: number) => Math.floor(length / workshops) + (workshop < length % workshops ? 1 : 0);
  const owners = blocks.map((block) => {
    const owner = mainOwner(block, { workshops, table });
    if (owner === undefined || counts[owner] === most(owner)) return undefined;
    counts[owner]++;
    return owner;
  });
  let next = 0;
  return owners.map((owner) => {
    if (owner !== undefined) return [owner];
    while (counts[next] === most(next)) next++;
    counts[next]++;
    return [next];
  });
}

/** More workshops than blocks: each workshop serves one block, its own if that still has a seat for it. */
function oneBlockEach(blocks: readonly Block[], { workshops, table }: Deal): number[][] {
  const seats = apportion(blocks, workshops);
  const wanted = blocks.map((_, index) => seats.filter((seat) => seat === index).length);
  const staff: number[][] = blocks.map(() => []);
  const free: number[] = [];
  for (let workshop = 0; workshop < workshops; workshop++) {
    const block = mainBlock(blocks, { workshop, table });
    if (block !== undefined && staff[block].length < wanted[block]) staff[block].push(workshop);
    else free.push(workshop);
  }
  const taken = staff.map(({ length }) => length);
  for (const block of seats) {
    if (taken[block]-- <= 0) staff[block].push(free.shift()!);
  }
  return staff.map((workshops) => workshops.sort((a, b) => a - b)); // whoever is new takes from all of them
}

/**
 * The block of each workshop, one after the other, by the method of Huntington and Hill: whoever comes next is given
 * to the block with the greatest weight for its workshops, after every block has one. Giving one more never takes
 * any away.
 */
function apportion(blocks: readonly Block[], workshops: number): number[] {
  const counts = blocks.map(() => 0);
  const claim = (index: number) => {
    const count = counts[index];
    if (count >= blocks[index].slots) return -1; // more workshops than slots would have nothing to do
    return blocks[index].weight / Math.sqrt(count * (count + 1));
  };
  return Array.from({ length: workshops }, () => {
    let best = 0;
    for (let index = 1; index < blocks.length; index++) if (claim(index) > claim(best)) best = index;
    counts[best]++;
    return best;
  });
}

/** The workshop that serves most slots of a block, of those that stay. */
function mainOwner({ first, slots }: Block, { workshops, table }: Deal): number | undefined {
  return most(table.subarray(first, first + slots).filter((owner) => owner < workshops));
}

/** The block of which a workshop serves most slots. */
function mainBlock(
  blocks: readonly Block[],
  { workshop, table }: { workshop: number; table: Uint16Array },
): number | undefined {
  return most(
    blocks.flatMap(({ first, slots }, index) =>
      Array.from(table.subarray(first, first + slots).filter((owner) => owner === workshop), () => index)
    ),
  );
}

/** The most frequent of some numbers; of several the first. */
function most(numbers: Iterable<number>): number | undefined {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  let best: number | undefined;
  for (const [number, count] of counts) {
    if (best === undefined || count > counts.get(best)!) best = number;
  }
  return best;
}
